"""Few people hold all the turns."""

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


class FewestPeople(Rule):
    """As few people as possible have a turn in the month, where the office asks for it (``asked``).

    Set the goal to say what it may cost: at ``stability`` it goes before fairness, at ``preference`` after
    travel. Standing by is not a turn; full-time staff of ``exempt`` kinds are not counted.

    Formula: the number of people with at least one turn.

    Source: SMPTSP (shift minimisation personnel task scheduling: Krishnamoorthy and Ernst 2001); offices
    that pay each person on the list a fixed fee.
    """

    zh: ClassVar[str] = "用人最少"
    en: ClassVar[str] = "fewest people"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})
    may_be_hard: ClassVar[bool] = False

    level: Level = Level.SOFT
    goal: Goal = Goal.STABILITY
    asked: bool = False
    exempt: tuple[PersonKind, ...] = (PersonKind.OFFICER, PersonKind.MEDIATOR)

    def applies_to(self, facts: Facts) -> bool:
        """Whether the office asks for it."""
        return self.asked

    def encode(self, model: Model) -> None:
        """Price whoever has a turn."""
        counted = [person.kind not in self.exempt for person in model.facts.people]
        for choices in model.choices_of(self.blocks) if self.asked else ():
            held = choices.holding()
            held = held.where(np.array(counted, dtype=bool)[held.person])
            _, mark = model.marks(held.person, held.column)
            model.cost(self, mark, np.ones_like(mark))

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Name whoever has a turn."""
        for person in facts.people if self.asked else ():
            if person.kind not in self.exempt and plan.turns_of(person.id):
                yield self.breach(person.id, 1, f"{person.name}有值班", f"{person.name} has turns")
