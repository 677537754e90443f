"""The log: one entry for every write action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, and_, cast, literal, not_, or_, select
from sqlalchemy.orm import Session

from models.calendar import ZONE
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


class LogAsked(NamedTuple):
    """Which entries are asked for; what is none is not asked for.

    ``subject`` is ``roster:7`` for one thing, ``roster`` for all of a kind; ``by`` a user; ``first``
    and ``last`` are days in China, both included.
    """

    subject: str | None = None
    by: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None


EVERYTHING = LogAsked()
"""Every entry."""


def log_inside(
    session: Session,
    areas: Collection[str],
    asked: LogAsked = EVERYTHING,
    before: int | None = None,
    limit: int = 50,
) -> Page[LogEntry]:
    """Return entries about what lies in some areas, newest first.

    That is their data, rosters, jobs and users; of what the store knows no area, such as links
    to calendars, what users of these areas did.
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
    if asked.subject is not None:
        one = LogEntry.target == asked.subject
        query = query.where(one if ":" in asked.subject else _is_of(asked.subject))
    if asked.by is not None:
        query = query.where(LogEntry.by == asked.by)
    if asked.first is not None:
        query = query.where(LogEntry.at >= dt.datetime.combine(asked.first, dt.time(), ZONE))
    if asked.last is not None:
        end = dt.datetime.combine(asked.last, dt.time(), ZONE) + dt.timedelta(days=1)
        query = query.where(LogEntry.at < end)
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
