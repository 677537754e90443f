"""The times of choices, in minutes of the month, and which of a person's exclude each other.

A duty or visit is its start and end; the part of the day it is printed under says nothing here.
Things of one person that overlap form an interval graph, so that its cliques are the sets of
things under way at one moment: a row for each says all that pairs would say, and says it tightly.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from models.arrays import Flags, Ints
from models.calendar import ZONE
from models.report import Level
from models.vocabulary import Mode, PinKind
from solver.modelling.choices import Block, Choices

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.rule import Rule

DAY_MINUTES = 24 * 60
FOREVER = 1_000_000
"""More minutes than any month has, the days around it included."""


@dataclass(frozen=True)
class Spans:
    """Parallel arrays, one entry a dated choice.

    ``start`` and ``end`` are minutes after the month's first midnight; ``place`` is the place
    number, ``is_away`` whether somebody has to be there; ``column`` the model column.
    """

    person: Ints
    start: Ints
    end: Ints
    place: Ints
    column: Ints
    is_away: Flags
    standby: Flags

    def __len__(self) -> int:
        return len(self.person)

    def where(self, mask: Flags) -> Spans:
        """Return the entries where ``mask`` holds."""
        return Spans(*(getattr(self, field.name)[mask] for field in fields(self)))

    def by_start(self) -> Spans:
        """Return the entries by person, then start."""
        order = np.lexsort((self.start, self.person))
        return Spans(*(getattr(self, field.name)[order] for field in fields(self)))

    @property
    def is_night(self) -> Flags:
        """Whether each reaches into the hours from 22:00 to 06:00."""
        clock = self.start % DAY_MINUTES
        late: Flags = (clock < 6 * 60) | (clock + self.end - self.start > 22 * 60)
        return late


def minute(facts: Facts, moment: dt.datetime) -> int:
    """Return the minutes from the month's first midnight to ``moment``."""
    zero = dt.datetime.combine(facts.days[0], dt.time(), ZONE)
    return round((moment - zero).total_seconds() / 60)


def times(facts: Facts, choices: Choices) -> tuple[Ints, Ints]:
    """Return start and end of each dated choice of a block."""
    if choices.block is Block.DUTIES:
        return facts.slot_minutes[choices.demand, 0], facts.slot_minutes[choices.demand, 1]
    begins, ends = facts.part_minutes[choices.half].T
    length = facts.visit_length[choices.demand]
    # a visit too long for the morning begins earlier, so that noon stays free
    begins = np.where(choices.half % 3 == 0, np.minimum(begins, ends - length), begins)
    begins = begins + choices.later
    return begins, begins + length


