"""The way from one half day to the next can be made."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from scipy import sparse

from models.calendar import ZONE
from models.goals import Goal
from models.report import Breach, Level
from models.slots import part_times
from models.vocabulary import Mode
from solver.modelling.choices import Block
from solver.modelling.facts import PARTS
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.choices import Choices
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading

NEVER = 100_000
"""More half days than any month has."""


class TravelBetweenHalfDays(Rule):
    """Between two on-site half days of one day there is time to travel.

    Formula: for each person and pair of neighbouring half days of a day, 1 where the travel
    minutes between the two places exceed the minutes from the first's end to the second's start.

    Source: solver notes: no impossible journeys between two half days.
    """

    zh: ClassVar[str] = "半日之间赶得到"
    en: ClassVar[str] = "travel between half days"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES, Block.VISITS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def encode(self, model: Model) -> None:
        """Not both of two choices that lie too far apart."""
        facts = model.facts
        parts = [_timed(facts, choices) for choices in model.choices_of(self.blocks)]
        if not parts:
            return
        person, half, place, start, end, column = (
            np.concatenate(rows) for rows in zip(*parts, strict=True)
        )
        first, second = _neighbours(person, half, place)
        way = facts.travel.between(place[first], place[second])
        far = way > start[second] - end[first]
        first, second = first[far], second[far]
        group, member = np.tile(np.arange(len(first)), 2), np.concatenate([first, second])
        if self.level is Level.HARD and _is_one_place_held(model):
            group, member = _cliques(first, second, _kinds(person, half, place, start, end))
        model.at_most(self, group, column[member], 1)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Walk through each person's days."""
        for person, stops in _stops(facts, plan).items():
            for one, other in itertools.permutations(stops, 2):
                if one.day != other.day or other.order != one.order + 1 or one.place == other.place:
                    continue
                way = int(facts.travel.between(np.array([one.place]), np.array([other.place]))[0])
                gap = (other.start - one.end).total_seconds() / 60
                if way > gap:
                    name = facts.instance.person_by_id[person].name
                    zh = f"{name} {one.day} 两地相距 {way} 分钟，间隔只有 {gap:.0f} 分钟"
                    en = f"{name} on {one.day}: {way} min between places, {gap:.0f} min to do it"
                    yield self.breach(person, 1, zh, en)


@dataclass(frozen=True)
class _Stop:
    day: dt.date
    order: int
    place: int
    start: dt.datetime
    end: dt.datetime


def _stops(facts: Facts, plan: Reading) -> dict[str, list[_Stop]]:
    stops: dict[str, list[_Stop]] = {}
    for s in plan.sittings:
        if s.slot.post.mode is Mode.ONSITE and not s.standby:
            place = facts.site_place(s.slot.site.id)
            stop = _Stop(s.slot.date, PARTS.index(s.slot.part), place, s.slot.start, s.slot.end)
            stops.setdefault(s.person, []).append(stop)
    for v in plan.roster.visits:
        start, end = part_times(facts.instance.settings, v.date, v.part)
        stop = _Stop(v.date, PARTS.index(v.part), facts.village_place(v.village), start, end)
        stops.setdefault(v.person, []).append(stop)
    return stops


def _timed(facts: Facts, choices: Choices) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints]:
    """Person, half, place, start and end minute of the day, column of on-site choices."""
    midnight = [dt.datetime.combine(day, dt.time(), ZONE) for day in facts.days]
    if choices.block is Block.DUTIES:
        onsite = np.array([s.post.mode is Mode.ONSITE for s in facts.slots], dtype=bool)
        choices = choices.where(onsite[choices.demand] & ~choices.standby)
        spans = [(s.start, s.end, midnight[facts.day_idx[s.date]]) for s in facts.slots]
        index = choices.demand
    else:
        settings = facts.instance.settings
        dated = [facts.half_date(half) for half in range(3 * len(facts.days))]
        spans = [
            (*part_times(settings, day, part), midnight[facts.day_idx[day]]) for day, part in dated
        ]
        index = choices.half
    start = np.array([(a - zero).total_seconds() // 60 for a, _, zero in spans], dtype=np.int64)
    end = np.array([(b - zero).total_seconds() // 60 for _, b, zero in spans], dtype=np.int64)
    return choices.person, choices.half, choices.place, start[index], end[index], choices.column


def _is_one_place_held(model: Model) -> bool:
    return any(r.keeps_one_place and r.level is Level.HARD for r in model.rules)


def _kinds(*marks: Ints) -> Ints:
    """Return a number for each choice, the same for those alike in every mark and no others."""
    kind = np.zeros_like(marks[0])
    for mark in marks:
        _, number = np.unique(mark, return_inverse=True)
        _, kind = np.unique(kind * (len(mark) + 1) + number, return_inverse=True)
    return kind


def _cliques(first: Ints, second: Ints, kind: Ints) -> tuple[Ints, Ints]:
    """Return group and choice of rows that forbid the pairs: more tightly, in fewer rows.

    A person is in one place in a half day: so of the firsts that exclude all of a set of
    seconds, and of that set, at most one is taken. One row for each different set that some
    first excludes.
    """
    width = int(kind.max(initial=0)) + 1
    pairs = np.unique(np.stack([kind[first], kind[second]]), axis=1)
    apart = sparse.csr_array((np.ones(pairs.shape[1]), pairs), shape=(width, width))
    size = np.diff(apart.indptr)
    shared = (apart @ apart.T).tocoo()
    one, other = shared.row, shared.col
    covers = shared.data == size[one]  # the other excludes all that the one does
    known = np.unique(one[covers & (size[one] == size[other]) & (one > other)])
    firsts = sparse.csr_array((covers[covers], (one[covers], other[covers])), shape=apart.shape)
    asked = np.setdiff1d(np.flatnonzero(size), known)
    holds = np.stack([kind, np.arange(len(kind))])
    of_kind = sparse.csr_array((np.ones(len(kind)), holds), shape=(width, len(kind)))
    rows = ((firsts + apart)[asked] @ of_kind).tocoo()
    return rows.row.astype(np.int64), rows.col.astype(np.int64)


def _neighbours(person: Ints, half: Ints, place: Ints) -> tuple[Ints, Ints]:
    """Index pairs of one person's choices in neighbouring half days of one day, at two places."""
    key = person * NEVER + half
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    after = np.where(half[order] % 3 < 2, ordered + 1, -1)
    low, high = np.searchsorted(ordered, after), np.searchsorted(ordered, after, side="right")
    count = high - low
    first = np.repeat(np.arange(len(order)), count)
    second = np.arange(len(first)) - np.repeat(np.cumsum(count) - count, count) + low[first]
    first, second = order[first], order[second]
    apart = place[first] != place[second]
    return first[apart], second[apart]
