"""The log: one entry for every write action."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, literal, not_, or_, select
from sqlalchemy.orm import Session

from models.store.database.clock import now
from models.store.database.paging import Page, newest_first
from models.store.tables.access_tables import User
from models.store.tables.log_table import LogEntry
from models.store.tables.plan_tables import InstanceDocument, JobRow, RosterRecord


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


def log_inside(
    session: Session,
    areas: Collection[str],
    *,
    subject: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Page[LogEntry]:
    """Return entries about what lies in some areas, newest first.

    That is their data, rosters, jobs and users; of what the store knows no area, such as links
    to calendars, what users of these areas did.

    Parameters
    ----------
    subject
        ``roster:7`` for one thing, ``roster`` for all of a kind.
    """
    placed = {
        "roster": (RosterRecord.id, RosterRecord.area),
        "job": (JobRow.id, JobRow.area),
        "user": (User.name, User.area),
        "instance": (InstanceDocument.hash, InstanceDocument.area),
    }
    theirs = select(User.name).where(User.area.in_(areas))
    is_placed = or_(*(_is_of(kind) for kind in ("area", *placed)))
    query = select(LogEntry).where(
        or_(
            LogEntry.target.in_([f"area:{area}" for area in areas]),
            *(
                LogEntry.target.in_(
                    select(literal(f"{kind}:") + cast(key, String)).where(area.in_(areas))
                )
                for kind, (key, area) in placed.items()
            ),
            and_(not_(is_placed), LogEntry.by.in_(theirs)),
        )
    )
    if subject is not None:
        one = LogEntry.target == subject
        query = query.where(one if ":" in subject else _is_of(subject))
    return newest_first(session, query, LogEntry.id, before, limit)


def _is_of(kind: str) -> ColumnElement[bool]:
    return LogEntry.target.startswith(f"{kind}:", autoescape=True)


def log_of(
    session: Session, target: str | None = None, *, before: int | None = None, limit: int = 50
) -> Page[LogEntry]:
    """Return entries about ``target`` (everything if none), newest first."""
    query = select(LogEntry)
    if target is not None:
        query = query.where(LogEntry.target == target)
    return newest_first(session, query, LogEntry.id, before, limit)
