"""Trips: short visits of one adviser that share a half day, and when their further stops begin."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from models.slots import QUARTER, STOPS_APART, trip_end, visit_times
from models.vocabulary import Part

if TYPE_CHECKING:
    from models.roster import Visit
    from solver.modelling.facts import Facts

Ways = Mapping[tuple[int, int], int]
"""Minutes between two villages, by their numbers, where they are near enough for one trip."""


def later_stops(facts: Facts) -> Iterator[tuple[int, int, int, int]]:
    """Yield person, village, number of the part and minutes after the usual start of further stops.

    A stop begins on the first quarter hour at which its adviser, having begun another short visit at its
    usual start and gone on from it (and from a stop after it, and so on), can be there.
    """
    settings = facts.instance.settings
    if settings.visits_per_half_day < 2 or not len(facts.visit_length):
        return
    is_short = facts.visit_length < 60 * settings.visit_hours
    for person, villages in _villages_of(facts).items():
        short = [village for village in villages if is_short[village]]
        if len(short) < 2:
            continue
        ways = _ways(facts, short)
        for number, part in enumerate((Part.AM, Part.PM)):
            for village, later in _starts(facts, short, ways, part):
                yield person, village, number, later


def with_starts(facts: Facts, visits: Iterable[Visit]) -> Iterator[Visit]:
    """Yield visits without a start of their own, those of one person and half day one after the other.

    What does not fit into a trip begins with the half day.
    """
    of_half: dict[tuple[str, dt.date, Part], list[Visit]] = defaultdict(list)
    for visit in visits:
        of_half[visit.person, visit.date, visit.part].append(visit)
    for there in of_half.values():
        fitting = map(partial(_one_after_another, facts), itertools.permutations(there))
        are_few = 1 < len(there) <= facts.instance.settings.visits_per_half_day
        yield from (next(filter(None, fitting), there) if are_few else there)


def _one_after_another(facts: Facts, visits: Sequence[Visit]) -> list[Visit]:
    """Return visits as the stops of a trip in this order, nothing where they do not fit."""
    settings, placed = facts.instance.settings, [visits[0]]
    first = facts.villages[facts.village_idx[visits[0].village]]
    _, end = visit_times(settings, first, visits[0].date, visits[0].part)
    for before, visit in itertools.pairwise(visits):
        numbers = [facts.village_idx[v.village] for v in (before, visit)]
        way = _ways(facts, numbers).get((numbers[0], numbers[1]))
        if way is None:
            return []
        start = f"{_quarter_after(end, way):%H:%M}"
        village = facts.villages[numbers[1]]
        _, end = visit_times(settings, village, visit.date, visit.part, start)
        if end > trip_end(settings, visit.date, visit.part):
            return []
        placed.append(visit.model_copy(update={"start": start}))
    return placed


def _villages_of(facts: Facts) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for village in sorted({*facts.advisers_of, *facts.leaving}):
        for adviser in facts.visitors_of(village):
            if adviser in facts.person_idx:
                found[facts.person_idx[adviser]].append(facts.village_idx[village])
    return dict(sorted(found.items()))


def _ways(facts: Facts, villages: list[int]) -> Ways:
    pairs = list(itertools.permutations(villages, 2))
    ends = np.array(pairs, dtype=np.int64)
    minutes = facts.travel.between(ends[:, 0], ends[:, 1]).tolist()
    most = STOPS_APART.total_seconds() / 60
    return {pair: way for pair, way in zip(pairs, minutes, strict=True) if way <= most}


def _starts(facts: Facts, villages: list[int], ways: Ways, part: Part) -> Iterator[tuple[int, int]]:
    """Yield each village with the minutes after its usual start at which it may be a further stop."""
    settings, day = facts.instance.settings, facts.days[0]
    usual = {v: visit_times(settings, facts.villages[v], day, part) for v in villages}
    length = {v: end - start for v, (start, end) in usual.items()}
    latest = {v: trip_end(settings, day, part) - length[v] for v in villages}
    found: set[tuple[int, dt.datetime]] = set()
    before = {(village, start) for village, (start, _) in usual.items()}
    for _ in range(settings.visits_per_half_day - 1):
        before = {
            (there, start)
            for (here, there), way in ways.items()
            for village, begun in before
            if village == here
            for start in [_quarter_after(begun + length[here], way)]
            if usual[there][0] < start <= latest[there]
        }
        found |= before
    for village, start in sorted(found):
        yield village, round((start - usual[village][0]).total_seconds() / 60)


def _quarter_after(moment: dt.datetime, minutes: int) -> dt.datetime:
    """Return the first quarter hour at least some minutes after a moment."""
    there = moment + dt.timedelta(minutes=minutes)
    midnight = dt.datetime.combine(there.date(), dt.time(), there.tzinfo)
    return there + (midnight - there) % QUARTER
