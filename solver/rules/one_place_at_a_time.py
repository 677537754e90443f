"""Nobody is in two places in one half day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from solver.modelling.choices import Block
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class OnePlaceAtATime(Rule):
    """A person has at most one duty, standby or visit in a half day.

    Formula: for each person p and half day h, max(0, number of assignments in h - 1).

    Source: no double booking; a standby (B 角) differs from the holder.
    """

    zh: ClassVar[str] = "同一时段只在一处"
    en: ClassVar[str] = "one place at a time"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES, Block.VISITS})
    keeps_one_place: ClassVar[bool] = True

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def encode(self, model: Model) -> None:
        """At most one choice per person and half day."""
        width = 3 * len(model.facts.days)
        offered = list(model.choices_of(self.blocks))
        group = [choices.person * width + choices.half for choices in offered]
        column = [choices.column for choices in offered]
        if offered:
            model.at_most(self, np.concatenate(group), np.concatenate(column), 1)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count what each person does in each half day."""
        taken = Counter((s.person, s.slot.date, s.slot.part) for s in plan.sittings)
        taken.update((v.person, v.date, v.part) for v in plan.roster.visits)
        for (person, day, part), count in sorted(taken.items()):
            if count > 1:
                name = facts.instance.person_by_id[person].name
                zh = f"{name} {day} {part.label}同时有 {count} 项安排"
                yield self.breach(
                    person, count - 1, zh, f"{name} has {count} places on {day} {part.value}"
                )
