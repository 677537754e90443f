"""Working days come several in a row."""

from __future__ import annotations

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


class FewestInARow(Rule):
    """Who works, works at least ``least`` days in a row; 0 is no limit.

    A day is worked where a duty or visit of that date is held; standing by is no work. What is settled
    for the days around the month counts; a stretch that touches the border of the month is judged
    only where something of that person is settled beyond it.

    Formula: for each person and each stretch of k < ``least`` working days between two days off, one of
    the working days at least in the month, ``least`` - k.

    Source: NSP and INRC 2010, "minimum number of consecutive working days"; for people who come from
    far and stay for some days, an office's wish.
    """

    zh: ClassVar[str] = "最少连续上班天数"
    en: ClassVar[str] = "fewest working days in a row"
    blocks: ClassVar[frozenset[Block]] = BLOCKS

    level: Level = Level.SOFT
    goal: Goal = Goal.PREFERENCE
    least: Annotated[int, Field(ge=0, le=7)] = 0
    exempt: tuple[PersonKind, ...] = ()

    def applies_to(self, facts: Facts) -> bool:
        """Whether more than a single day is asked for."""
        return self.least > 1

    def encode(self, model: Model) -> None:
        """Price each too short stretch between two days off by the days it lacks."""
        grid = grid_of(model, self.exempt)
        for days in range(1, self.least):
            inside = tuple(range(1, days + 1))
            forbid(model, self, grid, Pattern(inside, (0, days + 1)), amount=self.least - days)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Measure each stretch whose ends are known."""
        start, end = facts.days[0], facts.days[-1]
        for person in facts.people:
            if person.kind in self.exempt:
                continue
            dates = worked_dates(facts, plan, person.id)
            for first, last in stretches(dates):
                begins = first > start or any(day < start for day in dates)
                stops = last < end or any(day > end for day in dates)
                length = (last - first).days + 1
                is_ours = first <= end and start <= last
                if begins and stops and is_ours and length < self.least:
                    zh = f"{person.name} {first:%m-%d} 起只上 {length} 天班，至少连续 {self.least} 天"
                    en = f"{person.name} works {length} day(s) from {first:%m-%d}, at least {self.least}"
                    yield self.breach(person.id, self.least - length, zh, en)
