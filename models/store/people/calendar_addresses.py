"""The addresses of people's own calendars: kept, read again when due, forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from models.issues import Issue
from models.store.database.clock import now
from models.store.database.log import record
from models.store.tables.request_tables import BusyCalendar


def keep_busy_calendar(session: Session, found: BusyCalendar, *, by: str) -> None:
    """Read a person's calendar from an address from now on; it has been read just now.

    The log names the host alone.
    """
    found.created_at = found.read_at = now()
    found.created_by, found.failed = by, None
    session.merge(found)
    session.flush()
    record(session, "keep_busy_calendar", _target(found.person), by=by, after={"host": found.host})


def busy_calendar(session: Session, owner: str, person: str) -> BusyCalendar | None:
    """Return a person's calendar with its address, none if none is kept."""
    return session.get(BusyCalendar, (owner, person), options=[undefer(BusyCalendar.address)])


def busy_calendars_read_before(session: Session, at: dt.datetime) -> list[BusyCalendar]:
    """Return the calendars last read before ``at``, by area and person, with their addresses."""
    query = select(BusyCalendar).where(BusyCalendar.read_at < at)
    order = query.order_by(BusyCalendar.owner, BusyCalendar.person)
    return list(session.scalars(order.options(undefer(BusyCalendar.address))))


def note_reading(
    session: Session,
    owner: str,
    person: str,
    failed: str | None,
    *,
    skipped: int = 0,
    issues: Collection[Issue] = (),
) -> None:
    """Say that a calendar was read just now.

    Parameters
    ----------
    failed
        The code of its issue, none if it was well; what was skipped before is then still known.
    skipped, issues
        Events that could not be read, and those of them that may matter.
    """
    found = session.get(BusyCalendar, (owner, person))
    if found is None:
        return
    found.read_at, found.failed = now(), failed
    if failed is None:
        found.skipped = skipped
        found.told = {"issues": [issue.model_dump(mode="json") for issue in issues]}


def issues_told(found: BusyCalendar) -> tuple[Issue, ...]:
    """Return the issues of the events that the last reading skipped."""
    return tuple(Issue.model_validate(issue) for issue in found.told.get("issues", ()))


def forget_busy_calendar(session: Session, owner: str, person: str, *, by: str) -> bool:
    """Forget a person's address and return whether there was one."""
    own = (BusyCalendar.owner == owner, BusyCalendar.person == person)
    query = delete(BusyCalendar).where(*own).returning(BusyCalendar.person)
    if session.scalars(query).one_or_none() is None:
        return False
    record(session, "forget_busy_calendar", _target(person), by=by)
    return True


def _target(person: str) -> str:
    return f"person:{person}"
