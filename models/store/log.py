"""The log: one entry for every write action."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.store.clock import now
from models.store.log_table import LogEntry
from models.store.paging import Page, newest_first


def record(
    session: Session,
    action: str,
    target: str,
    *,
    by: str,
    why: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add an entry in the transaction of the action itself.

    Parameters
    ----------
    action
        A stable word, such as ``publish``.
    target
        Kind and id, such as ``roster:7``.
    before, after
        What changed; ids alone, never a phone or licence number.
    """
    entry = LogEntry(
        at=now(), by=by, action=action, target=target, why=why, before=before, after=after
    )
    session.add(entry)


def log_of(
    session: Session, target: str | None = None, *, before: int | None = None, limit: int = 50
) -> Page[LogEntry]:
    """Return entries about ``target`` (everything if none), newest first."""
    query = select(LogEntry)
    if target is not None:
        query = query.where(LogEntry.target == target)
    return newest_first(session, query, LogEntry.id, before, limit)
