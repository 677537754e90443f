"""The language of the place is spoken."""

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


class Language(PairRule):
    """A village or post that asks for languages gets somebody who speaks one of them.

    Formula: the pair counts 1 where languages[d] is not empty and shares none with languages[p].

    Source: Guangdong 12348: Mandarin, Cantonese, Hakka, Teochew; domain notes: dialect needs.
    """

    zh: ClassVar[str] = "语言"
    en: ClassVar[str] = "language"
    reason_zh: ClassVar[str] = "语言不符"
    reason_en: ClassVar[str] = "do not speak the language"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.ADVISERS, Block.DUTIES})

    level: Level = Level.WAIVABLE
    goal: Goal = Goal.TRAVEL

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """1 where no language is shared."""
        asked = [s.post.languages for s in facts.slots]
        if choices.block is Block.ADVISERS:
            asked = [village.languages for village in facts.villages]
        number = {words: n for n, words in enumerate(dict.fromkeys(asked))}
        wanted = np.array([number[words] for words in asked], dtype=np.int64)
        misses = np.zeros((len(facts.people), len(number)), dtype=np.int64)
        for row, person in enumerate(facts.people):
            misses[row] = [bool(w) and set(w).isdisjoint(person.languages) for w in number]
        return misses[choices.person, wanted[choices.demand]]

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Compare the languages of each pair."""
        known, villages = facts.instance.person_by_id, facts.instance.village_by_id
        pairs = [(v, p, villages[v].languages) for v, ps in plan.advisers.items() for p in ps]
        pairs += [(s.slot.id, s.person, s.slot.post.languages) for s in plan.sittings]
        for subject, person_id, wanted in pairs:
            if wanted and not set(wanted) & set(known[person_id].languages):
                zh = f"{known[person_id].name}不会{'、'.join(wanted)}"
                yield self.breach(
                    subject, 1, zh, f"{known[person_id].name} speaks none of {', '.join(wanted)}"
                )
