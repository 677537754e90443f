"""Nobody serves a village or site they are in conflict with, nor does their firm."""

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


class ConflictOfInterest(PairRule):
    """A conflict of interest with a village or site binds the person and the whole firm.

    Formula: the pair counts 1 where some colleague q of p (p included) has conflict[q, place].

    Source: Lawyers Law art. 39; Bar code of conduct 2018 art. 51(5): not even two lawyers of one
    firm; Jieyang Bureau of Justice 2017.
    """

    zh: ClassVar[str] = "利益冲突回避"
    en: ClassVar[str] = "conflict of interest"
    reason_zh: ClassVar[str] = "本人或同所有利益冲突"
    reason_en: ClassVar[str] = "have a conflict of interest (own or of the firm)"
    blocks: ClassVar[frozenset[Block]] = OF_PEOPLE

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """1 where the pair is barred."""
        return listed(facts, choices, facts.barred)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Compare every assignment with the conflicts of the person's firm."""
        known = facts.instance.person_by_id
        places = facts.instance.village_by_id | facts.instance.site_by_id
        for subject, person_id, place in plan.assignments():
            person = known[person_id]
            for other in (known[p] for p in facts.conflicts_at.get(place, ())):
                if other.id == person.id or (person.firm and other.firm == person.firm):
                    zh = f"{person.name}与{places[place].name}有利益冲突（{other.name}申报）"
                    yield self.breach(subject, 1, zh, f"{person.name} is in conflict with {place}")
                    break
