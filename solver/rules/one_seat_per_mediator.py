"""A full-time mediator has one seat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from models.goals import Goal
from models.report import Breach, Level
from solver.modelling.choices import Block
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class OneSeatPerMediator(Rule):
    """A full-time mediator sits at one centre, station or workroom.

    Formula: for each person p, max(0, sum_s x[p,s] - 1).

    Source: S1 金水区 2018 四(二) counts mediators per site; full-time means one post.
    """

    zh: ClassVar[str] = "专职调解员一人一席"
    en: ClassVar[str] = "one seat per mediator"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.MEDIATORS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def encode(self, model: Model) -> None:
        """At most one seat."""
        for choices in model.choices_of(self.blocks):
            model.at_most(self, choices.person, choices.column, 1)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the seats of each mediator."""
        seats = Counter(person for people in plan.mediators.values() for person in people)
        for person in facts.people:
            if seats[person.id] > 1:
                zh, en = (
                    f"{person.name}有 {seats[person.id]} 个调解岗位",
                    f"{person.name} has {seats[person.id]} seats",
                )
                yield self.breach(person.id, seats[person.id] - 1, zh, en)
