"""Each village has a lecture every quarter, attached to a visit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from models.report import Breach, Level
from solver.choices import Block
from solver.goals import Goal
from solver.rules.base import Rule

if TYPE_CHECKING:
    from solver.facts import Facts
    from solver.model import Model
    from solver.reading import Reading


class QuarterlyLecture(Rule):
    """Each village has one lecture per period, held on a visit and spread over the period.

    A period is ``every_months`` months counted from January. In the last month of a period
    every village without a recorded lecture is due; earlier, one in as many as months remain.
    Formula: for each due village v, [no visit to v with a lecture].

    Source: Henan 2018, Anhui 2021, Shuyang 2016, Xindu 2022: >= 1 lecture a quarter;
    Pucheng 2021: yearly.
    """

    zh: ClassVar[str] = "每季度法治讲座"
    en: ClassVar[str] = "lecture every quarter"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.VISITS})
    is_demand: ClassVar[bool] = True

    level: Level = Level.SOFT
    goal: Goal = Goal.COVERAGE
    every_months: Annotated[int, Field(ge=1, le=12)] = 3

    def encode(self, model: Model) -> None:
        """Ask for a visit to each due village; it then carries the lecture."""
        due = self.due(model.facts)
        wanted = np.array([v.id in due for v in model.facts.villages], dtype=np.int64)
        for choices in model.choices_of(self.blocks):
            model.at_least(self, choices.demand, choices.column, wanted)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Ask each due village for a visit with a lecture."""
        due = self.due(facts)
        for village in facts.villages:
            if village.id in due and not any(v.lecture for v in plan.visits_to[village.id]):
                zh = f"{village.name}本季度尚未安排讲座"
                yield self.breach(village.id, 1, zh, f"{village.name} has no lecture this period")

    def due(self, facts: Facts) -> frozenset[str]:
        """Return the ids of villages that are due a lecture this month."""
        year, month = map(int, facts.month.split("-"))
        place = (month - 1) % self.every_months
        first = month - place
        held = {
            record.village
            for record in facts.instance.lectures
            if record.date.year == year and first <= record.date.month < first + self.every_months
        }
        remaining = self.every_months - place
        return frozenset(
            village.id
            for number, village in enumerate(facts.villages)
            if village.id not in held and number % remaining == 0
        )
