"""Every village has exactly one adviser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level, Overbooked, UnmetKind
from solver.modelling.choices import Block
from solver.modelling.demand import DemandRule, Lack, no_adviser, too_many

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class OneAdviserPerVillage(DemandRule):
    """Every village or community has exactly one adviser (一村一法律顾问).

    Formula: for each village v, |1 - sum_p x[p,v]| is the breach.

    Source: S1 金水区公共法律服务平台建设实施方案 2018 一(三), full coverage; S0 蚌埠 2020;
    S4 芜司办〔2021〕30号; 司发〔2018〕5号.
    """

    zh: ClassVar[str] = "一村一法律顾问"
    en: ClassVar[str] = "one adviser per village"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.ADVISERS})

    level: Level = Level.SOFT
    goal: Goal = Goal.COVERAGE

    def encode(self, model: Model) -> None:
        """Exactly one taken choice per village."""
        target = np.ones(len(model.facts.villages), dtype=np.int64)
        for choices in model.choices_of(self.blocks):
            model.exactly(self, choices.demand, choices.column, target)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the advisers of each village."""
        for village in facts.villages:
            count = len(plan.advisers[village.id])
            if count == 0:
                yield self.breach(
                    village.id, 1, f"{village.name}没有法律顾问", f"{village.name} has no adviser"
                )
            elif count > 1:
                text = f"{village.name}有 {count} 名法律顾问"
                yield self.breach(
                    village.id, count - 1, text, f"{village.name} has {count} advisers"
                )

    def lacking(self, plan: Reading) -> Iterator[Lack]:
        """Every village without adviser."""
        for number, village in enumerate(plan.facts.villages):
            if not plan.advisers[village.id]:
                yield no_adviser(village, number)

    def overbooked(self, plan: Reading) -> Iterator[Overbooked]:
        """Every village with several advisers."""
        for village in plan.facts.villages:
            people, told = plan.advisers[village.id], (village.name, village.name)
            yield from too_many(UnmetKind.ADVISER, village.id, told, people, 1, plan)
