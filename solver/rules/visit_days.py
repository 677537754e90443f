"""Visits are on workdays, or on market days where the office allows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


class VisitDays(PairRule):
    """A visit is on a workday; with ``on_market_rest_days`` also on a market day that is not one.

    Formula: the pair counts 1 where the day is neither a workday nor an admitted market day.

    Source: Putian 2020 (advice in working hours of working days); domain notes: a market counts
    on a weekend if the profile allows.
    """

    zh: ClassVar[str] = "走访日期"
    en: ClassVar[str] = "visit days"
    reason_zh: ClassVar[str] = "不是工作日"
    reason_en: ClassVar[str] = "are not workdays"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.VISITS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE
    on_market_rest_days: bool = False

    @property
    def lent(self) -> Mapping[str, float]:
        """Whether rest days with a market are admitted."""
        return {"on_market_rest_days": self.on_market_rest_days}

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """1 where the day is not admitted."""
        admitted = np.zeros((len(facts.villages), len(facts.days)), dtype=bool)
        admitted[:, [facts.day_idx[day] for day in facts.workdays]] = True
        if self.on_market_rest_days:
            for village, days in facts.market_days.items():
                admitted[facts.village_idx[village], [facts.day_idx[day] for day in days]] = True
        return (~admitted[choices.demand, choices.half // 3]).astype(np.int64)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Look at the day of each visit."""
        for visit in plan.roster.visits:
            markets = facts.market_days.get(visit.village, frozenset())
            at_market = self.on_market_rest_days and visit.date in markets
            if not facts.calendar.is_workday(visit.date) and not at_market:
                name = facts.instance.village_by_id[visit.village].name
                zh = f"{name}的走访日 {visit.date} 不是工作日"
                yield self.breach(
                    visit.village, 1, zh, f"visit to {name} on {visit.date}, not a workday"
                )
