"""Visits fall on market days."""

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


class MarketDay(PairRule):
    """A village with a market is visited on a market day.

    Formula: a visit counts 1 where v has market days in the month that are workdays and the day is none.

    Source: legal stalls at markets (Danzhou 2011-2015, Shenzhou 2014, Beizhong 2025, Xiaoliu 2026).
    """

    zh: ClassVar[str] = "赶集日走访"
    en: ClassVar[str] = "market-day visit"
    reason_zh: ClassVar[str] = "不是赶集日"
    reason_en: ClassVar[str] = "are not market days"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.VISITS})

    level: Level = Level.SOFT
    goal: Goal = Goal.PREFERENCE

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """1 where the visit misses the market."""
        misses = np.zeros((len(facts.villages), len(facts.days)), dtype=np.int64)
        for row in np.unique(choices.demand).tolist():
            days = facts.market_days.get(facts.villages[row].id, frozenset())
            if days & facts.workdays:
                misses[row, :] = 1
                misses[row, [facts.day_idx[day] for day in days]] = 0
        return misses[choices.demand, choices.half // 3]

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Compare each visit with the village's market days."""
        for visit in plan.roster.visits:
            markets = facts.market_days.get(visit.village, frozenset())
            usable = [day for day in markets if facts.calendar.is_workday(day)]
            if usable and visit.date not in markets:
                name = facts.instance.village_by_id[visit.village].name
                zh = f"{name} {visit.date} 的走访不在赶集日"
                yield self.breach(
                    visit.village, 1, zh, f"visit to {name} on {visit.date} misses the market"
                )