def spans_of(facts: Facts, offered: Iterable[Choices]) -> Spans:
    """Return the spans of all dated choices, in their order."""
    parts = [_spans(facts, choices) for choices in offered]
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        bare = none.astype(bool)
        return Spans(none, none, none, none, none, bare, bare)
    names = [field.name for field in fields(Spans)]
    return Spans(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def under_way(spans: Spans, moments: Ints) -> tuple[Ints, Ints]:
    """Return group and entry of what each person has under way at each of some moments, ascending.

    A group is a person and a moment: person × number of moments + number of the moment.
    """
    first = np.searchsorted(moments, spans.start)
    count = np.searchsorted(moments, spans.end) - first
    entry = np.repeat(np.arange(len(spans)), count)
    nth = np.arange(len(entry)) - np.repeat(np.cumsum(count) - count, count)
    return spans.person[entry] * len(moments) + first[entry] + nth, entry


def telling(spans: Spans) -> Ints:
    """Return the moments at which what is under way is not all under way at the next one too."""
    moments = np.unique(spans.start)
    ended = np.searchsorted(np.sort(spans.end), moments, side="right")
    return moments[np.append(ended[1:] > ended[:-1], True)] if len(moments) else moments


def within(spans: Spans, start: Ints, length: Ints) -> tuple[Ints, Ints]:
    """Return each entry with the other entries of its person that start in a stretch of time.

    The stretch of an entry begins at ``start`` and lasts ``length`` minutes; ``spans`` are by
    person and start.
    """
    key = spans.person * FOREVER + spans.start
    low = np.searchsorted(key, spans.person * FOREVER + start)
    high = np.searchsorted(key, spans.person * FOREVER + start + np.maximum(length, 0))
    count = np.maximum(high - low, 0)
    first = np.repeat(np.arange(len(spans)), count)
    second = np.arange(len(first)) - np.repeat(np.cumsum(count) - count, count) + low[first]
    return first, second


def keep_apart(model: Model, rule: Rule, spans: Spans, before: Ints, after: Ints) -> None:
    """Allow one of two entries of a person of which one needs free minutes the other lies in.

    ``before`` and ``after`` are the minutes that each entry needs free before its start and
    after its end; only one of the two arrays may hold any. Entries that overlap are left to the
    rule about them: where it is hard, both rules together forbid cliques.
    """
    needy = (before > 0) | (after > 0)
    if not needy.any():
        return
    if rule.level is Level.HARD and model.overlaps_are_barred:
        wide = replace(spans, start=spans.start - before, end=spans.end + after)
        moments = telling(wide)
        group, entry = under_way(wide, moments)
        moment = moments[group % len(moments)]
        is_rest = (moment < spans.start[entry]) | (moment >= spans.end[entry])
        kept = np.isin(group, np.unique(group[is_rest]))
        model.at_most(rule, group[kept], spans.column[entry[kept]], 1)
        return
    spans, before, after = _sorted(spans, before, after)
    first, second = within(spans, spans.end, np.full(len(spans), int((before + after).max())))
    near = spans.start[second] - spans.end[first] < np.maximum(after[first], before[second])
    first, second = first[near], second[near]
    pair = np.tile(np.arange(len(first)), 2)
    model.at_most(rule, pair, spans.column[np.concatenate([first, second])], 1)


@dataclass(frozen=True)
class Beside:
    """A thing settled for the days around the month, beside the entries ``own`` of its person.

    ``start`` and ``end`` are minutes after the month's first midnight, ``place`` the place
    number, -1 where nobody goes.
    """

    own: Ints
    start: int
    end: int
    place: int
    is_night: bool
    standby: bool


def beside(facts: Facts, spans: Spans) -> Iterator[Beside]:
    """Yield what is settled around the month beside what its person could take in it."""
    place = {known.id: number for number, known in enumerate(facts.places)}
    for person, things in facts.settled.items():
        own = np.flatnonzero(spans.person == facts.person_idx.get(person, -1))
        for thing in things if len(own) else ():
            where = place.get(thing.place or "", -1)
            times = minute(facts, thing.start), minute(facts, thing.end)
            standby = thing.kind is PinKind.STANDBY
            yield Beside(own, *times, where, thing.is_night, standby)


def too_near(facts: Facts, choices: Choices, before: int, after: int) -> Ints:
    """Return how many settled things lie too near each choice, one of the two being a night.

    ``before`` and ``after`` are the minutes that a night needs free before its start and after
    its end.
    """
    found = np.zeros(len(choices), dtype=np.int64)
    if not facts.settled:
        return found
    spans = spans_of(facts, [choices])
    is_night = spans.is_night
    for thing in beside(facts, spans):
        start, end, night = spans.start[thing.own], spans.end[thing.own], is_night[thing.own]
        later, earlier = start - thing.end, thing.start - end
        needs_later = np.maximum(after if thing.is_night else 0, np.where(night, before, 0))
        needs_earlier = np.maximum(before if thing.is_night else 0, np.where(night, after, 0))
        near = (later >= 0) & (later < needs_later) | (earlier >= 0) & (earlier < needs_earlier)
        found[thing.own] += near & ~spans.standby[thing.own] & (not thing.standby)
    return found


def _sorted(spans: Spans, *more: Ints) -> tuple[Spans, Ints, Ints]:
    order = np.lexsort((spans.start, spans.person))
    ordered = Spans(*(getattr(spans, field.name)[order] for field in fields(spans)))
    before, after = (array[order] for array in more)
    return ordered, before, after


def _spans(facts: Facts, choices: Choices) -> Spans:
    start, end = times(facts, choices)
    is_away = np.ones(len(choices), dtype=bool)
    if choices.block is Block.DUTIES:
        onsite = np.array([slot.post.mode is Mode.ONSITE for slot in facts.slots], dtype=bool)
        is_away = onsite[choices.demand] & ~choices.standby
    person, place, column = choices.person, choices.place, choices.column
    return Spans(person, start, end, place, column, is_away, choices.standby)
