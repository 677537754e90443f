"""Queries of rosters and their rows by person, place and time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Select, and_, false, or_, select
from sqlalchemy.orm import Session

from models.county_ids import Marks
from models.report import Report
from models.roster import Roster
from models.store.database.errors import NotFoundError
from models.store.database.paging import Page, newest_first
from models.store.plans.roster_rows import roster_of
from models.store.tables.plan_tables import AssignmentRow, RosterRecord
from models.store.tables.words import RosterState


def rosters(
    session: Session,
    *,
    areas: Collection[str] | None = None,
    month: str | None = None,
    stages: Collection[RosterState] | None = None,
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
        raise NotFoundError("no_roster", roster_id)
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
        RosterRecord.stage == RosterState.PUBLISHED,
    )
    return session.scalars(query).one_or_none()


def rosters_waiting(session: Session) -> list[int]:
    """Return the published rosters in which slots wait for firms to name somebody, oldest first."""
    query = (
        select(RosterRecord.id)
        .join(AssignmentRow, AssignmentRow.roster == RosterRecord.id)
        .where(RosterRecord.stage == RosterState.PUBLISHED, AssignmentRow.firm.is_not(None))
    )
    return list(session.scalars(query.distinct().order_by(RosterRecord.id)))


def published_months(session: Session, area: str) -> Sequence[str]:
    """Return the months (``YYYY-MM``) for which an area has a published roster, newest first."""
    query = select(RosterRecord.month).where(
        RosterRecord.area == area, RosterRecord.stage == RosterState.PUBLISHED
    )
    return session.scalars(query.order_by(RosterRecord.month.desc())).all()


class Asked(NamedTuple):
    """Which rows are asked for: those that meet every condition given.

    ``person`` is an id in the roster's data, ``marks`` tell who it is over all offices. ``areas``
    are those in which the site or village lies. With days only dated rows are meant: duties and
    visits that start from ``first`` to ``last``, both included; with ``other_than`` those that other
    areas have published.
    """

    person: str | None = None
    marks: Marks | None = None
    site: str | None = None
    areas: Collection[str] | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    other_than: str | None = None


EVERY = Asked()
"""Every row."""


def get_rows(session: Session, roster_id: int, asked: Asked) -> Roster:
    """Return a roster with the rows that are asked for. Raises NotFoundError."""
    record = roster_record(session, roster_id)
    return roster_of(record, assignments_of(session, roster_id, asked))


def assignments_of(
    session: Session, roster_id: int, asked: Asked = EVERY
) -> Sequence[AssignmentRow]:
    """Return rows of a roster in their order."""
    query = _narrowed(select(AssignmentRow).where(AssignmentRow.roster == roster_id), asked)
    return session.scalars(query.order_by(AssignmentRow.id)).all()


def published_assignments(
    session: Session,
    asked: Asked,
    *,
    after: tuple[dt.datetime, int] | None = None,
    limit: int | None = None,
) -> Sequence[AssignmentRow]:
    """Return dated rows of published rosters by start and id, those after one, at most ``limit``."""
    query = (
        select(AssignmentRow)
        .join(RosterRecord, RosterRecord.id == AssignmentRow.roster)
        .where(RosterRecord.stage == RosterState.PUBLISHED, AssignmentRow.date.is_not(None))
    )
    if after is not None:
        start, row = after
        is_later = and_(AssignmentRow.starts == start, AssignmentRow.id > row)
        query = query.where(or_(AssignmentRow.starts > start, is_later))
    if asked.other_than is not None:
        query = query.where(RosterRecord.area != asked.other_than)
    ordered = _narrowed(query, asked).order_by(AssignmentRow.starts, AssignmentRow.id)
    return session.scalars(ordered.limit(limit)).all()


def _narrowed(query: Select[AssignmentRow], asked: Asked) -> Select[AssignmentRow]:
    conditions = {
        AssignmentRow.person: asked.person,
        AssignmentRow.site: asked.site,
    }
    for column, value in conditions.items():
        if value is not None:
            query = query.where(column == value)
    if asked.marks is not None:
        who, licence = asked.marks
        is_licensed = AssignmentRow.licence == licence if licence else false()
        query = query.where(or_(AssignmentRow.who == who, is_licensed))
    if asked.areas is not None:
        query = query.where(AssignmentRow.township.in_(asked.areas))
    if asked.first is not None:
        query = query.where(AssignmentRow.date >= asked.first)
    return query if asked.last is None else query.where(AssignmentRow.date <= asked.last)
