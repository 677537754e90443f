"""A post for special cases is held by people trained for them."""

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


class SpecialCases(PairRule):
    """Whoever holds a post has every special qualification (专项资格) that the post asks for.

    Formula: the pair counts the qualifications of the post that the person lacks.

    Source: Law on the Protection of Minors 2020 art. 101 and Legal Aid Law 2021 (minors' cases by
    people who know minors); domain notes: dialect, women's cases, minors.
    """

    zh: ClassVar[str] = "专项资格"
    en: ClassVar[str] = "special cases"
    reason_zh: ClassVar[str] = "不具备专项资格"
    reason_en: ClassVar[str] = "lack a special qualification"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    level: Level = Level.WAIVABLE
    goal: Goal = Goal.WAIVABLE

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """How many of the post's qualifications the person lacks."""
        asked = [slot.post.special_cases for slot in facts.slots]
        number = {words: n for n, words in enumerate(dict.fromkeys(asked))}
        lacks = np.zeros((len(facts.people), len(number)), dtype=np.int64)
        if any(number):
            for row, person in enumerate(facts.people):
                lacks[row] = [len(set(words) - set(person.special_cases)) for words in number]
        of_slot = np.array([number[words] for words in asked], dtype=np.int64)
        return lacks[choices.person, of_slot[choices.demand]]

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Compare each sitting with its post."""
        for sitting in plan.sittings:
            person, post = facts.instance.person_by_id[sitting.person], sitting.slot.post
            lacking = [
                w for w in dict.fromkeys(post.special_cases) if w not in person.special_cases
            ]
            if lacking:
                zh = f"{post.name}要求{'、'.join(lacking)}，{person.name}不具备"
                en = f"{person.name} is not trained for {', '.join(lacking)}"
                yield self.breach(sitting.slot.id, len(lacking), zh, en)
