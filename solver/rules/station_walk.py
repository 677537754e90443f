"""A fixed station is within walking distance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from solver.modelling.choices import Block, Choices
from solver.modelling.rule import Count, PairRule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


class StationWalk(PairRule):
    """Nobody walks more than ``minutes`` to the village that houses the station.

    Walking minutes are great-circle km x circuity / walking speed (Settings, 4 km/h: assumption).
    Formula: the pair counts max(0, walk[v,w] - minutes).

    Source: S2 苏州 2016: half-hour legal service circle; that it is walked is an assumption.
    """

    zh: ClassVar[str] = "固定站步行上限"
    en: ClassVar[str] = "walk to the station"
    reason_zh: ClassVar[str] = "步行太远"
    reason_en: ClassVar[str] = "are too far to walk"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.STATIONS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE
    minutes: Count = 30

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """Minutes beyond the limit."""
        return np.maximum(choices.minutes - self.minutes, 0)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Measure every way to a station."""
        for village in facts.villages:
            for host in plan.hosts[village.id]:
                taken = facts.walk_minutes(village.id, host)
                if taken > self.minutes:
                    zh = f"{village.name}步行到固定站 {taken} 分钟，上限 {self.minutes} 分钟"
                    en = f"{village.name} walks {taken} min to its station, limit {self.minutes}"
                    yield self.breach(village.id, taken - self.minutes, zh, en)
