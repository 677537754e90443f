"""Priority villages are served before others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from models.goals import Goal
from models.report import Breach, Level
from solver.modelling.choices import Block
from solver.modelling.demand import DemandRule, Lack, no_adviser, no_visit
from solver.modelling.rounds import visit_due_in

if TYPE_CHECKING:
    from models.places import Village
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class PriorityVillages(DemandRule):
    """Priority villages have an adviser and a visit before any other village has one.

    Formula: for each village v with priority k > 0, k × [no adviser] in the standing seats and
    k × [no visit] in a month when a visit is due; both stand on the first rung, so no other goal can outweigh them.

    Source: S3 云南省司法厅 2019-03-22 (poor villages: adviser coverage 100 %, demand response
    100 %); S0 蚌埠 2020 (priority groups).
    """

    zh: ClassVar[str] = "重点村居优先"
    en: ClassVar[str] = "priority villages first"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.ADVISERS, Block.VISITS})

    level: Level = Level.SOFT
    goal: Goal = Goal.PRIORITY
    visit_months: Annotated[int, Field(ge=1, le=12)] = 1

    follows: ClassVar[frozenset[str]] = frozenset({"visit_months"})

    def encode(self, model: Model) -> None:
        """At least one adviser, at least one visit, charged by priority."""
        priority = np.array([v.priority for v in model.facts.villages], dtype=np.int64)
        wanted = np.minimum(priority, 1)
        due = np.array([self.visits_due(model.facts, v) for v in model.facts.villages], dtype=int)
        for choices in model.choices_of(self.blocks):
            asked = due if choices.block is Block.VISITS else wanted
            model.at_least(self, choices.demand, choices.column, asked, amount=priority)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Look at each priority village alone."""
        for village in facts.villages:
            if not village.priority:
                continue
            if not plan.advisers[village.id]:
                zh, en = (
                    f"重点村居{village.name}没有法律顾问",
                    f"priority village {village.name} has no adviser",
                )
                yield self.breach(village.id, village.priority, zh, en)
            if self.visits_due(facts, village) and not plan.visits_to[village.id]:
                zh, en = (
                    f"重点村居{village.name}本月无人走访",
                    f"priority village {village.name} has no visit",
                )
                yield self.breach(village.id, village.priority, zh, en)

    def visits_due(self, facts: Facts, village: Village) -> int:
        """Return one visit for a priority village in the months when it is due, else none."""
        is_due = village.priority and not visit_due_in(facts, village, self.visit_months)
        return int(bool(is_due))

    def lacking(self, plan: Reading) -> Iterator[Lack]:
        """Every priority village without adviser, and every one without visit."""
        for number, village in enumerate(plan.facts.villages):
            if village.priority and not plan.advisers[village.id]:
                yield no_adviser(village, number)
            if self.visits_due(plan.facts, village) and not plan.visits_to[village.id]:
                yield no_visit(village, number, 1)
