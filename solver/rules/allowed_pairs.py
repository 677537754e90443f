"""The pair table forbids what it forbids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from models.goals import Goal
from models.report import Breach, Level
from solver.modelling.choices import OF_PEOPLE, Block, Choices, listed
from solver.modelling.rule import PairRule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


class AllowedPairs(PairRule):
    """A pair of person and place marked "not allowed" is not used.

    Formula: the pair counts 1 where allowed[p, place] is false.

    Source: two-way choice (双向选择), Lu'an and Fuyang (Anhui); generalised assignment.
    """

    zh: ClassVar[str] = "人员与村居约定"
    en: ClassVar[str] = "allowed pairs"
    reason_zh: ClassVar[str] = "“人员与村居约定”表不允许"
    reason_en: ClassVar[str] = "are not allowed by the pair table"
    blocks: ClassVar[frozenset[Block]] = OF_PEOPLE

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """1 where the pair table says no."""
        refused = ((p.person, p.place) for p in facts.instance.pairs if not p.allowed)
        return listed(facts, choices, refused)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Look every assignment up in the pair table."""
        refused = {(pair.person, pair.place) for pair in facts.instance.pairs if not pair.allowed}
        for subject, person, place in plan.assignments():
            if (person, place) in refused:
                zh, en = f"不允许 {person} 服务 {place}", f"{person} may not serve {place}"
                yield self.breach(subject, 1, zh, en)
