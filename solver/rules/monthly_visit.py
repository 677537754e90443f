"""The adviser visits each village for its hours of the month."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from models.goals import Goal
from models.places import Village
from models.report import Breach, Level
from solver.modelling.choices import Block
from solver.modelling.demand import DemandRule, Lack, no_visit
from solver.modelling.rounds import visit_due_in

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class MonthlyVisit(DemandRule):
    """Each village gets its half-day visits of the month.

        Formula: n[v] = ceil(hours[v] / visit_hours) in the months that are due, else 0;
    the breach is |n[v] - visits to v|. With ``every_months`` > 1 a village is due that many months
    after its last visit (or lecture); villages without one take turns in the order of their ids.

    Source: Henan workroom notice 2018 and Anhui standard 2021: >= 4 h on site per village and
    month; Xindu 2022: 8 h; Pucheng 2021: a visit every quarter.
    """

    zh: ClassVar[str] = "每月走访"
    en: ClassVar[str] = "monthly visit"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.VISITS})

    level: Level = Level.SOFT
    goal: Goal = Goal.COVERAGE
    hours: Annotated[float, Field(gt=0, le=80)] = 4
    every_months: Annotated[int, Field(ge=1, le=12)] = 1

    @property
    def lent(self) -> Mapping[str, float]:
        """How long and how often a village is visited."""
        months = self.every_months
        return {"hours": self.hours, "every_months": months, "visit_months": months}

    def encode(self, model: Model) -> None:
        """Exactly the due number of half days."""
        facts = model.facts
        due = np.array(
            [self.visits_due(facts, village) for village in facts.villages], dtype=np.int64
        )
        for choices in model.choices_of(self.blocks):
            model.exactly(self, choices.demand, choices.column, due)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the visits to each village."""
        for village in facts.villages:
            count, wanted = len(plan.visits_to[village.id]), self.visits_due(facts, village)
            if count != wanted:
                zh = f"{village.name}本月应走访 {wanted} 次，安排 {count} 次"
                yield self.breach(
                    village.id,
                    abs(wanted - count),
                    zh,
                    f"{village.name}: {count} of {wanted} visits",
                )

    def visits_due(self, facts: Facts, village: Village) -> int:
        """Return the half days of the village in a month that is due, else none."""
        if visit_due_in(facts, village, self.every_months):
            return 0
        return math.ceil(
            (village.service_hours or self.hours) / facts.instance.settings.visit_hours
        )

    def lacking(self, plan: Reading) -> Iterator[Lack]:
        """Every village with fewer visits than it is due."""
        for number, village in enumerate(plan.facts.villages):
            missing = self.visits_due(plan.facts, village) - len(plan.visits_to[village.id])
            if missing > 0:
                yield no_visit(village, number, missing)
