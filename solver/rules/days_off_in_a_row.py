"""Days off come several in a row."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from models.goals import Goal
from models.report import Breach, Level
from models.vocabulary import PersonKind
from solver.modelling.choices import Block
from solver.modelling.personal.worked_days import BLOCKS, Pattern, forbid, grid_of, worked_dates
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class DaysOffInARow(Rule):
    """Who has days off between working days has at least ``least`` of them in a row; 0 is no limit.

    A day is worked where a duty or visit of that date is held; standing by is no work. What is settled
    for the days around the month counts; a stretch of days off whose end lies outside the month and is
    not known is not judged.

    Formula: for each person and each stretch of k < ``least`` days off between two working days, the
    days from the one to the other lying at least partly in the month, ``least`` - k.

    Source: NSP and INRC 2010, "minimum number of consecutive free days"; 劳动法 art. 38 (weekly rest);
    that one free day between two working days is none is an office's wish.
    """

    zh: ClassVar[str] = "最少连休天数"
    en: ClassVar[str] = "fewest days off in a row"
    blocks: ClassVar[frozenset[Block]] = BLOCKS

    level: Level = Level.SOFT
    goal: Goal = Goal.PREFERENCE
    least: Annotated[int, Field(ge=0, le=7)] = 0
    exempt: tuple[PersonKind, ...] = ()

    def applies_to(self, facts: Facts) -> bool:
        """Whether more than a single day off is asked for."""
        return self.least > 1

    def encode(self, model: Model) -> None:
        """Price each too short stretch between two working days by the days it lacks."""
        grid = grid_of(model, self.exempt)
        for off in range(1, self.least):
            ends = (0, off + 1)
            forbid(
                model, self, grid, Pattern(ends, tuple(range(1, off + 1))), amount=self.least - off
            )

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Look from each working day to the next."""
        for person in facts.people:
            if person.kind in self.exempt:
                continue
            dates = worked_dates(facts, plan, person.id)
            for day, following in itertools.pairwise(dates):
                off = (following - day).days - 1
                is_ours = following >= facts.days[0] and day <= facts.days[-1]
                if is_ours and 0 < off < self.least:
                    zh = f"{person.name} {day:%m-%d} 后只休 {off} 天，至少连休 {self.least} 天"
                    en = f"{person.name} has {off} day(s) off after {day:%m-%d}, at least {self.least}"
                    yield self.breach(person.id, self.least - off, zh, en)
