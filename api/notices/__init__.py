"""Notices: the texts that people and groups are told, and the ways by which they go out.

What happened writes a row into the outbox in its own transaction (``models.store.notices.outbox``). From
there ``composing`` makes messages of what is due, and ``sending`` sends them one by one.
"""
