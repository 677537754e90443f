"""A village is visited by its own adviser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from models.roster import Visit
from models.vocabulary import Part
from solver.modelling.choices import Block, Choices
from solver.modelling.rule import PairRule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


class VisitByAdviser(PairRule):
    """The visit is made by the village's adviser, in the morning or the afternoon.

    While the adviser is away for most of the month (see ``mostly_present``) somebody else on the list
    of advisers, who is there, may make the visits (代走访); the adviser keeps the seat.
    Formula: the pair counts 1 where x[p,v] = 0, unless x[q,v] = 1 for some q who is away and p is a
    listed adviser who is not. The model offers no other pair; of deputies the twelve nearest.

    Source: Henan 2018, Anhui 2021: the adviser serves on site; station duty rule: who is on leave
    hands the duty to a colleague, which is taken over here for visits.
    """

    zh: ClassVar[str] = "由本村顾问走访"
    en: ClassVar[str] = "visited by the own adviser"
    reason_zh: ClassVar[str] = "不是本村法律顾问"
    reason_en: ClassVar[str] = "are not the adviser"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.VISITS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """Nothing: only half days of the adviser and of those who stand in are offered."""
        return np.zeros(len(choices), dtype=np.int64)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Compare each visitor with the adviser."""
        for visit in plan.roster.visits:
            may = visit.person in plan.advisers[visit.village] or _stands_in(facts, plan, visit)
            if not may or visit.part is Part.NIGHT:
                name = facts.instance.village_by_id[visit.village].name
                zh = f"{name} {visit.date} {visit.part.label}的走访不是由本村顾问在白天进行"
                yield self.breach(
                    visit.village, 1, zh, f"visit to {name} on {visit.date} is not by its adviser"
                )


def _stands_in(facts: Facts, plan: Reading, visit: Visit) -> bool:
    """Say whether the adviser is away and the visitor is an adviser who is there."""
    is_listed = facts.instance.person_by_id[visit.person].is_adviser
    gone = [person for person in plan.advisers[visit.village] if person in facts.away]
    return bool(gone) and is_listed and visit.person not in facts.away
