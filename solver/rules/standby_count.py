"""Every slot has its number of standbys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level, Overbooked, UnmetKind
from solver.modelling.choices import Block
from solver.modelling.demand import DemandRule, Lack, missing_on, too_many_on

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class StandbyCount(DemandRule):
    """Every slot has the standbys (B 角) its post asks for.

    Formula: for each slot s, |standby[s] - sum_p b[p,s]|. It stands on the rung after coverage,
    so that nobody stands by for one slot while another is empty.

    Source: duty and alternate, SLAB duty plans (Scotland); S1 金水区 2018 四(一) emergency plans.
    """

    zh: ClassVar[str] = "备班人数"
    en: ClassVar[str] = "standby count"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    level: Level = Level.SOFT
    goal: Goal = Goal.WAIVABLE

    def encode(self, model: Model) -> None:
        """Exactly the standby count among the standbys."""
        target = np.array([slot.post.standby for slot in model.facts.slots], dtype=np.int64)
        for choices in model.choices_of(self.blocks):
            standing_by = choices.where(choices.standby)
            model.exactly(self, standing_by.demand, standing_by.column, target)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the standbys of each slot."""
        for slot in facts.slots:
            count, wanted = len(plan.standbys[slot.id]), slot.post.standby
            if count != wanted:
                what = f"{slot.date} {slot.part.label} {slot.site.name} {slot.post.name}"
                zh, en = (
                    f"{what}需要备班 {wanted} 人，现有 {count} 人",
                    f"{what}: {count} of {wanted} standbys",
                )
                yield self.breach(slot.id, abs(wanted - count), zh, en)

    def lacking(self, plan: Reading) -> Iterator[Lack]:
        """Every slot with fewer standbys than it needs."""
        for number, slot in enumerate(plan.facts.slots):
            missing = slot.post.standby - len(plan.standbys[slot.id])
            if missing > 0:
                unmet = missing_on(slot, UnmetKind.STANDBY, missing)
                yield Lack(unmet, Block.DUTIES, number, standby=True)

    def overbooked(self, plan: Reading) -> Iterator[Overbooked]:
        """Every slot with more standbys than it needs."""
        for slot in plan.facts.slots:
            people = plan.standbys[slot.id]
            yield from too_many_on(slot, UnmetKind.STANDBY, people, slot.post.standby, plan)
