"""After a night there is rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from models.calendar import ZONE
from models.goals import Goal
from models.report import Breach, Level
from models.slots import part_times
from models.vocabulary import Part
from solver.modelling.choices import Block
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.choices import Choices
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class RestAfterNight(Rule):
    """After a night duty nothing starts within ``rest_hours`` of its end.

    Formula: 1 for each night held and each duty or visit of the same person that starts on the
    next day earlier than end + rest_hours.

    Source: domain notes: rest after night, no morning court duty; Shijiazhuang 2023 night line;
    England 2000s: a 24-hour turn split on health grounds.
    """

    zh: ClassVar[str] = "夜班后休息"
    en: ClassVar[str] = "rest after a night"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES, Block.VISITS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE
    rest_hours: Annotated[int, Field(ge=0, le=16)] = 11

    def encode(self, model: Model) -> None:
        """Not both a night and what starts too early next day."""
        timed = [_timed(model.facts, choices) for choices in model.choices_of(self.blocks)]
        person, half, start, end, column = (
            np.concatenate(rows) for rows in zip(*timed, strict=True)
        )
        firsts, seconds = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for night in np.flatnonzero(half % 3 == 2):
            next_day = (half // 3 == half[night] // 3 + 1) & (person == person[night])
            early = np.flatnonzero(next_day & (start < end[night] + 60 * self.rest_hours))
            firsts.append(np.full(len(early), column[night]))
            seconds.append(column[early])
        first, second = np.concatenate(firsts), np.concatenate(seconds)
        group = np.tile(np.arange(len(first)), 2)
        model.at_most(self, group, np.concatenate([first, second]), 1)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Look from each night to the day after."""
        for night in (s for s in plan.sittings if s.slot.part is Part.NIGHT and not s.standby):
            tomorrow = night.slot.date + dt.timedelta(days=1)
            begins = [t.slot.start for t in plan.turns_of(night.person) if t.slot.date == tomorrow]
            for visit in plan.visits_of[night.person]:
                if visit.date == tomorrow:
                    begins.append(part_times(facts.instance.settings, visit.date, visit.part)[0])
            for begin in begins:
                if begin < night.slot.end + dt.timedelta(hours=self.rest_hours):
                    name = facts.instance.person_by_id[night.person].name
                    zh = f"{name} {night.slot.date} 夜班后 {begin:%m-%d %H:%M} 又有安排"
                    yield self.breach(
                        night.person, 1, zh, f"{name} starts again at {begin:%m-%d %H:%M}"
                    )


def _timed(facts: Facts, choices: Choices) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Person, half, start and end in minutes of the month, column; standbys left out."""
    zero = dt.datetime.combine(facts.days[0], dt.time(), ZONE)
    if choices.block is Block.DUTIES:
        choices = choices.holding()
        spans, index = [(slot.start, slot.end) for slot in facts.slots], choices.demand
    else:
        dated = [facts.half_date(half) for half in range(3 * len(facts.days))]
        spans = [part_times(facts.instance.settings, day, part) for day, part in dated]
        index = choices.half
    minutes = [[(moment - zero).total_seconds() // 60 for moment in span] for span in spans]
    start, end = np.array(minutes, dtype=np.int64).reshape(-1, 2)[index].T
    return choices.person, choices.half, start, end, choices.column
