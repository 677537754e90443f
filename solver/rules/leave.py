"""Nobody serves while on leave, in court or in training."""

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


class OnLeave(PairRule):
    """Nobody has a duty or a visit on a half day on which they are absent.

    Formula: the pair counts 1 where absent[p, h].

    Source: station duty rule (leave in writing beforehand); court dates announced after the
    roster (domain notes, monthly realities).
    """

    zh: ClassVar[str] = "请假与开庭"
    en: ClassVar[str] = "leave and court dates"
    reason_zh: ClassVar[str] = "请假、开庭或培训"
    reason_en: ClassVar[str] = "are on leave, in court or in training"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES, Block.VISITS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """1 where the person is absent."""
        absent = np.zeros((len(facts.people), 3 * len(facts.days)), dtype=np.int64)
        for person, halves in facts.absent.items():
            absent[facts.person_idx[person], sorted(halves)] = 1
        return absent[choices.person, choices.half]

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Lay every duty and visit beside the leave table."""
        taken = [(s.slot.id, s.person, s.slot.date, s.slot.part) for s in plan.sittings]
        taken += [(v.village, v.person, v.date, v.part) for v in plan.roster.visits]
        for subject, person, day, part in taken:
            for leave in facts.leave_of.get(person, ()):
                if leave.first <= day <= leave.last and leave.part in (None, part):
                    name = facts.instance.person_by_id[person].name
                    zh = f"{name} {day} {part.label}{leave.kind.label}"
                    yield self.breach(subject, 1, zh, f"{name} is away on {day} {part.value}")
                    break
