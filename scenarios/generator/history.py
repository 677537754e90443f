"""Made-up history: present advisers, turns of the past three months, lectures held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from models.calendar import Calendar, previous_month
from models.people import Firm, LectureRecord, LedgerEntry, Person
from models.places import Post, Site
from models.vocabulary import DayClass, PostKind
from scenarios.generator.commission import Commission
from scenarios.generator.duty_posts import PostPlan
from scenarios.generator.selection import distances_km, points_of

MONTHS_BACK = 3

_MOST_VILLAGES = 5  # "in principle at most 5", Jinshui plan of 2018 and Anhui standard of 2021
_MOST_TURNS = 6  # duty turns of a practitioner in a month (domain notes, e)
_ADVISED_SHARE = 0.93
_LECTURE_SHARE = 0.3
_KM_PER_VILLAGE = 2.5  # how much farther a less busy adviser may come from

Turns = Counter[tuple[str, PostKind, DayClass, str]]
"""Turns by person, duty kind, day class and site."""


def present_advisers(
    commission: Commission, people: list[Person], firms: list[Firm]
) -> dict[str, str]:
    """Return the present adviser of most villages: a near one who is not too busy."""
    rng = commission.rng("advisers")
    villages = commission.district.villages
    advisers = [person for person in people if person.is_adviser]
    firm_points = {f.id: (f.lon, f.lat) for f in firms if f.lon is not None and f.lat is not None}
    bases = points_of([firm_points.get(person.firm or "") for person in advisers])
    far = distances_km(points_of([village.point for village in villages]), bases)
    load = np.zeros(len(advisers))
    chosen: dict[str, str] = {}
    for place in rng.permutation(len(villages)):
        cost = far[place] * rng.uniform(0.8, 1.25, len(advisers)) + _KM_PER_VILLAGE * load
        best = int(np.where(load < _MOST_VILLAGES, cost, np.inf).argmin())
        if load[best] < _MOST_VILLAGES and rng.random() < _ADVISED_SHARE:
            chosen[villages[place].code] = advisers[best].id
            load[best] += 1
    return chosen


def make_ledger(
    commission: Commission, plans: list[PostPlan], sites: list[Site], people: list[Person]
) -> list[LedgerEntry]:
    """Make the ledger of the past three months, as these posts would have filled it."""
    rng = commission.rng("ledger")
    areas = _areas_above(commission, sites)
    listed = [(place, person) for place, person in enumerate(people) if person.is_duty]
    able = [
        (plan, [place for place, p in listed if _may_sit(p, plan.post, areas[plan.post.site])])
        for plan in plans
    ]
    rows: list[LedgerEntry] = []
    for month in _months_before(commission.month):
        weeks = len(Calendar().workdays(month)) / 5
        turns = _month_turns(rng, able, people, weeks)
        rows += [
            LedgerEntry(person=p, month=month, kind=kind, day_class=day, site=site, turns=count)
            for (p, kind, day, site), count in sorted(turns.items())
        ]
    return rows


def make_lectures(commission: Commission) -> list[LectureRecord]:
    """Make lectures held: about one per village and quarter, or as the year's pace requires."""
    if commission.size.lecture_pace:
        return list(_paced_lectures(commission))
    rng = commission.rng("lectures")
    rows: list[LectureRecord] = []
    for month in _months_before(commission.month):
        days = Calendar().workdays(month)
        rows += [
            LectureRecord(village=village.code, date=days[int(rng.integers(len(days)))])
            for village in commission.district.villages
            if rng.random() < _LECTURE_SHARE
        ]
    return rows


def _paced_lectures(commission: Commission) -> Iterator[LectureRecord]:
    """Yield the year's lectures before the month: each month its third of the quarter's share.

    Most districts are a little behind, a few ahead: 0.85–1.05 of the share.
    """
    rng = commission.rng("paced lectures")
    year, month = commission.month.split("-")
    order = rng.permutation(len(commission.district.villages))
    progress = rng.uniform(0.85, 1.05)
    share, done = 0.0, 0
    for number in range(1, int(month)):
        share += commission.size.lecture_pace[(number - 1) // 3] / 300
        days = Calendar().workdays(f"{year}-{number:02d}")
        held = round(min(1.0, share * progress) * len(order))
        for place in order[done:held]:
            village = commission.district.villages[int(place)]
            yield LectureRecord(village=village.code, date=days[int(rng.integers(len(days)))])
        done = held


def _months_before(month: str) -> list[str]:
    """Return the past months, oldest first."""
    months = [previous_month(month)]
    while len(months) < MONTHS_BACK:
        months.insert(0, previous_month(months[0]))
    return months


def _areas_above(commission: Commission, sites: list[Site]) -> dict[str, set[str]]:
    """Return the area of each site and the counties above it."""
    county_of = {t.code: t.county_code for t in commission.district.townships}
    return {site.id: {site.area, county_of.get(site.area, site.area)} for site in sites}


def _may_sit(person: Person, post: Post, areas: set[str]) -> bool:
    """Whether the person, on the duty list, meets what the post asks for and serves its area."""
    return (
        person.kind in post.kinds
        and person.practice_years >= post.practice_years
        and (post.gender is None or person.gender is post.gender)
        and (not post.specialities or not set(post.specialities).isdisjoint(person.specialities))
        and (not person.serves_areas or not areas.isdisjoint(person.serves_areas))
    )


def _month_turns(
    rng: np.random.Generator,
    able: list[tuple[PostPlan, list[int]]],
    people: list[Person],
    weeks: float,
) -> Turns:
    """Assign the turns of a month, people with the fewest first, nobody beyond the cap."""
    load = np.zeros(len(people), dtype=np.int64)
    caps = np.array([p.monthly_turns or _MOST_TURNS for p in people], dtype=np.int64)
    turns: Turns = Counter()
    for (post, workday, weekend), able_idx in able:
        for day, weekly in ((DayClass.WORKDAY, workday), (DayClass.WEEKEND, weekend)):
            heads = round(weekly * weeks)
            for person, count in _deal(rng, np.array(able_idx, dtype=np.int64), load, caps, heads):
                turns[people[person].id, post.kind, day, post.site] += count
    return turns


def _deal(
    rng: np.random.Generator,
    able_idx: npt.NDArray[np.int64],
    load: npt.NDArray[np.int64],
    caps: npt.NDArray[np.int64],
    heads: int,
) -> Iterator[tuple[int, int]]:
    """Give ``heads`` turns to the people of ``able_idx`` and add them to ``load``."""
    if not len(able_idx) or not heads:
        return
    order = able_idx[np.argsort(load[able_idx] + rng.uniform(0, 3, len(able_idx)))]
    counts = np.bincount(np.arange(heads) % len(order), minlength=len(order))
    counts = np.minimum(counts, np.maximum(caps[order] - load[order], 0))
    load[order] += counts
    for person, count in zip(order.tolist(), counts.tolist(), strict=True):
        if count:
            yield person, count
