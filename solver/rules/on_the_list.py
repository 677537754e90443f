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

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


class OnTheList(PairRule):
    """Advisers are on the adviser list, duty people on the duty list, all of them in office.

    A standing seat asks for the first day of the month, a duty for its day.
    Formula: the pair counts 1 where list[p, task] is false or the day lies outside the office term.

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
        numbers = [(begun.toordinal(), ended.toordinal()) for begun, ended in terms]
        first, last = np.array(numbers, dtype=np.int64).reshape(-1, 2).T
        day = facts.days[0].toordinal() + np.where(choices.half >= 0, choices.half // 3, 0)
        listed = np.ones(len(facts.people), dtype=bool)
        if choices.block is Block.ADVISERS:
            listed = np.array([person.is_adviser for person in facts.people], dtype=bool)
        if choices.block is Block.DUTIES:
            listed = np.array([person.is_duty for person in facts.people], dtype=bool)
        in_office = (first[choices.person] <= day) & (day <= last[choices.person])
        serves = listed[choices.person] & in_office
        return np.asarray(~serves, dtype=np.int64)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Ask everyone for list and term."""
        known, first = facts.instance.person_by_id, facts.days[0]
        seats = [(v, p, known[p].is_adviser, first) for v, ps in plan.advisers.items() for p in ps]
        seats += [(s, p, True, first) for s, ps in plan.mediators.items() for p in ps]
        seats += [
            (s.slot.id, s.person, known[s.person].is_duty, s.slot.date) for s in plan.sittings
        ]
        seats += [(v.village, v.person, True, v.date) for v in plan.roster.visits]
        for subject, person_id, is_listed, day in seats:
            person = known[person_id]
            if not (is_listed and facts.is_active(person, day)):
                zh = f"{person.name}在 {day} 不在名单上或不在任期内"
                yield self.breach(
                    subject, 1, zh, f"{person.name} is not listed or not in office on {day}"
                )
