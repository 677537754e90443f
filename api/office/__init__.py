"""What an office does: actions on the store, called by routes, pages and commands alike.

They take the running service or a session, raise errors of the domain and know no HTTP.
``api.actions`` below works on instances and files and knows no store: commands and jobs call it.
"""
