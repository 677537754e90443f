"""A post of fixed people is held by them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from solver.modelling.choices import Block, Choices
from solver.modelling.rule import PairRule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


class FixedPeople(PairRule):
    """A post that names fixed people (固定专人) is held by them, whatever the day, without any pin.

    Where none of them is there or may serve, somebody else does, which the list of waivers tells.
    Caps on turns go on to hold. Standing by is for anybody.
    Formula: the pair counts 1 where the post names people and p is none of them.

    Source: domain notes: duty lawyers serve by fixed person, rota or appointment (司规〔2020〕6号).
    """

    zh: ClassVar[str] = "固定专人"
    en: ClassVar[str] = "fixed people"
    reason_zh: ClassVar[str] = "不是该岗位的固定专人"
    reason_en: ClassVar[str] = "are not the fixed people of the post"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    level: Level = Level.WAIVABLE
    goal: Goal = Goal.STABILITY

    def applies_to(self, facts: Facts) -> bool:
        """Whether a post of the month names anybody."""
        return any(slot.post.fixed_people for slot in facts.slots)

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """1 where the slot is for others; standing by is for anybody."""
        fits = np.ones((len(facts.slots), len(facts.people)), dtype=bool)
        for number, slot in enumerate(facts.slots):
            if slot.post.fixed_people:
                fits[number] = [p.id in slot.post.fixed_people for p in facts.people]
        other = ~fits[choices.demand, choices.person] & ~choices.standby
        return np.asarray(other, dtype=np.int64)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Look for the name of each holder on the post."""
        for sitting in plan.sittings:
            post = sitting.slot.post
            if (
                post.fixed_people
                and not sitting.standby
                and sitting.person not in post.fixed_people
            ):
                name = facts.instance.person_by_id[sitting.person].name
                zh = f"{sitting.slot.date} {post.name}不是由固定专人，而由{name}值班"
                en = f"{name} serves {post.name} on {sitting.slot.date}, not its fixed people"
                yield self.breach(sitting.slot.id, 1, zh, en)
