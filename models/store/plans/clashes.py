"""Double bookings that publishing a roster would cause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import QueryableAttribute, Session, aliased

from models.store.database.errors import Clashing
from models.store.tables.plan_tables import AssignmentRow, RosterRecord
from models.store.tables.words import RosterState
from models.vocabulary import Part

_Row = tuple[str, dt.date, Part, int, str]
"""Person, date and part of a booking, roster and area of the other."""


def clashes(session: Session, roster: RosterRecord) -> list[Clashing]:
    """Return the bookings of a roster that clash with published ones or each other, by date and person.

    Duties, stand-bys and visits of one person clash where their times overlap, whatever parts of
    the day they are printed under, also inside the roster. One person is who has the same key or
    the same licence (``models.county_ids``); he is told by the roster's own id. The published
    roster of the same area and month does not count: publication replaces it.
    """
    rows = {
        row
        for same in (AssignmentRow.who, AssignmentRow.licence)
        for row in _of(session, roster, same)
    }
    found = [
        Clashing(person, date, part, roster.id, other, area)
        for person, date, part, other, area in rows
    ]
    return sorted(found, key=lambda c: (c.date, c.person, c.part.value, c.other))


def _of(
    session: Session, roster: RosterRecord, same: QueryableAttribute[str | None]
) -> Iterator[_Row]:
    """Yield the clashes of those who are the same in one column."""
    own, other = aliased(AssignmentRow), aliased(AssignmentRow)
    together = and_(own.starts < other.ends, other.starts < own.ends)
    inside = and_(other.roster == roster.id, own.id < other.id)
    elsewhere = and_(
        RosterRecord.stage == RosterState.PUBLISHED,
        or_(RosterRecord.area != roster.area, RosterRecord.month != roster.month),
    )
    is_same = getattr(own, same.key) == getattr(other, same.key)
    query = (
        select(own.person, own.date, own.part, other.roster, RosterRecord.area)
        .join(other, and_(is_same, together))
        .join(RosterRecord, RosterRecord.id == other.roster)
        .where(own.roster == roster.id, or_(inside, elsewhere))
        .distinct()
    )
    for person, date, part, other_id, area in session.execute(query):
        if person and date and part:
            yield person, date, part, other_id, area
