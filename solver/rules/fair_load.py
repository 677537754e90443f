"""Villages are shared out evenly."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from models.goals import Goal
from models.report import Breach, Level
from solver.modelling.choices import Block
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading

TINY = 1e-9
"""Keeps a whole quotient whole in floating point."""


class FairLoad(Rule):
    """The n-th village of a person costs n - 1, in units of the person's share.

    Formula: sum over people of sum_{n=1..villages} floor((n - 1) / share[p]); convex, so that two
    people with two villages cost less than one with one and one with three.

    Source: S0, S4: balanced allocation; workload equity between people.
    """

    zh: ClassVar[str] = "村居分担均衡"
    en: ClassVar[str] = "fair load of villages"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.ADVISERS})

    level: Level = Level.SOFT
    goal: Goal = Goal.FAIRNESS
    steps: Annotated[int, Field(ge=1, le=50)] = 12

    def encode(self, model: Model) -> None:
        """Rising cost per village."""
        share = np.array([person.share for person in model.facts.people])
        costs = np.floor(np.arange(self.steps)[None, :] / share[:, None] + TINY).astype(np.int64)
        for choices in model.choices_of(self.blocks):
            model.rising(self, choices.person, choices.column, costs)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Add up each person's villages, one after the other."""
        for person in facts.people:
            count = len(plan.villages_of[person.id])
            rungs = (min(nth, self.steps) - 1 for nth in range(1, count + 1))
            amount = sum(math.floor(rung / person.share + TINY) for rung in rungs)
            if amount:
                yield self.breach(
                    person.id, amount, f"{person.name} {count} 个村居", f"{person.name}: {count}"
                )
