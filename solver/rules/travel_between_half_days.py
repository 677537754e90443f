"""The way from one place to the next can be made."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from scipy import sparse

from models.goals import Goal
from models.report import Breach, Level
from solver.modelling.choices import Block
from solver.modelling.rule import Rule
from solver.modelling.spans import Spans, beside, spans_of, within
from solver.modelling.timetable import timetables

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.choices import Choices
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class TravelBetweenHalfDays(Rule):
    """From the end of one thing on site to the start of the next there is time to travel.

    What is held by telephone or video, and standing by, is nowhere and asks for no way.

    Formula: for each person and two of their duties on site or visits at different places, the
    one ending at e before the other starts at s, 1 where the travel minutes between the places
    exceed s - e. One of the two may be settled for the days around the month.

    Source: solver notes: no impossible journeys between two half days.
    """

    zh: ClassVar[str] = "两地之间赶得到"
    en: ClassVar[str] = "travel between half days"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES, Block.VISITS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """How many settled things lie too far away."""
        found = np.zeros(len(choices), dtype=np.int64)
        if not facts.settled:
            return found
        spans = spans_of(facts, [choices])
        for thing in beside(facts, spans):
            if thing.place < 0 or thing.standby:
                continue
            own, there = thing.own, np.full(len(thing.own), thing.place)
            here = spans.place[own]
            after, before = spans.start[own] - thing.end, thing.start - spans.end[own]
            out, back = facts.travel.between(there, here), facts.travel.between(here, there)
            far = (after >= 0) & (out > after) | (before >= 0) & (back > before)
            found[own] += far & (here != there) & spans.is_away[own]
        return found

    def encode(self, model: Model) -> None:
        """Not both of two choices that lie too far apart."""
        facts = model.facts
        for choices in model.choices_of(self.blocks):
            model.cost(self, choices.column, self.amounts(facts, choices))
        spans = spans_of(facts, model.choices_of(self.blocks))
        spans = spans.where(spans.is_away).by_start()
        if not len(spans):
            return
        first, second = within(spans, spans.end, _longest_way(facts, spans))
        apart = spans.place[first] != spans.place[second]
        first, second = first[apart], second[apart]
        way = facts.travel.between(spans.place[first], spans.place[second])
        far = way > spans.start[second] - spans.end[first]
        first, second = first[far], second[far]
        group, member = np.tile(np.arange(len(first)), 2), np.concatenate([first, second])
        if self.level is Level.HARD and model.overlaps_are_barred:
            group, member = _cliques(spans, first, second)
        model.at_most(self, group, spans.column[member], 1)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Go from each place to every later one."""
        for person, entries in timetables(plan).items():
            stops = [(e, e.place) for e in entries if e.place is not None and not e.standby]
            trips = [
                (one, here, other, there)
                for (one, here), (other, there) in itertools.permutations(stops, 2)
                if here != there
                and other.start >= one.end
                and not (one.is_settled and other.is_settled)
            ]
            ends = (np.array([t[n] for t in trips], dtype=np.int64) for n in (1, 3))
            ways = facts.travel.between(*ends).tolist()
            for (one, _, other, _), way in zip(trips, ways, strict=True):
                gap = (other.start - one.end).total_seconds() / 60
                if way > gap:
                    name = facts.instance.person_by_id[person].name
                    zh = f"{name} {other.day} 两地相距 {way} 分钟，间隔只有 {gap:.0f} 分钟"
                    en = f"{name} on {other.day}: {way} min between places, {gap:.0f} min to do it"
                    yield self.breach(person, 1, zh, en)


def _longest_way(facts: Facts, spans: Spans) -> Ints:
    """Return for each entry minutes that no way between two places of its person exceeds."""
    low = np.full((len(facts.people), 2), np.inf)
    high = -low
    points = facts.travel.points[spans.place]
    np.fmin.at(low, spans.person, points)
    np.fmax.at(high, spans.person, points)
    return facts.travel.most_minutes(low, high)[spans.person]


def _cliques(spans: Spans, first: Ints, second: Ints) -> tuple[Ints, Ints]:
    """Return group and entry of rows that forbid the pairs: more tightly, in fewer rows.

    A person is in one place at a time: so of the firsts that end at one moment and exclude all
    of a set of seconds that start at another, and of that set, at most one is taken. One row for
    each different set that some first excludes.
    """
    person, leaves, begins = spans.person[first], spans.end[first], spans.start[second]
    one = _numbers(person, spans.place[first], leaves, begins)
    other = _numbers(person, spans.place[second], leaves, begins)
    shape = int(one.max(initial=-1)) + 1, int(other.max(initial=-1)) + 1
    apart = _marked(one, other, shape)
    size = np.diff(apart.indptr)
    shared = (apart @ apart.T).tocoo()
    covers = shared.data == size[shared.row]  # the column excludes all that the row does
    row, column = shared.row[covers], shared.col[covers]
    known = np.unique(row[(size[row] == size[column]) & (row > column)])
    asked = np.setdiff1d(np.arange(shape[0]), known)
    firsts = _marked(row, column, (shape[0], shape[0]))[asked]
    of_one = _marked(one, first, (shape[0], len(spans)))
    of_other = _marked(other, second, (shape[1], len(spans)))
    rows = (firsts @ of_one + apart[asked] @ of_other).tocoo()
    return rows.row.astype(np.int64), rows.col.astype(np.int64)


def _numbers(*marks: Ints) -> Ints:
    """Return a number for each entry, the same for those alike in every mark and no others."""
    number = np.zeros_like(marks[0])
    for mark in marks:
        _, values = np.unique(mark, return_inverse=True)
        _, number = np.unique(number * (len(mark) + 1) + values, return_inverse=True)
    return number


def _marked(row: Ints, column: Ints, shape: tuple[int, int]) -> sparse.csr_array:
    """Return the matrix that is 1 at each of these pairs, however often they are named."""
    pairs = np.unique(np.stack([row, column]), axis=1)
    return sparse.csr_array((np.ones(pairs.shape[1]), pairs), shape=shape)
