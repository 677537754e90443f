"""Visits fall on market days, those that are workdays before others."""

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
    """A village with a market is visited on a market day, on a workday rather than on a rest day.

    Formula: a visit counts 1 where v has market days in the month that are workdays and the day is
    none of them; with ``on_market_rest_days`` (as in the rule about visit days) it counts 1 more where
    v has a market in the month and not on this day.

    Source: legal stalls at markets (Danzhou 2011-2015, Shenzhou 2014, Beizhong 2025, Xiaoliu 2026).
    """

    zh: ClassVar[str] = "赶集日走访"
    en: ClassVar[str] = "market-day visit"
    reason_zh: ClassVar[str] = "不是赶集日"
    reason_en: ClassVar[str] = "are not market days"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.VISITS})

    level: Level = Level.SOFT
    goal: Goal = Goal.PREFERENCE
    follows: ClassVar[frozenset[str]] = frozenset({"on_market_rest_days"})
    on_market_rest_days: bool = False

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """1 where the visit misses the market of workdays, 1 more where it misses any."""
        misses = np.zeros((len(facts.villages), len(facts.days)), dtype=np.int64)
        for row in np.unique(choices.demand).tolist():
            days = facts.market_days.get(facts.villages[row].id, frozenset())
            if days & facts.workdays:
                misses[row, :] += 1
                misses[row, [facts.day_idx[day] for day in days & facts.workdays]] = 0
            if days and self.on_market_rest_days:
                misses[row, :] += 1
                misses[row, [facts.day_idx[day] for day in days]] -= 1
        return misses[choices.demand, choices.half // 3]

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Compare each visit with the village's market days."""
        for visit in plan.roster.visits:
            markets = facts.market_days.get(visit.village, frozenset())
            usable = [day for day in markets if facts.calendar.is_workday(day)]
            amount = int(bool(usable) and visit.date not in usable)
            amount += bool(markets) and self.on_market_rest_days and visit.date not in markets
            if amount:
                name = facts.instance.village_by_id[visit.village].name
                zh = f"{name} {visit.date} 的走访不在工作日的赶集日"
                en = f"visit to {name} on {visit.date} misses the market days that are workdays"
                yield self.breach(visit.village, amount, zh, en)
