"""Nobody works too many days in a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from models.goals import Goal
from models.report import Breach, Level
from models.vocabulary import PersonKind
from solver.modelling.choices import Block
from solver.modelling.personal.worked_days import (
    BLOCKS,
    Pattern,
    forbid,
    grid_of,
    stretches,
    worked_dates,
)
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class DaysInARow(Rule):
    """Nobody works more than ``most`` days in a row; 0 is no limit.

    A day is worked where a duty or visit of that date is held; standing by is no work. A stretch goes
    on across the border of the month: what is settled for the days around it counts.

    Formula: for each person, the number of stretches of ``most`` + 1 days, one of them at least in the
    month, all of which are worked.

    Source: 中华人民共和国劳动法 (1994, amended 2018) art. 38: at least one day of rest a week, that is at
    most 6 days in a row; 12348 hotlines with shifts; INRC 2010, "maximum number of consecutive
    working days".
    """

    zh: ClassVar[str] = "最多连续上班天数"
    en: ClassVar[str] = "most working days in a row"
    blocks: ClassVar[frozenset[Block]] = BLOCKS

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE
    most: Annotated[int, Field(ge=0, le=13)] = 0
    exempt: tuple[PersonKind, ...] = ()

    def applies_to(self, facts: Facts) -> bool:
        """Whether there is a limit."""
        return self.most > 0

    def encode(self, model: Model) -> None:
        """Not all of any ``most`` + 1 days."""
        grid = grid_of(model, self.exempt)
        forbid(model, self, grid, Pattern(tuple(range(self.most + 1)), ()))

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Walk along each stretch and count the days that make it too long."""
        one = dt.timedelta(days=1)
        for person in facts.people if self.most else ():
            if person.kind in self.exempt:
                continue
            for first, last in stretches(worked_dates(facts, plan, person.id)):
                # each day beyond the limit ends a stretch of most + 1 days
                ends = [first + n * one for n in range(self.most, (last - first).days + 1)]
                inside = [e for e in ends if facts.days[0] <= e <= facts.days[-1] + self.most * one]
                if inside:
                    length = (last - first).days + 1
                    zh = f"{person.name} {first:%m-%d} 起连续上班 {length} 天，最多 {self.most} 天"
                    en = f"{person.name} works {length} days in a row, at most {self.most}"
                    yield self.breach(person.id, len(inside), zh, en)
