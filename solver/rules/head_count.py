"""Every slot has its number of people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level, Overbooked, UnmetKind
from solver.modelling.choices import Block
from solver.modelling.demand import DemandRule, Lack, missing_on, too_many_on
from solver.modelling.rule import Price

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class HeadCount(DemandRule):
    """Every slot is held by exactly the number of people its post asks for.

    A post may ask for other numbers on workdays, weekends and holidays, and at night. A post that may
    stay empty (有人则设) is never short.

    Formula: for each slot s, ``too_few`` × max(0, head_count[s] - sum_p y[p,s]) + ``too_many`` ×
    max(0, sum_p y[p,s] - head_count[s]), with head_count[s] the post's number for nights where s is one,
    else for the class of its day, else for every day.

    Source: S1 金水区 2018 二(一)3: staff the posts of the centre; S2 苏州 2016: people on duty.
    """

    zh: ClassVar[str] = "值班人数"
    en: ClassVar[str] = "head count"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    level: Level = Level.SOFT
    goal: Goal = Goal.COVERAGE
    too_few: Price = 1
    too_many: Price = 1

    def encode(self, model: Model) -> None:
        """Exactly the head count among the holders."""
        slots = model.facts.slots
        target = np.array([slot.head_count for slot in slots], dtype=np.int64)
        optional = np.array([slot.post.optional for slot in slots], dtype=bool)
        for choices in model.choices_of(self.blocks):
            holding = choices.holding()
            taken = holding.demand, holding.column
            needed = np.where(optional, 0, target)
            model.at_least(self, *taken, needed, amount=np.full(len(target), self.too_few))
            model.at_most(self, *taken, target, amount=np.full(len(target), self.too_many))

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the holders of each slot."""
        for slot in facts.slots:
            count, wanted = len(plan.holders[slot.id]), slot.head_count
            if count > wanted or (count < wanted and not slot.post.optional):
                what = f"{slot.date} {slot.part.label} {slot.site.name} {slot.post.name}"
                zh, en = (
                    f"{what}需要 {wanted} 人，现有 {count} 人",
                    f"{what}: {count} of {wanted} people",
                )
                price = self.too_few if count < wanted else self.too_many
                yield self.breach(slot.id, price * abs(wanted - count), zh, en)

    def lacking(self, plan: Reading) -> Iterator[Lack]:
        """Every slot with fewer people than it needs."""
        for number, slot in enumerate(plan.facts.slots):
            missing = slot.head_count - len(plan.holders[slot.id])
            if missing > 0 and not slot.post.optional:
                yield Lack(missing_on(slot, UnmetKind.DUTY, missing), Block.DUTIES, number)

    def overbooked(self, plan: Reading) -> Iterator[Overbooked]:
        """Every slot with more people than it needs."""
        for slot in plan.facts.slots:
            people = plan.holders[slot.id]
            yield from too_many_on(slot, UnmetKind.DUTY, people, slot.head_count, plan)
