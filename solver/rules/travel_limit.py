"""Nobody is sent farther than the limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.issues import Sentence
from models.report import Breach, Level
from models.vocabulary import Mode
from solver.modelling.choices import Block, Choices
from solver.modelling.rule import Count, PairRule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


class TravelLimit(PairRule):
    """Nobody travels more than ``minutes`` one way to a seat or a duty on site.

    Formula: the pair counts max(0, t[p,d] - minutes).

    Source: domain range (mountain townships 30-120 min, county seat + 60); an office choice.
    """

    zh: ClassVar[str] = "路途上限"
    en: ClassVar[str] = "travel limit"
    reason_zh: ClassVar[str] = "路途超过上限"
    reason_en: ClassVar[str] = "are beyond the travel limit"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.ADVISERS, Block.MEDIATORS, Block.DUTIES})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE
    minutes: Count = 120

    @property
    def bound(self) -> Sentence | None:
        """Minutes one way."""
        return Sentence(f"单程 {self.minutes} 分钟", f"{self.minutes} min one way")

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """Minutes beyond the limit; nothing for remote and on-call duties."""
        beyond = np.maximum(choices.minutes - self.minutes, 0)
        if choices.block is Block.DUTIES:
            onsite = np.array([s.post.mode is Mode.ONSITE for s in facts.slots], dtype=bool)
            beyond = np.where(onsite[choices.demand], beyond, 0)
        return beyond

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Measure every seat and on-site duty."""
        found = [(v, p, facts.village_place(v)) for v, ps in plan.advisers.items() for p in ps]
        found += [(s, p, facts.site_place(s)) for s, ps in plan.mediators.items() for p in ps]
        for sitting in plan.sittings:
            if sitting.slot.post.mode is Mode.ONSITE:
                place = facts.site_place(sitting.slot.site.id)
                found.append((sitting.slot.id, sitting.person, place))
        for subject, person, place in found:
            taken = facts.minutes(person, place)
            if taken > self.minutes:
                name = facts.instance.person_by_id[person].name
                zh = f"{name}单程 {taken} 分钟，上限 {self.minutes} 分钟"
                en = f"{name} travels {taken} min one way, limit {self.minutes}"
                yield self.breach(subject, taken - self.minutes, zh, en)
