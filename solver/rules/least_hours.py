"""Nobody has too few hours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from models.vocabulary import LimitKind
from solver.modelling.choices import Block
from solver.modelling.personal.month_limits import limits_of, number_of
from solver.modelling.personal.worked_days import BLOCKS
from solver.modelling.rule import Count, Rule
from solver.modelling.spans import times
from solver.modelling.timetable import timetables

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class LeastHours(Rule):
    """A person on the duty list serves at least ``hours`` × share hours in the month; 0 asks for none.

    Duties and visits count from start to end, ways and standing by do not. A limit of hours (班次限额)
    goes before ``hours`` and is not scaled, for its person or for each person on the duty list. Who has
    fewer is on the waiver list.

    Formula, minutes: for each person, max(0, 60 · hours[p] - minutes served).

    Source: NSPLib, "minimum number of hours"; contracts of hotline staff; 劳动合同法 art. 68: part-time
    work is contracted by the hour.
    """

    zh: ClassVar[str] = "每月最少工时"
    en: ClassVar[str] = "least hours"
    blocks: ClassVar[frozenset[Block]] = BLOCKS
    may_be_hard: ClassVar[bool] = False

    level: Level = Level.WAIVABLE
    goal: Goal = Goal.WAIVABLE
    hours: Count = 0

    def applies_to(self, facts: Facts) -> bool:
        """Whether anybody is asked for hours."""
        return self.hours > 0 or bool(limits_of(facts, LimitKind.HOURS, "least"))

    def encode(self, model: Model) -> None:
        """At least the minutes of each person."""
        people, columns, minutes = [], [], []
        for choices in model.choices_of(self.blocks):
            held = choices.holding()
            start, end = times(model.facts, held)
            people.append(held.person)
            columns.append(held.column)
            minutes.append(end - start)
        person, column, length = map(np.concatenate, (people, columns, minutes))
        model.at_least(self, person, column, self._minutes(model.facts), coef=length)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Add up what each person serves."""
        least = self._minutes(facts)
        entries = timetables(plan)
        for number, person in enumerate(facts.people):
            own = [e for e in entries.get(person.id, ()) if not (e.standby or e.is_settled)]
            served = sum(round((e.end - e.start).total_seconds() / 60) for e in own)
            if served < least[number]:
                zh = f"{person.name}本月 {served / 60:.1f} 小时，最少 {least[number] / 60:.1f} 小时"
                en = f"{person.name} has {served / 60:.1f} h, at least {least[number] / 60:.1f} h"
                yield self.breach(person.id, int(least[number]) - served, zh, en)

    def _minutes(self, facts: Facts) -> Ints:
        asked = [60 * self.hours * p.share if p.is_duty else 0 for p in facts.people]
        usual = np.rint(np.array(asked)).astype(np.int64)
        rows = limits_of(facts, LimitKind.HOURS, "least")
        named = number_of(rows, "least", np.full_like(usual, -1))
        return np.where(named >= 0, 60 * named, usual)
