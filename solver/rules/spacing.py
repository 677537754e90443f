"""Turns of one person lie some days apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from models.goals import Goal
from models.report import Breach, Level
from models.vocabulary import PersonKind
from solver.modelling.choices import Block
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class Spacing(Rule):
    """In any ``days`` consecutive days of the month a person has at most one turn.

    Formula: for each person p and day d, max(0, sum of y[p,s] over slots in [d, d + days) - 1).
    Full-time staff of ``exempt`` kinds are left out; standing by is not a turn.

    Source: solver notes (spacing); domain notes: one lawyer had 3 turns in a month.
    """

    zh: ClassVar[str] = "值班间隔"
    en: ClassVar[str] = "spacing"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    level: Level = Level.SOFT
    goal: Goal = Goal.PREFERENCE
    days: Annotated[int, Field(ge=1, le=14)] = 3
    exempt: tuple[PersonKind, ...] = (PersonKind.OFFICER, PersonKind.MEDIATOR)

    def encode(self, model: Model) -> None:
        """At most one holder per person and window."""
        facts = model.facts
        counted = np.array([person.kind not in self.exempt for person in facts.people], dtype=bool)
        for choices in model.choices_of(self.blocks):
            held = choices.where(~choices.standby & counted[choices.person])
            day = held.half // 3
            groups, columns = [], []
            for offset in range(self.days):
                begins = day - offset
                whole = (begins >= 0) & (begins + self.days <= len(facts.days))
                groups.append((held.person * len(facts.days) + begins)[whole])
                columns.append(held.column[whole])
            model.at_most(self, np.concatenate(groups), np.concatenate(columns), 1)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Slide a window over each person's month."""
        windows = [
            set(facts.days[n : n + self.days]) for n in range(len(facts.days) - self.days + 1)
        ]
        for person in facts.people:
            dates = [turn.slot.date for turn in plan.turns_of(person.id)]
            if person.kind in self.exempt or len(dates) < 2:
                continue
            amount = sum(max(0, sum(day in window for day in dates) - 1) for window in windows)
            if amount:
                zh = f"{person.name}在 {self.days} 天内值班不止一次"
                yield self.breach(person.id, amount, zh, f"{person.name} has turns close together")
