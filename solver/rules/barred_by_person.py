"""Nobody is given what is barred for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.people import Wish
from models.report import Breach, Level
from models.vocabulary import Attitude
from solver.modelling.choices import Block, Choices
from solver.modelling.personal.wishing import matches, times_met
from solver.modelling.rule import PairRule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


class BarredByPerson(PairRule):
    """What 不得安排 in the sheet of wishes names is not given to that person.

    One post on one date, a part of the day, a weekday, a site, a village or its seat: what a row speaks
    of is as for wishes. Standing by is not barred, and a duty that others may hold is left to them.
    Formula: for each such row, the number of assignments of its person that match it.

    Source: INRC 2010, "shift off request"; hotlines and courts: a lawyer is not to sit a certain shift of
    a certain day though there on that day.
    """

    zh: ClassVar[str] = "不得安排"
    en: ClassVar[str] = "barred for a person"
    reason_zh: ClassVar[str] = "已注明不得安排"
    reason_en: ClassVar[str] = "have it barred"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.ADVISERS, Block.DUTIES, Block.VISITS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def applies_to(self, facts: Facts) -> bool:
        """Whether anything is barred."""
        return bool(_rows(facts))

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """How many rows speak of each pair."""
        found = np.zeros(len(choices), dtype=np.int64)
        for row in _rows(facts):
            found += matches(facts, choices, row)
        return found

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Hold each row against what the person got."""
        for row in _rows(facts):
            times = times_met(plan, row)
            if times:
                name = facts.instance.person_by_id[row.person].name
                zh = f"{name}不得安排的事项出现 {times} 次"
                yield self.breach(row.person, times, zh, f"{name}: barred, given {times} times")


def _rows(facts: Facts) -> list[Wish]:
    """Return what is barred for the people of these facts."""
    barred = [wish for wish in facts.instance.wishes if wish.attitude is Attitude.BARRED]
    return [wish for wish in barred if wish.person in facts.person_idx]
