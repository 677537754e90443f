"""Reserves, volunteers and experts serve only where regular people fall short."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.people import tier_of
from models.report import Breach, Level
from models.vocabulary import PersonTier
from solver.modelling.choices import Block, Choices
from solver.modelling.rule import PairRule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


class Tiers(PairRule):
    """Seats and duties go to regular people first, then to reserves, volunteers and experts.

    The goal stands right under coverage: a lower tier is called on rather than leave a seat empty,
    and for no other reason. Standing by is open to all.
    Formula: the pair counts 0 for regular people, 1 for reserves, 2 for volunteers, 3 for experts.

    Source: S1 金水区 2018, S2 苏州 2016 (staff, purchased service, volunteers, expert pool); S0 蚌埠
    2020 (volunteers for petition reception and emergencies); Dinghai 2021 (the rest become the
    reserve list).
    """

    zh: ClassVar[str] = "梯队使用"
    en: ClassVar[str] = "tiers"
    reason_zh: ClassVar[str] = "属于后备梯队"
    reason_en: ClassVar[str] = "are of a lower tier"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.ADVISERS, Block.MEDIATORS, Block.DUTIES})

    level: Level = Level.SOFT
    goal: Goal = Goal.TIERS

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """How far below the regular tier the person stands."""
        order = list(PersonTier)
        below = np.array([order.index(tier_of(p)) for p in facts.people], dtype=np.int64)
        return np.where(choices.standby, 0, below[choices.person])

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Ask everybody who holds something for the tier."""
        steps = {PersonTier.RESERVE: 1, PersonTier.VOLUNTEER: 2, PersonTier.EXPERT: 3}
        held = [(s.slot.id, s.person) for s in plan.sittings if not s.standby]
        for seats in (plan.advisers, plan.mediators):
            held += [(place, person) for place, people in seats.items() for person in people]
        for subject, person_id in held:
            person = facts.instance.person_by_id[person_id]
            tier = tier_of(person)
            if tier in steps:
                zh = f"动用{tier.label}：{person.name}"
                yield self.breach(subject, steps[tier], zh, f"{person.name} is {tier.value}")
