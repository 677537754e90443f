"""People serve only while they are in office and on the list for the task."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from solver.modelling.choices import OF_PEOPLE, Block, Choices
from solver.modelling.rule import PairRule
from solver.modelling.spans import DAY_MINUTES, times
from solver.modelling.timetable import entries

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


class OnTheList(PairRule):
    """Advisers are on the adviser list, duty people on the duty list, all of them in office.

    A standing seat asks for the first day of the month. That of a village asks for the last one too, so
    that who leaves within the month hands the village over, and begins when the present adviser's term
    ends in the month. A duty asks for the day of its start and that of its last minute: a night ends in
    office too.
    Formula: the pair counts 1 where list[p, task] is false or a day lies outside the office term.

    Source: Wujiang (Shaoguan) 2024-12: duty list per firm; Dinghai (Zhoushan) 2021: two-year terms.
    """

    zh: ClassVar[str] = "名单与任期"
    en: ClassVar[str] = "on the list and in office"
    is_broad: ClassVar[bool] = True
    reason_zh: ClassVar[str] = "不在名单上或不在任期内"
    reason_en: ClassVar[str] = "are not on the list or not in office"
    blocks: ClassVar[frozenset[Block]] = OF_PEOPLE

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """1 where the person is not listed or not in office."""
        terms = [(p.active_from or dt.date.min, p.active_to or dt.date.max) for p in facts.people]
        numbers = [(joins.toordinal(), leaves.toordinal()) for joins, leaves in terms]
        first, last = np.array(numbers, dtype=np.int64).reshape(-1, 2).T
        begins, ends = np.zeros((2, len(choices)), dtype=np.int64)
        if choices.block is Block.ADVISERS:
            begins = self._first_days(facts)[choices.demand]
            ends = np.full(len(choices), len(facts.days) - 1)
        elif choices.block in (Block.DUTIES, Block.VISITS):
            start, end = times(facts, choices)
            begins, ends = start // DAY_MINUTES, (end - 1) // DAY_MINUTES
        zero = facts.days[0].toordinal()
        listed = np.ones(len(facts.people), dtype=bool)
        if choices.block is Block.ADVISERS:
            listed = np.array([person.is_adviser for person in facts.people], dtype=bool)
        if choices.block is Block.DUTIES:
            listed = np.array([person.is_duty for person in facts.people], dtype=bool)
        begun, ended = first[choices.person] <= zero + begins, zero + ends <= last[choices.person]
        in_office = begun & ended
        serves = listed[choices.person] & in_office
        return np.asarray(~serves, dtype=np.int64)

    def _first_days(self, facts: Facts) -> Ints:
        found = np.zeros(len(facts.villages), dtype=np.int64)
        for village, row in facts.leaving.items():
            found[facts.village_idx[village]] = facts.day_idx[row.next_day]
        return found

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Ask everyone for list and term."""
        known, first, last = facts.instance.person_by_id, facts.days[0], facts.days[-1]
        duties = {sitting.slot.id for sitting in plan.sittings}
        seats = [
            (v, p, known[p].is_adviser, (facts.seat_begins(v), last))
            for v, ps in plan.advisers.items()
            for p in ps
        ]
        seats += [(s, p, True, (first, first)) for s, ps in plan.mediators.items() for p in ps]
        for entry in entries(plan):
            is_listed = known[entry.person].is_duty or entry.subject not in duties
            days = entry.start.date(), (entry.end - dt.timedelta(microseconds=1)).date()
            seats.append((entry.subject, entry.person, is_listed, days))
        for subject, person_id, is_listed, days in seats:
            person = known[person_id]
            outside = [day for day in days if not facts.is_active(person, day)]
            if outside or not is_listed:
                day = outside[0] if outside else days[0]
                zh = f"{person.name}在 {day} 不在名单上或不在任期内"
                yield self.breach(
                    subject, 1, zh, f"{person.name} is not listed or not in office on {day}"
                )
