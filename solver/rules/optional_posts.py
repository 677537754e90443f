"""Posts that may stay empty are held where people are to spare."""

from __future__ import annotations

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


class OptionalPosts(Rule):
    """A post that may stay empty (有人则设) is held where coverage and waivers do not suffer.

    It comes before fairness and travel, which every turn costs something. Its empty slots are no
    shortage: they count in no figure and are not listed as unmet.

    Formula: for each slot s of such a post, max(0, head_count[s] - sum_p y[p,s]).

    Source: INRC-II 2014 (optimal beside minimum coverage); extra desks of centres and hotlines on days of
    many visitors.
    """

    zh: ClassVar[str] = "有人则设的岗位"
    en: ClassVar[str] = "optional posts"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})
    may_be_hard: ClassVar[bool] = False

    level: Level = Level.SOFT
    goal: Goal = Goal.STABILITY

    def applies_to(self, facts: Facts) -> bool:
        """Whether there is such a post."""
        return any(post.optional for post in facts.instance.posts)

    def encode(self, model: Model) -> None:
        """At least the head count."""
        slots = model.facts.slots
        asked = [slot.head_count if slot.post.optional else 0 for slot in slots]
        for choices in model.choices_of(self.blocks):
            held = choices.holding()
            model.at_least(self, held.demand, held.column, np.array(asked, dtype=np.int64))

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the holders of each slot of such a post."""
        for slot in facts.slots:
            missing = slot.head_count - len(plan.holders[slot.id])
            if slot.post.optional and missing > 0:
                what = f"{slot.date} {slot.part.label} {slot.site.name} {slot.post.name}"
                yield self.breach(
                    slot.id, missing, f"{what}空 {missing} 人", f"{what}: {missing} free"
                )
