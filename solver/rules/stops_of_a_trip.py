"""A further stop of a trip follows another visit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from models.roster import Visit
from models.slots import is_later_stop
from solver.modelling.choices import Block
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.choices import Choices
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class StopsOfATrip(Rule):
    """A visit that begins later than its half day does goes on from another visit of that half day.

    Short visits of one adviser share a half day so, where hours and ways fit; a trip has at most
    ``visits_per_half_day`` of the settings stops.

    Formula: the visits with a start of their own after the usual start of the half day, each of which has no
    visit of the same person to another village that half day that begins at the usual start or before; and
    for each person and half day, max(0, such visits - (visits_per_half_day - 1)).

    Source: an office's wish: four neighbouring villages of two hours each take two trips, not four.
    """

    zh: ClassVar[str] = "同半天连续走访"
    en: ClassVar[str] = "stops of a trip"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.VISITS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def encode(self, model: Model) -> None:
        """No further stop without a first one, and not too many of them."""
        further = model.facts.instance.settings.visits_per_half_day - 1
        for choices in model.choices_of(self.blocks):
            stops = choices.where(choices.later > 0)
            if len(stops):
                model.at_most(self, _half_of(stops), stops.column, further)
                self._follow(model, stops, choices.where(choices.later <= 0))

    def _follow(self, model: Model, stops: Choices, firsts: Choices) -> None:
        """Let each stop be at most the visits to other villages that begin its half day."""
        order = np.argsort(_half_of(firsts), kind="stable")
        begun = firsts.at(order)
        keys, asked = _half_of(begun), _half_of(stops)
        low, high = (np.searchsorted(keys, asked, side) for side in ("left", "right"))
        stop = np.repeat(np.arange(len(stops)), high - low)
        nth = np.arange(len(stop)) - np.repeat(np.cumsum(high - low) - (high - low), high - low)
        first = low[stop] + nth
        other = begun.demand[first] != stops.demand[stop]
        group = np.concatenate([np.arange(len(stops)), stop[other]])
        column = np.concatenate([stops.column, begun.column[first[other]]])
        coef = np.repeat([1, -1], [len(stops), int(other.sum())])
        model.at_most(self, group, column, 0, coef)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Go through the visits of each person, half day by half day."""
        settings, villages = facts.instance.settings, facts.instance.village_by_id
        for person, visits in plan.visits_of.items():
            by_half: dict[tuple[object, ...], list[Visit]] = defaultdict(list)
            for visit in visits:
                by_half[visit.date, visit.part].append(visit)
            for there in by_half.values():
                later = [v for v in there if is_later_stop(settings, villages[v.village], v)]
                firsts = {visit.village for visit in there if visit not in later}
                alone = [visit for visit in later if not firsts - {visit.village}]
                amount = len(alone) + max(0, len(later) + 1 - settings.visits_per_half_day)
                if amount:
                    name, when = facts.instance.person_by_id[person].name, later[0]
                    half = f"{when.date} {when.part.label}"
                    zh = f"{name} {half}的走访不从该半天开始时起，之前无走访，或村数过多"
                    en = f"{name} {when.date}: a visit that begins late goes on from none, or too many"
                    yield self.breach(person, amount, zh, en)


def _half_of(choices: Choices) -> Ints:
    """Return a number for each person and half day."""
    return choices.person * _HALVES + choices.half


_HALVES = 100
"""More than a month has half days."""
