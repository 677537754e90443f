"""The store: instances, rosters, feeds, accounts, and a log that cannot be rewritten.

SQLite in one data folder, or PostgreSQL by URL. One module per idea: ``store`` opens and gives
sessions, the ``*_tables`` say what is kept, every other module is a few actions on a session.
"""
