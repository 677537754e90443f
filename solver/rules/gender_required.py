"""A post that asks for a woman or a man gets one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from models.vocabulary import Gender
from solver.modelling.choices import Block, Choices
from solver.modelling.rule import PairRule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


class GenderRequired(PairRule):
    """A post that names a gender is held by that gender.

    Formula: the pair counts 1 where gender[post] is named and differs from gender[p].

    Source: People's Mediation Law 2010 art. 8 (a woman on each committee); domain notes:
    women's cases.
    """

    zh: ClassVar[str] = "性别要求"
    en: ClassVar[str] = "gender required"
    reason_zh: ClassVar[str] = "性别不符"
    reason_en: ClassVar[str] = "are not of the gender asked for"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    level: Level = Level.WAIVABLE
    goal: Goal = Goal.TRAVEL

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """1 where the gender differs."""
        code = {None: 0, Gender.FEMALE: 1, Gender.MALE: 2}
        asked = np.array([code[s.post.gender] for s in facts.slots], dtype=np.int64)[choices.demand]
        own = np.array([code[p.gender] for p in facts.people], dtype=np.int64)[choices.person]
        return np.asarray((asked != 0) & (asked != own), dtype=np.int64)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Compare each sitting with its post."""
        for sitting in plan.sittings:
            asked = sitting.slot.post.gender
            person = facts.instance.person_by_id[sitting.person]
            if asked is not None and person.gender is not asked:
                zh = f"{sitting.slot.post.name}要求{asked.label}性，{person.name}不符"
                yield self.breach(
                    sitting.slot.id, 1, zh, f"{sitting.slot.post.name} asks for {asked.value}"
                )
