"""Who would be in two places at once if a roster were published."""

from __future__ import annotations

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from models.store.errors import Clashing
from models.store.plan_tables import Assignment, RosterRecord
from models.store.words import Stage


def clashes(session: Session, roster: RosterRecord) -> list[Clashing]:
    """Return the bookings of a roster that clash with published ones, by date and person.

    Duties, stand-bys and visits of one person clash in the same part of a day, and where their
    times overlap (a night ends on the next day). The published roster of the same area and
    month does not count: publication replaces it.
    """
    own, other = aliased(Assignment), aliased(Assignment)
    together = or_(
        and_(own.date == other.date, own.part == other.part),
        and_(own.starts < other.ends, other.starts < own.ends),
    )
    query = (
        select(own.person, own.date, own.part, other.roster, RosterRecord.area)
        .join(other, and_(other.person == own.person, together))
        .join(RosterRecord, RosterRecord.id == other.roster)
        .where(
            own.roster == roster.id,
            RosterRecord.stage == Stage.PUBLISHED,
            or_(RosterRecord.area != roster.area, RosterRecord.month != roster.month),
        )
        .distinct()
    )
    found = [
        Clashing(person, date, part, roster.id, other_id, area)
        for person, date, part, other_id, area in session.execute(query)
        if person and date and part
    ]
    return sorted(found, key=lambda c: (c.date, c.person, c.part.value, c.other))
