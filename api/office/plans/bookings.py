"""Published duties and visits, as somebody may see them: of a person, a site, a township, an area."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from pydantic import BaseModel

from api.access.action_places import Place
from api.access.actions import Action
from api.access.policy import Decision, check, decide
from api.access.roles import Actor
from api.office.areas import Areas
from api.office.context import Service
from models.county_ids import person_marks
from models.store.plans.roster_queries import Asked, published_assignments, roster_record
from models.store.tables.plan_tables import AssignmentRow, RosterRecord
from models.store.tables.words import AssignmentKind
from models.vocabulary import Part

After = tuple[dt.datetime, int]
"""Start and id of the row after which a page begins."""


class Booking(BaseModel):
    """One duty or visit. Of a person shared with others only when, not where and what."""

    kind: AssignmentKind | None
    person: str | None
    date: dt.date
    part: Part
    starts: dt.datetime | None
    ends: dt.datetime | None
    target: str | None
    site: str | None
    standby: bool | None
    lecture: bool | None


class BookingsAsked(NamedTuple):
    """BookingsAsked bookings are asked for, by ids of the area's data; without any, the whole area's."""

    area: str
    person: str | None = None
    site: str | None = None
    township: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all of the area is meant."""
        return not (self.person or self.site or self.township)

    def place(self, areas: Areas) -> Place | None:
        """Return where what is asked about lies; none for what the area's data do not know."""
        data = areas.data(self.area)
        if data is None or (self.site and self.site not in data.instance.site_by_id):
            return None
        if self.person is not None:
            return areas.place_of_person(self.area, self.person)
        if self.site is not None:
            return Place.of_area(data.instance, data.instance.site_by_id[self.site].area)
        code = self.township or self.area
        return Place.of_area(data.instance, code) if code in data.instance.area_by_id else None

    def rows(self, areas: Areas, first: dt.date, last: dt.date) -> Asked:
        """Return which rows are meant; other counties may use the same ids for others."""
        data = areas.data(self.area)
        marks = person_marks(data.instance, self.person) if data and self.person else None
        inside: frozenset[str] | None = None
        if data and self.site:
            inside = frozenset({data.instance.site_by_id[self.site].area})
        elif self.township is not None or self.person is None:
            inside = areas.inside(self.township or self.area)
        return Asked(marks=marks, site=self.site, areas=inside, first=first, last=last)


def published_bookings(
    service: Service,
    actor: Actor,
    whose: BookingsAsked,
    days: tuple[dt.date, dt.date],
    after: After | None,
    limit: int,
) -> tuple[list[Booking], After | None]:
    """Return the bookings of some days that the actor may see, by start, and where the next page begins.

    A page may hold fewer than ``limit``, where rows of others lie between.

    Raises
    ------
    DeniedError
        See ``check``.
    """
    decision = check(actor, Action.READ_PUBLISHED, whose.place(service.areas))
    asked = whose.rows(service.areas, *days)
    with service.store.read() as session:
        rows = published_assignments(session, asked, after=after, limit=limit + 1)
        found = [(row, roster_record(session, row.roster)) for row in rows[:limit]]
    data = service.areas.data(whose.area)
    home = data.area if data else None
    shown = [
        # what others publish of somebody shared is decided anew
        _shown(service, actor, whose, row, roster, decision if roster.area == home else None)
        for row, roster in found
    ]
    end = rows[limit - 1] if len(rows) > limit else None
    key = (end.starts, end.id) if end and end.starts else None
    return [booking for booking in shown if booking is not None], key


def _shown(
    service: Service,
    actor: Actor,
    whose: BookingsAsked,
    row: AssignmentRow,
    roster: RosterRecord,
    decision: Decision | None,
) -> Booking | None:
    """Return a published row as the actor may see it, none if not at all."""
    place = _place_of_row(service, roster, row)
    if whose.is_whole and not place.is_inside(whose.area):
        return None
    is_allowed = (decision or decide(actor, Action.READ_PUBLISHED, place)) is Decision.ALLOW
    if not is_allowed and whose.person is None:
        return None
    return _booking(row, is_busy_only=not is_allowed)


def _place_of_row(service: Service, roster: RosterRecord, row: AssignmentRow) -> Place:
    """Return where a published row lies, by the data that it was planned with."""
    instance = service.areas.instance(roster.instance)
    area = row.township or roster.area
    if row.person in instance.person_by_id:
        return Place.of_person(instance, row.person, area)
    return Place.of_area(instance, area)


def _booking(row: AssignmentRow, *, is_busy_only: bool) -> Booking:
    assert row.date is not None
    assert row.part is not None
    when = {"date": row.date, "part": row.part, "starts": row.starts, "ends": row.ends}
    if is_busy_only:
        blank = dict.fromkeys(("kind", "target", "site", "standby", "lecture"))
        return Booking(person=row.person, **when, **blank)
    return Booking(
        kind=row.kind,
        person=row.person,
        target=row.target,
        site=row.site,
        standby=row.standby,
        lecture=row.lecture,
        **when,
    )
