"""Turns of one person lie some days apart."""

from __future__ import annotations

import datetime as dt
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
    from models.arrays import Ints
    from solver.modelling.borders import Settled
    from solver.modelling.choices import Choices
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class Spacing(Rule):
    """In any ``days`` consecutive days a person has at most one turn.

    Formula: for each person p and day d, max(0, sum of y[p,s] over slots in [d, d + days) - 1),
    for stretches inside the month; and the sum of y[p,s] over those that reach beyond it and
    hold a turn of p settled there.
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

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """In how many stretches a duty lies together with a settled turn."""
        near = np.zeros((len(facts.people), len(facts.days)), dtype=np.int64)
        for person, things in facts.settled.items():
            row, numbers = (
                facts.person_idx.get(person, -1),
                [_number(facts, t) for t in things if t.is_turn],
            )
            if row < 0 or facts.people[row].kind in self.exempt:
                continue
            for day in range(len(facts.days)):
                stretches = (range(b, b + self.days) for b in range(day - self.days + 1, day + 1))
                near[row, day] = sum(any(n in s for n in numbers) for s in stretches)
        return np.where(choices.standby, 0, near[choices.person, choices.half // 3])

    def encode(self, model: Model) -> None:
        """At most one holder per person and window."""
        facts = model.facts
        for choices in model.choices_of(self.blocks):
            model.cost(self, choices.column, self.amounts(facts, choices))
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
            if person.kind in self.exempt or not dates:
                continue
            amount = sum(max(0, sum(day in window for day in dates) - 1) for window in windows)
            settled = [thing.day for thing in facts.settled.get(person.id, ()) if thing.is_turn]
            amount += sum(self._together(day, settled) for day in dates)
            if amount:
                zh = f"{person.name}在 {self.days} 天内值班不止一次"
                yield self.breach(person.id, amount, zh, f"{person.name} has turns close together")

    def _together(self, day: dt.date, settled: list[dt.date]) -> int:
        """Count the stretches that hold a day of the month and a turn outside it."""
        one, length = dt.timedelta(days=1), dt.timedelta(days=self.days)
        firsts = (day - number * one for number in range(self.days))
        return sum(any(first <= other < first + length for other in settled) for first in firsts)


def _number(facts: Facts, thing: Settled) -> int:
    """Return the number of a day outside the month, counted from its first day."""
    return (thing.day - facts.days[0]).days
