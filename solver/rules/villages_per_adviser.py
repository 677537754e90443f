"""Nobody advises more than five villages, in principle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from models.goals import Goal
from models.issues import Sentence
from models.report import Breach, Level
from solver.modelling.choices import Block
from solver.modelling.rule import Count, Rule

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class VillagesPerAdviser(Rule):
    """A person advises at most ``most`` villages; 原则上, so every excess is on the waiver list.

    Formula: for each person p, max(0, sum_v x[p,v] - most[p]).

    Source: S1 金水区 2018 二(三)1 (原则上一人最多 5 个); Anhui standard 2021 ("should not exceed 5");
    broken in practice: Shehong 2018 5.4, Changping 2019 6.3 villages per adviser. The excess has a
    rung of its own above the other waivable rules: both sources name the cap, while the circle is an
    aim (S0, S4), and on one rung a village too many was worth a minute of travel.
    """

    zh: ClassVar[str] = "每人村居上限"
    en: ClassVar[str] = "villages per adviser"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.ADVISERS})

    level: Level = Level.WAIVABLE
    goal: Goal = Goal.OVERLOAD
    most: Count = 5

    @property
    def bound(self) -> Sentence | None:
        """Villages."""
        return Sentence(f"每人 {self.most} 个村居", f"{self.most} villages each")

    def encode(self, model: Model) -> None:
        """At most the cap of each person."""
        own = model.facts.village_limits(self.most)
        for choices in model.choices_of(self.blocks):
            model.at_most(self, choices.person, choices.column, own)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the villages of each person."""
        for person in facts.people:
            count = len(plan.villages_of[person.id])
            most = self.most if person.villages_max is None else person.villages_max
            if count > most:
                zh = f"{person.name}担任 {count} 个村居的顾问，上限 {most}"
                en = f"{person.name} advises {count} villages, at most {most}"
                yield self.breach(person.id, count - most, zh, en)

    @property
    def village_cap(self) -> int:
        """The cap of whoever has no limit of their own."""
        return self.most
