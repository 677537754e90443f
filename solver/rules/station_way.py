"""The way to the station is short."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from solver.modelling.choices import Block, Choices
from solver.modelling.rule import PairRule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


class StationWay(PairRule):
    """People walk little to their fixed station.

    Formula: the pair counts walk[v,w] x max(1, m[v]); m are the village's consultations a month.

    Source: S2 苏州 2016: the station stands where traffic is convenient; services near by (就近).
    """

    zh: ClassVar[str] = "到固定站步行分钟"
    en: ClassVar[str] = "walking minutes to the station"
    reason_zh: ClassVar[str] = "步行较远"
    reason_en: ClassVar[str] = "are a longer walk away"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.STATIONS})

    level: Level = Level.SOFT
    goal: Goal = Goal.TRAVEL

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """Multiply walking minutes and matters."""
        matters = np.array([sum(v.demand.values()) for v in facts.villages], dtype=np.int64)
        return choices.minutes * np.maximum(matters[choices.demand], 1)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Measure the way of every village that shares a station."""
        for village in facts.villages:
            for host in plan.hosts[village.id]:
                taken = facts.walk_minutes(village.id, host)
                if taken:
                    times = sum(village.demand.values()) or 1
                    zh = f"{village.name}步行到固定站 {taken} 分钟，每月 {times} 次"
                    en = f"{village.name}: {taken} min on foot, {times} times a month"
                    yield self.breach(village.id, taken * times, zh, en)
