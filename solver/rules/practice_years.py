"""A duty asks for years in practice."""

from __future__ import annotations

from collections.abc import Iterator
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


class PracticeYears(PairRule):
    """People on a post have at least the years in practice it asks for.

    Formula: the pair counts 1 where years[p] < years[post].

    Source: Legal Aid Law 2021 art. 26 (3 years for life and death cases); Jiangsu opinion:
    3 years for procuratorate duty; Dinghai 2021: 2 years; Chongqing hotline 2023: 1 year.
    """

    zh: ClassVar[str] = "执业年限"
    en: ClassVar[str] = "years in practice"
    reason_zh: ClassVar[str] = "执业年限不足"
    reason_en: ClassVar[str] = "lack years in practice"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """1 where years are short."""
        years = np.array([person.practice_years for person in facts.people], dtype=np.float64)
        asked = np.array([slot.post.practice_years for slot in facts.slots], dtype=np.float64)
        return (years[choices.person] < asked[choices.demand]).astype(np.int64)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Compare each sitting with its post."""
        for sitting in plan.sittings:
            person, post = facts.instance.person_by_id[sitting.person], sitting.slot.post
            if person.practice_years < post.practice_years:
                zh = f"{person.name}执业 {person.practice_years:g} 年，{post.name}要求 {post.practice_years:g} 年"
                en = f"{person.name} has {person.practice_years:g} of {post.practice_years:g} years in practice"
                yield self.breach(sitting.slot.id, 1, zh, en)
