"""Villages keep their adviser."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from solver.modelling.choices import Block, Choices
from solver.modelling.rule import PairRule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


NOBODY, ELSEWHERE = -1, -2
"""Instead of the number of a person: there is none, or none among the people asked about."""


class KeepAdviser(PairRule):
    """A village keeps its adviser while that person is in office and the term lasts.

    Formula: the pair counts 1 where v has a current adviser in office on the first day of the
    month, whose term in v does not end before the last one, and p is another.

    Source: domain notes: villages want to keep their adviser; contract terms of a year.
    """

    zh: ClassVar[str] = "保持原顾问"
    en: ClassVar[str] = "keep the adviser"
    reason_zh: ClassVar[str] = "不是现任顾问"
    reason_en: ClassVar[str] = "are not the present adviser"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.ADVISERS})

    level: Level = Level.SOFT
    goal: Goal = Goal.STABILITY

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """1 where the adviser would change."""
        first = facts.days[0]
        current = np.full(len(facts.villages), NOBODY, dtype=np.int64)
        for number, village in enumerate(facts.villages):
            holder = facts.instance.person_by_id.get(village.adviser or "")
            end = facts.instance.term_end(village)
            stays = end is None or end >= facts.days[-1]
            if holder is not None and stays and facts.is_active(holder, first):
                current[number] = facts.person_idx.get(holder.id, ELSEWHERE)
        holder_of = current[choices.demand]
        changes = (holder_of != NOBODY) & (holder_of != choices.person)
        return np.asarray(changes, dtype=np.int64)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Compare each adviser with the present one."""
        known, span = facts.instance.person_by_id, (facts.days[0], facts.days[-1])
        for village in facts.villages:
            before = known.get(village.adviser or "")
            until = village.adviser_until
            ended = until is not None and until < facts.days[-1]
            if before is None or ended or not all(map(partial(facts.is_active, before), span)):
                continue
            for person in plan.advisers[village.id]:
                if person != before.id:
                    zh = f"{village.name}更换顾问：{before.name} → {known[person].name}"
                    yield self.breach(village.id, 1, zh, f"{village.name} changes its adviser")
