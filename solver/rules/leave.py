"""Nobody serves while on leave, in court or in training."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from models.slots import leave_takes
from solver.modelling.choices import Block, Choices
from solver.modelling.rule import PairRule
from solver.modelling.spans import times
from solver.modelling.timetable import entries

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


class OnLeave(PairRule):
    """Nobody has a duty or a visit that reaches into the hours of an absence.

    上午 of a leave means the office's own hours of that part; a day goes from midnight to
    midnight. 夜间 of a date also means the night duty of that date, whatever its hours.

    Formula: the pair counts 1 where some leave of p has start < end of the duty and end > its start.

    Source: station duty rule (leave in writing beforehand); court dates announced after the
    roster (domain notes, monthly realities).
    """

    zh: ClassVar[str] = "请假与开庭"
    en: ClassVar[str] = "leave and court dates"
    reason_zh: ClassVar[str] = "请假、开庭或培训"
    reason_en: ClassVar[str] = "are on leave, in court or in training"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES, Block.VISITS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """1 where the person is absent for some minute of it."""
        start, end = times(facts, choices)
        order = np.argsort(choices.person, kind="stable")
        ordered, found = choices.person[order], np.zeros(len(choices), dtype=np.int64)
        for person, absences in facts.absences.items():
            own = order[slice(*np.searchsorted(ordered, [person, person + 1]))]
            for first, last in absences:
                found[own[(start[own] < last) & (first < end[own])]] = 1
            found[own[np.isin(choices.half[own], facts.nights_off[person])]] = 1
        return found

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Lay every duty and visit beside the leave table."""
        settings = facts.instance.settings
        for entry in entries(plan):
            for leave in facts.leave_of.get(entry.person, ()):
                if leave_takes(settings, leave, entry.day, entry.part, (entry.start, entry.end)):
                    name = facts.instance.person_by_id[entry.person].name
                    when = f"{entry.start:%Y-%m-%d %H:%M}–{entry.end:%H:%M}"
                    zh = f"{name} {when}{leave.kind.label}"
                    en = f"{name} is away on {when}"
                    yield self.breach(entry.subject, 1, zh, en)
                    break
