"""A village is visited by its own adviser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from models.vocabulary import Part
from solver.modelling.choices import Block, Choices
from solver.modelling.rule import PairRule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


class VisitByAdviser(PairRule):
    """The visit is made by the village's adviser, in the morning or the afternoon.

    Formula: the pair counts 1 where x[p,v] = 0. The model offers no other pair.

    Source: Henan 2018, Anhui 2021: the adviser serves on site.
    """

    zh: ClassVar[str] = "由本村顾问走访"
    en: ClassVar[str] = "visited by the own adviser"
    reason_zh: ClassVar[str] = "不是本村法律顾问"
    reason_en: ClassVar[str] = "are not the adviser"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.VISITS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """Nothing: only the adviser's own half days are offered."""
        return np.zeros(len(choices), dtype=np.int64)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Compare each visitor with the adviser."""
        for visit in plan.roster.visits:
            if visit.person not in plan.advisers[visit.village] or visit.part is Part.NIGHT:
                name = facts.instance.village_by_id[visit.village].name
                zh = f"{name} {visit.date} {visit.part.label}的走访不是由本村顾问在白天进行"
                yield self.breach(
                    visit.village, 1, zh, f"visit to {name} on {visit.date} is not by its adviser"
                )
