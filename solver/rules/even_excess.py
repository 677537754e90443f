"""Villages beyond the cap are shared out, not heaped on one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

import numpy as np
from pydantic import Field

from models.goals import Goal
from models.report import Breach, Level
from solver.modelling.choices import Block
from solver.modelling.rule import Count, Rule

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class EvenExcess(Rule):
    """The n-th village beyond a person's cap costs n - 1, before circle, habit and travel count.

    Formula: for each person p with villages beyond most[p], sum_{n=1..excess} (n - 1); villages
    after the ``steps``-th cost what that one costs. On the rung of the excess itself, since the
    plan with the least excess that is spread most evenly has the least of both where caps bind alone.

    Source: S0, S4: balanced allocation; Anhui standard 2021 ("should not exceed 5"): 6 and 6, not 5 and 7.
    """

    zh: ClassVar[str] = "超额均摊"
    en: ClassVar[str] = "even excess"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.ADVISERS})

    follows: ClassVar[frozenset[str]] = frozenset({"most"})

    level: Level = Level.SOFT
    goal: Goal = Goal.OVERLOAD
    most: Count = 5
    steps: Annotated[int, Field(ge=1, le=50)] = 20

    def following(self, others: Iterable[Rule]) -> Self:
        """Count from the cap of the rule that sets one, unless ``most`` is set here."""
        caps = [rule.village_cap for rule in others if rule.village_cap is not None]
        if not caps or "most" in self.model_fields_set:
            return self
        return self.model_copy(update={"most": min(caps)})

    def encode(self, model: Model) -> None:
        """Rising cost from the second village beyond the cap on."""
        own = model.facts.village_limits(self.most)
        nth = np.arange(1, self.steps + 1)[None, :]
        costs = np.maximum(nth - own[:, None] - 1, 0)
        for choices in model.choices_of(self.blocks):
            model.rising(self, choices.person, choices.column, costs)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Add up each person's villages beyond the cap, one after the other."""
        for person in facts.people:
            count = len(plan.villages_of[person.id])
            most = self.most if person.villages_max is None else person.villages_max
            amount = sum(
                min(nth, self.steps) - most - 1
                for nth in range(1, count + 1)
                if min(nth, self.steps) > most
            )
            if amount:
                zh = f"{person.name}担任 {count} 个村居的顾问，超出上限 {count - most} 个，未能均摊"
                en = f"{person.name} advises {count} villages, {count - most} beyond the cap"
                yield self.breach(person.id, amount, zh, en)
