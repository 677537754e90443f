"""Locks that make one transaction wait for another."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from models.store.database.errors import NotFoundError, StaleError
from models.store.tables.plan_tables import RosterRecord

_PUBLISHING = 0x7A68_7062  # "zhpb"
_SENDING = 0x7A68_7364  # "zhsd"


def hold_publishing(session: Session) -> None:
    """Let one transaction at a time publish or withdraw, over all areas."""
    _hold(session, _PUBLISHING)


def hold_sending(session: Session) -> None:
    """Let one transaction at a time take notices and messages from the outbox, over all servers."""
    _hold(session, _SENDING)


def _hold(session: Session, key: int) -> None:
    """Wait for a key. SQLite has one writer anyway: its transactions begin with BEGIN IMMEDIATE."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def hold_roster(session: Session, roster_id: int, version: int | None) -> RosterRecord:
    """Return the current roster, locked until this transaction ends.

    Raises
    ------
    NotFoundError
        There is no such roster.
    StaleError
        It is not at ``version``; none means any.
    """
    found = session.get(RosterRecord, roster_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFoundError("no_roster", roster_id)
    if version is not None and found.version != version:
        raise StaleError(version, found.version)
    return found
