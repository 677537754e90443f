"""Nobody is in two places at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from solver.modelling.choices import Block
from solver.modelling.rule import Rule
from solver.modelling.spans import beside, minute, spans_of, telling, under_way
from solver.modelling.timetable import Entry, timetables

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.choices import Choices
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class OnePlaceAtATime(Rule):
    """A person has at most one duty, standby or visit at any moment, on site, remote or on call.

    What ends when another begins does not overlap it.

    Formula: for each person p and moment m at which a slot or visit of the month can start,
    max(0, number of duties, standbys and visits of p with start <= m < end, less 1); and 1 for
    each of them that overlaps what is settled for the days around the month.

    Source: no double booking; a standby (B 角) differs from the holder.
    """

    zh: ClassVar[str] = "同一时间只在一处"
    en: ClassVar[str] = "one place at a time"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES, Block.VISITS})
    keeps_one_place: ClassVar[bool] = True

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """How many settled things overlap it."""
        found = np.zeros(len(choices), dtype=np.int64)
        if facts.settled:
            spans = spans_of(facts, [choices])
            for thing in beside(facts, spans):
                start, end = spans.start[thing.own], spans.end[thing.own]
                found[thing.own] += (start < thing.end) & (thing.start < end)
        return found

    def encode(self, model: Model) -> None:
        """At most one choice under way per person and moment; hard, the moments that tell all."""
        facts = model.facts
        for choices in model.choices_of(self.blocks):
            model.cost(self, choices.column, self.amounts(facts, choices))
        spans = spans_of(facts, model.choices_of(self.blocks))
        moments = telling(spans)
        if self.level is not Level.HARD:
            moments = np.array([minute(facts, start) for start in facts.starts], dtype=np.int64)
        group, entry = under_way(spans, moments)
        model.at_most(self, group, spans.column[entry], 1)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Go through each person's entries in order of time, all that overlap together."""
        for person, entries in timetables(plan).items():
            own, settled = (
                [entry for entry in entries if entry.is_settled is is_settled]
                for is_settled in (False, True)
            )
            pairs = [[a, b] for a in settled for b in own if a.overlaps(b.start, b.end)]
            for together in (*_overlapping(own), *pairs):
                amount = 1 if together[0].is_settled else _too_many(facts, together)
                name = facts.instance.person_by_id[person].name
                first, last = together[0].start, max(entry.end for entry in together)
                span = f"{first:%m-%d %H:%M}–{last:%m-%d %H:%M}"
                zh = f"{name} {span} 有 {len(together)} 项安排时间重叠"
                en = f"{name} has {len(together)} things that overlap, {span}"
                yield self.breach(person, amount, zh, en)


def _overlapping(entries: list[Entry]) -> Iterator[list[Entry]]:
    """Yield the runs of entries each of which begins before an earlier one has ended."""
    run: list[Entry] = []
    for entry in entries:
        if run and entry.start < max(other.end for other in run):
            run.append(entry)
            continue
        if len(run) > 1:
            yield run
        run = [entry]
    if len(run) > 1:
        yield run


def _too_many(facts: Facts, run: list[Entry]) -> int:
    """Return by how many things too many there are, moment by moment."""
    first, last = run[0].start, max(entry.end for entry in run)
    moments = set(facts.starts[bisect_left(facts.starts, first) : bisect_left(facts.starts, last)])
    moments |= {entry.start for entry in run}  # a visit by hand may start at any time
    return sum(
        max(0, sum(entry.start <= moment < entry.end for entry in run) - 1) for moment in moments
    )
