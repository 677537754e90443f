"""Trainees serve beside a licensed colleague only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from models.vocabulary import PersonKind
from solver.modelling.choices import Block
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading

LICENSED = (PersonKind.LAWYER, PersonKind.GRASSROOTS)


class TraineeBeside(Rule):
    """Each trainee on a slot has a lawyer or grassroots worker of their own on the same slot.

    Formula: for each slot s, max(0, trainees - lawyers and grassroots workers) among its holders.

    Source: Lawyers Law 2017 art. 13 (who has no licence does no lawyer's business); rules for
    trainee lawyers: under a supervising lawyer; Xixia (Yinchuan) 2021: trainees admitted.
    """

    zh: ClassVar[str] = "实习律师须有执业人员带班"
    en: ClassVar[str] = "trainee beside a licensed colleague"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def encode(self, model: Model) -> None:
        """Trainees less licensed people, at most none, on every slot that a trainee may take."""
        kinds = [person.kind for person in model.facts.people]
        side = np.array(
            [int(kind is PersonKind.TRAINEE) - int(kind in LICENSED) for kind in kinds],
            dtype=np.int64,
        )
        for choices in model.choices_of(self.blocks):
            held = choices.holding()
            held = held.where(side[held.person] != 0)
            asked = np.unique(held.demand[side[held.person] > 0])
            held = held.where(np.isin(held.demand, asked))
            if len(held):
                model.at_most(self, held.demand, held.column, 0, coef=side[held.person])

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count trainees and licensed colleagues on each slot."""
        known = facts.instance.person_by_id
        for slot in facts.slots:
            people = [known[person] for person in plan.holders[slot.id]]
            trainees = [person for person in people if person.kind is PersonKind.TRAINEE]
            licensed = sum(person.kind in LICENSED for person in people)
            if len(trainees) > licensed:
                names = "、".join(person.name for person in trainees)
                what = f"{slot.date} {slot.part.label} {slot.site.name} {slot.post.name}"
                zh = f"{what}：实习律师{names}没有执业律师或基层法律服务工作者带班"
                en = f"{what}: {len(trainees)} trainees beside {licensed} licensed people"
                yield self.breach(slot.id, len(trainees) - licensed, zh, en)
