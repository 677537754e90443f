"""After a night there is rest."""

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


class RestAfterNight(Rule):
    """After a night nothing starts within ``rest_hours`` of its end.

    A night is whatever reaches into the hours from 22:00 to 06:00: what ends after 22:00,
    crosses midnight or begins before 06:00. Standing by is neither a night nor a start.

    Formula: 1 for each night held and each duty or visit of the same person whose start s has
    end <= s < end + rest_hours, one of them at least in the month: what is settled for the days
    around it counts.

    Source: 劳安字〔1989〕1号: night work is work from 22:00 to 06:00; domain notes: rest after
    night, no morning court duty; Shijiazhuang 2023 night line; England 2000s: a 24-hour turn
    split on health grounds.
    """

    zh: ClassVar[str] = "夜班后休息"
    en: ClassVar[str] = "rest after a night"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES, Block.VISITS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE
    rest_hours: Annotated[int, Field(ge=0, le=16)] = 11

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """How many settled nights come too close before, or settled things too soon after."""
        return too_near(facts, choices, 0, 60 * self.rest_hours)

    @property
    def bound(self) -> Sentence | None:
        """Hours of rest."""
        return Sentence(f"休息 {self.rest_hours} 小时", f"{self.rest_hours} h of rest")

    def encode(self, model: Model) -> None:
        """Not both a night and what starts too early after it."""
        for choices in model.choices_of(self.blocks):
            model.cost(self, choices.column, self.amounts(model.facts, choices))
        spans = spans_of(model.facts, model.choices_of(self.blocks))
        spans = spans.where(~spans.standby)
        after = np.where(spans.is_night, 60 * self.rest_hours, 0)
        keep_apart(model, self, spans, np.zeros_like(after), after)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Look from the end of each night to what comes next."""
        rest = dt.timedelta(hours=self.rest_hours)
        for person, entries in timetables(plan).items():
            held = [entry for entry in entries if not entry.standby]
            for night in (entry for entry in held if entry.is_night):
                for later in held:
                    begin, both = later.start, night.is_settled and later.is_settled
                    if both or not night.end <= begin < night.end + rest:
                        continue
                    name = facts.instance.person_by_id[person].name
                    zh = f"{name} {night.day} 夜班 {night.end:%m-%d %H:%M} 结束，{begin:%m-%d %H:%M} 又有安排"
                    en = f"{name} starts again at {begin:%m-%d %H:%M}"
                    yield self.breach(person, 1, zh, en)
