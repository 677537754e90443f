"""Before a night there is rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from models.goals import Goal
from models.issues import Sentence
from models.report import Breach, Level
from solver.modelling.choices import Block
from solver.modelling.rule import Rule
from solver.modelling.spans import keep_apart, spans_of, too_near
from solver.modelling.timetable import timetables

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.choices import Choices
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class RestBeforeNight(Rule):
    """Nothing ends less than ``rest_hours`` before a night begins.

    A night is whatever reaches into the hours from 22:00 to 06:00. Standing by is neither a
    night nor something to rest from.

    Formula: 1 for each night held and each duty or visit of the same person whose end e has
    start - rest_hours < e <= start, one of them at least in the month.

    Source: 劳安字〔1989〕1号: night work is work from 22:00 to 06:00; that four hours are enough
    is an assumption, so that an afternoon and a night do not make one turn of 18 hours.
    """

    zh: ClassVar[str] = "夜班前休息"
    en: ClassVar[str] = "rest before a night"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES, Block.VISITS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE
    rest_hours: Annotated[int, Field(ge=0, le=16)] = 4

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """How many settled things end too late before, or settled nights begin too soon after."""
        return too_near(facts, choices, 60 * self.rest_hours, 0)

    @property
    def bound(self) -> Sentence | None:
        """Hours of rest."""
        return Sentence(f"休息 {self.rest_hours} 小时", f"{self.rest_hours} h of rest")

    def encode(self, model: Model) -> None:
        """Not both a night and what ends too late before it."""
        for choices in model.choices_of(self.blocks):
            model.cost(self, choices.column, self.amounts(model.facts, choices))
        spans = spans_of(model.facts, model.choices_of(self.blocks))
        spans = spans.where(~spans.standby)
        before = np.where(spans.is_night, 60 * self.rest_hours, 0)
        keep_apart(model, self, spans, before, np.zeros_like(before))

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Look from the start of each night to what came before."""
        rest = dt.timedelta(hours=self.rest_hours)
        for person, entries in timetables(plan).items():
            held = [entry for entry in entries if not entry.standby]
            for night in (entry for entry in held if entry.is_night):
                for earlier in held:
                    end, both = earlier.end, night.is_settled and earlier.is_settled
                    if both or not night.start - rest < end <= night.start:
                        continue
                    name = facts.instance.person_by_id[person].name
                    zh = f"{name} {end:%m-%d %H:%M} 才结束，{night.start:%m-%d %H:%M} 又值夜班"
                    en = f"{name} ends at {end:%m-%d %H:%M}, the night begins {night.start:%H:%M}"
                    yield self.breach(person, 1, zh, en)
