"""Nobody works too many weekends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from models.goals import Goal
from models.report import Breach, Level
from models.vocabulary import LimitKind, PersonKind
from solver.modelling.choices import Block
from solver.modelling.personal.month_limits import limits_of, number_of
from solver.modelling.personal.worked_days import BLOCKS, worked_dates
from solver.modelling.rule import UNBOUNDED, Rule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class WeekendsWorked(Rule):
    """A person works on at most ``most`` weekends of the month; 0 is no limit.

    A weekend is a Saturday and the Sunday after it, make-up workdays left out; it is worked where a
    duty or visit of one of these dates in the month is held. Standing by is no work. A limit of
    weekends (班次限额) goes before ``most``, for its person or for each person on the duty list.

    Formula: for each person, max(0, weekends worked - most).

    Source: NSP and INRC 2010, "maximum number of working weekends"; Jinan 12348 and courts: weekends in
    rotation.
    """

    zh: ClassVar[str] = "上班周末上限"
    en: ClassVar[str] = "most weekends worked"
    blocks: ClassVar[frozenset[Block]] = BLOCKS

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE
    most: Annotated[int, Field(ge=0, le=6)] = 0
    exempt: tuple[PersonKind, ...] = ()

    def applies_to(self, facts: Facts) -> bool:
        """Whether there is a limit for anybody."""
        return self.most > 0 or bool(limits_of(facts, LimitKind.WEEKENDS, "most"))

    def encode(self, model: Model) -> None:
        """At most so many weekends with a mark."""
        facts = model.facts
        week = np.array([day.isocalendar().week for day in facts.days], dtype=np.int64)
        rest = [day.isoweekday() > 5 and day not in facts.workdays for day in facts.days]
        is_rest = np.array(rest, dtype=bool)
        groups, columns = [], []
        for choices in model.choices_of(self.blocks):
            held = choices.holding()
            held = held.where(is_rest[held.half // 3])
            groups.append(held.person * _WEEKS + week[held.half // 3])
            columns.append(held.column)
        group, mark = model.marks(np.concatenate(groups), np.concatenate(columns))
        model.at_most(self, group // _WEEKS, mark, self._limits(facts))

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the weekends on which each person works."""
        most = self._limits(facts)
        for number, person in enumerate(facts.people):
            dates = [day for day in worked_dates(facts, plan, person.id) if day in facts.day_idx]
            weekends = {
                day.isocalendar()[:2]
                for day in dates
                if day.isoweekday() in (6, 7) and not facts.calendar.is_workday(day)
            }
            if len(weekends) > most[number]:
                zh = f"{person.name}有 {len(weekends)} 个周末上班，最多 {most[number]} 个"
                en = f"{person.name} works {len(weekends)} weekends, at most {most[number]}"
                yield self.breach(person.id, len(weekends) - int(most[number]), zh, en)

    def _limits(self, facts: Facts) -> Ints:
        usual = np.full(len(facts.people), self.most or UNBOUNDED, dtype=np.int64)
        usual[[person.kind in self.exempt for person in facts.people]] = UNBOUNDED
        rows = limits_of(facts, LimitKind.WEEKENDS, "most")
        return number_of(rows, "most", usual)


_WEEKS = 54
"""More than the number of any week of a year."""
