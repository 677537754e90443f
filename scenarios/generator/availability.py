"""Leave, wishes and conflicts of interest of made-up people.

Ranges (domain notes, e): leave 3–8 % of half days, court dates of lawyers 2–8 half days a
month, conflicts 0.5–3 % of person–village pairs once the whole firm is counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np

from models.calendar import Calendar
from models.people import Conflict, Leave, Person, Wish
from models.places import Village
from models.vocabulary import Attitude, LeaveKind, Part, PersonKind
from scenarios.generator.commission import Commission
from scenarios.generator.draws import pick

_PARTS = (Part.AM, Part.PM)
_LEAVE_KINDS = {LeaveKind.LEAVE: 6, LeaveKind.TRAINING: 3, LeaveKind.BUSY: 1}
_CONFLICT_SHARE = 0.004
_WISH_SHARE = 0.25


def make_leave(commission: Commission, people: list[Person]) -> list[Leave]:
    """Make leave for all on duty lists, and court dates for the lawyers among them."""
    rng = commission.rng("leave")
    days = Calendar().workdays(commission.month)
    rows: list[Leave] = []
    for person in (p for p in people if p.is_duty or p.is_adviser):
        absent = list(_absences(rng, person.id, days))
        rows += absent
        if person.kind is PersonKind.LAWYER:
            rows += _court_dates(rng, person.id, days, absent)
    return rows


def make_wishes(commission: Commission, people: list[Person], villages: list[str]) -> list[Wish]:
    """Make a wish for about a quarter of the practitioners on a list."""
    rng = commission.rng("wishes")
    days = Calendar().workdays(commission.month)
    listed = (person for person in people if person.is_duty or person.is_adviser)
    practitioners = [p for p in listed if p.kind in {PersonKind.LAWYER, PersonKind.GRASSROOTS}]
    wishing = [person for person in practitioners if rng.random() < _WISH_SHARE]
    return [_wish(rng, person.id, days, villages) for person in wishing]


def make_conflicts(
    commission: Commission, people: list[Person], villages: list[Village]
) -> list[Conflict]:
    """Make conflicts with villages, never with one the person's own firm advises now."""
    rng = commission.rng("conflicts")
    advisers = [person for person in people if person.is_adviser]
    firm_of = {person.id: person.firm for person in people}
    count = round(_CONFLICT_SHARE * len(advisers) * len(villages))
    pairs = rng.choice(len(advisers) * len(villages), size=count, replace=False)
    rows: list[Conflict] = []
    for place in sorted(pairs.tolist()):
        person, village = advisers[place // len(villages)], villages[place % len(villages)]
        if village.adviser is None or firm_of[village.adviser] != person.firm:
            rows.append(Conflict(person=person.id, village=village.id))
    return rows


def _absences(rng: np.random.Generator, person: str, days: list[dt.date]) -> Iterator[Leave]:
    """Yield one block of leave: 3–8 % of the half days of the month, whole days first."""
    half_days = round(float(rng.uniform(0.03, 0.08)) * 2 * len(days))
    kind = pick(rng, tuple(_LEAVE_KINDS), tuple(_LEAVE_KINDS.values()))[0]
    start = int(rng.integers(len(days) - half_days))
    whole = _same_week(days[start : start + half_days // 2])
    if whole:
        yield Leave(person=person, first=whole[0], last=whole[-1], kind=kind)
    rest = half_days - 2 * len(whole)
    for place in range(rest):
        day = days[(start + len(whole) + place) % len(days)]
        yield Leave(person=person, first=day, last=day, part=_PARTS[place % 2], kind=kind)


def _same_week(days: list[dt.date]) -> list[dt.date]:
    """Keep the days up to the first weekend, so that a block counts no weekend as leave."""
    return [day for day in days if day - days[0] < dt.timedelta(days=5 - days[0].weekday())]


def _court_dates(
    rng: np.random.Generator, person: str, days: list[dt.date], absent: list[Leave]
) -> list[Leave]:
    """Return 2–8 half days in court, none of them during leave."""
    gone = {day for row in absent for day in days if row.first <= day <= row.last}
    free = [(day, part) for day in days if day not in gone for part in _PARTS]
    count = int(np.clip(rng.poisson(4.5), 2, 8))
    chosen = sorted(rng.choice(len(free), size=count, replace=False).tolist())
    return [
        Leave(person=person, first=day, last=day, part=part, kind=LeaveKind.COURT)
        for day, part in (free[place] for place in chosen)
    ]


def _wish(rng: np.random.Generator, person: str, days: list[dt.date], villages: list[str]) -> Wish:
    """Make one wish about a weekday, a part of the day, a date or a village."""
    weight = int(rng.integers(1, 6))
    avoid, prefer = Attitude.AVOID, Attitude.PREFER
    day = days[int(rng.integers(len(days)))]
    part = _PARTS[int(rng.integers(2))]
    village = villages[int(rng.integers(len(villages)))]
    return (
        Wish(person=person, attitude=avoid, weekday=day.isoweekday(), part=part, weight=weight),
        Wish(person=person, attitude=avoid, date=day, weight=weight),
        Wish(person=person, attitude=prefer, part=part, weight=weight),
        Wish(person=person, attitude=prefer, village=village, weight=weight),
    )[int(rng.integers(4))]
