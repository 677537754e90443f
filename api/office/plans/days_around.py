"""What published rosters hold around a month, and other offices' in it, for the solve of that month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Session

from models.calendar import ZONE, month_days
from models.county_ids import person_marks
from models.instance import Instance
from models.people import HeldAround, Leave
from models.store.plans.roster_queries import Asked, published_assignments
from models.store.tables.plan_tables import AssignmentRow
from models.store.tables.words import AssignmentKind
from models.store.year.month_records import is_closed
from models.vocabulary import LeaveKind, Mode, PinKind

WEEK = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)


def with_days_around(session: Session, instance: Instance, area: str, month: str) -> Instance:
    """Return the instance with what its people hold, as published, in the weeks around a month.

    Rosters of every office count, since people may serve several. What the instance itself says of
    a person's day, in 上月末安排 or by a pin, goes before what was published for it. What others than
    ``area`` publish for the month itself becomes 其他占用 (busy): when, not what and for whom.
    """
    instance = _with_busy(session, instance, area, month)
    days = month_days(month)
    said = {(row.person, row.date) for row in instance.held_around}
    said |= {(pin.person, pin.date) for pin in instance.pins if pin.person and pin.date}
    found = [
        row
        for first, last in ((days[0] - WEEK, days[0] - DAY), (days[-1] + DAY, days[-1] + WEEK))
        for row in _held(session, instance, _asked(session, area, first, last))
        if (row.person, row.date) not in said
    ]
    if not found:
        return instance
    rows = (*instance.held_around, *dict.fromkeys(found))
    return instance.model_copy(update={"held_around": rows})


def _asked(session: Session, area: str, first: dt.date, last: dt.date) -> Asked:
    """Ask for what was published for some days; of a closed month the data know what was held."""
    is_settled = is_closed(session, area, f"{first:%Y-%m}")
    return Asked(first=first, last=last, other_than=area if is_settled else None)


def _with_busy(session: Session, instance: Instance, area: str, month: str) -> Instance:
    """Return the instance with the times at which other offices have published its people."""
    days = month_days(month)
    pinned = {(pin.person, pin.date) for pin in instance.pins}
    known = set(instance.leave)
    busy: dict[Leave, None] = {}
    for whose, row, (start, end) in _published(
        session, instance, Asked(first=days[0], last=days[-1], other_than=area)
    ):
        span = {"first": row.date, "last": row.date, "start": start, "end": end}
        if (whose, row.date) not in pinned:
            busy[Leave(person=whose, kind=LeaveKind.BUSY, **span)] = None
    found = [row for row in busy if row not in known]
    if not found:
        return instance
    return instance.model_copy(update={"leave": (*instance.leave, *found)})


def _held(session: Session, instance: Instance, asked: Asked) -> Iterator[HeldAround]:
    """Yield the published duties, standbys and visits of the instance's people."""
    for whose, row, (start, end) in _published(session, instance, asked):
        kind, place = _kind(row), _place(instance, row)
        assert row.date is not None
        yield HeldAround(person=whose, date=row.date, start=start, end=end, kind=kind, place=place)


def _published(
    session: Session, instance: Instance, asked: Asked
) -> Iterator[tuple[str, AssignmentRow, tuple[str, str]]]:
    """Yield the person, row and hours of what is published of the instance's people."""
    of_mark: dict[str | None, str] = {}
    for person in instance.people:
        of_mark |= {mark: person.id for mark in person_marks(instance, person.id) if mark}
    for row in published_assignments(session, asked):
        whose = of_mark.get(row.who) or of_mark.get(row.licence)
        if whose is not None and row.date and row.starts and row.ends:
            start, end = (f"{at.astimezone(ZONE):%H:%M}" for at in (row.starts, row.ends))
            yield whose, row, (start, end)


def _kind(row: AssignmentRow) -> PinKind:
    if row.kind is AssignmentKind.VISIT:
        return PinKind.VISIT
    return PinKind.STANDBY if row.standby else PinKind.DUTY


def _place(instance: Instance, row: AssignmentRow) -> str | None:
    """Return the place of a row, as far as the instance knows it and somebody goes there."""
    if row.kind is AssignmentKind.VISIT:
        return row.target if row.target in instance.village_by_id else None
    post = instance.post_by_id.get(row.target)
    is_there = row.site in instance.site_by_id and (post is None or post.mode is Mode.ONSITE)
    return row.site if is_there else None
