"""What is read: rosters and their rows, by whom, where and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.report import Report
from models.roster import Roster
from models.store.errors import NotFoundError
from models.store.paging import Page, newest_first
from models.store.plan_tables import Assignment, RosterRecord
from models.store.rows import roster_of
from models.store.words import Stage


def rosters(
    session: Session,
    *,
    areas: Collection[str] | None = None,
    month: str | None = None,
    stages: Collection[Stage] | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Page[RosterRecord]:
    """Return records of rosters, newest first; what is none is not asked for."""
    query = select(RosterRecord)
    if areas is not None:
        query = query.where(RosterRecord.area.in_(areas))
    if month is not None:
        query = query.where(RosterRecord.month == month)
    if stages is not None:
        query = query.where(RosterRecord.stage.in_(stages))
    return newest_first(session, query, RosterRecord.id, before, limit)


def roster_record(session: Session, roster_id: int) -> RosterRecord:
    """Return the record of a roster. Raises NotFoundError."""
    found = session.get(RosterRecord, roster_id)
    if found is None:
        raise NotFoundError("排班", roster_id)
    return found


def get_roster(session: Session, roster_id: int) -> Roster:
    """Return a roster with all its rows. Raises NotFoundError."""
    return roster_of(roster_record(session, roster_id), assignments_of(session, roster_id))


def get_report(session: Session, roster_id: int) -> Report:
    """Return what is said about a roster. Raises NotFoundError."""
    return Report.model_validate_json(roster_record(session, roster_id).report)


def published_roster(session: Session, area: str, month: str) -> RosterRecord | None:
    """Return the published roster of an area and month, none if there is none."""
    query = select(RosterRecord).where(
        RosterRecord.area == area,
        RosterRecord.month == month,
        RosterRecord.stage == Stage.PUBLISHED,
    )
    return session.scalars(query).one_or_none()


def assignments_of(session: Session, roster_id: int) -> Sequence[Assignment]:
    """Return the rows of a roster in their order."""
    query = select(Assignment).where(Assignment.roster == roster_id).order_by(Assignment.id)
    return session.scalars(query).all()


def published_assignments(
    session: Session,
    *,
    person: str | None = None,
    site: str | None = None,
    township: str | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> Sequence[Assignment]:
    """Return dated rows of published rosters, by start; what is none is not asked for.

    Parameters
    ----------
    township
        The area in which the site or village lies.
    first, last
        Days on which the duties and visits start, both included.
    """
    asked = {Assignment.person: person, Assignment.site: site, Assignment.township: township}
    query = (
        select(Assignment)
        .join(RosterRecord, RosterRecord.id == Assignment.roster)
        .where(RosterRecord.stage == Stage.PUBLISHED, Assignment.date.is_not(None))
    )
    for column, value in asked.items():
        if value is not None:
            query = query.where(column == value)
    query = _between(query, first, last)
    return session.scalars(query.order_by(Assignment.starts, Assignment.id)).all()


def _between(
    query: Select[Assignment], first: dt.date | None, last: dt.date | None
) -> Select[Assignment]:
    if first is not None:
        query = query.where(Assignment.date >= first)
    return query if last is None else query.where(Assignment.date <= last)
