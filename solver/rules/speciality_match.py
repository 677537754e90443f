"""People are good at what the village or post needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from models.report import Breach, Level
from models.vocabulary import Speciality
from solver.choices import Block, Choices
from solver.goals import Goal
from solver.rules.base import PairRule

if TYPE_CHECKING:
    from models.travel import Ints
    from solver.facts import Facts
    from solver.reading import Reading


class SpecialityMatch(PairRule):
    """The adviser covers the fields the village asks about, the holder those of the post.

    Formula: an adviser counts the monthly matters of v in fields p lacks; a duty counts 1 where
    the post names fields and p has none of them.

    Source: S0, S4: precise matching of supply and demand; Conghua (Guangzhou) 2025: need list
    per village and speciality.
    """

    zh: ClassVar[str] = "专业匹配"
    en: ClassVar[str] = "speciality match"
    reason_zh: ClassVar[str] = "专长不符"
    reason_en: ClassVar[str] = "lack the speciality"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.ADVISERS, Block.DUTIES})

    level: Level = Level.SOFT
    goal: Goal = Goal.TRAVEL
    weight: Annotated[int, Field(ge=0, le=1000)] = 3

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """Matters (advisers) or 1 (duties) not matched."""
        fields = list(Speciality)
        has = np.array(
            [[f in p.specialities for f in fields] for p in facts.people], dtype=np.int64
        )
        if choices.block is Block.ADVISERS:
            need = np.array(
                [[v.demand.get(f, 0) for f in fields] for v in facts.villages], dtype=np.int64
            )
            unmet = (1 - has.reshape(-1, len(fields))) @ need.reshape(-1, len(fields)).T
            return np.asarray(unmet[choices.person, choices.demand], dtype=np.int64)
        asked = np.array(
            [[f in s.post.specialities for f in fields] for s in facts.slots], dtype=np.int64
        )
        shared = has.reshape(-1, len(fields)) @ asked.reshape(-1, len(fields)).T
        lacking = (shared == 0) & (asked.reshape(-1, len(fields)).sum(axis=1) > 0)
        return np.asarray(lacking[choices.person, choices.demand], dtype=np.int64)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Add up what nobody covers."""
        known, villages = facts.instance.person_by_id, facts.instance.village_by_id
        for village_id, people in plan.advisers.items():
            for person in (known[p] for p in people):
                demand = villages[village_id].demand
                unmet = sum(n for field, n in demand.items() if field not in person.specialities)
                if unmet:
                    zh = f"{villages[village_id].name}每月 {unmet} 件不在{person.name}专长之内"
                    en = f"{unmet} matters a month outside {person.name}'s fields"
                    yield self.breach(village_id, unmet, zh, en)
        for sitting in plan.sittings:
            asked, person = set(sitting.slot.post.specialities), known[sitting.person]
            if asked and not asked & set(person.specialities):
                zh, en = (
                    f"{person.name}没有{sitting.slot.post.name}所需专长",
                    f"{person.name} lacks the field",
                )
                yield self.breach(sitting.slot.id, 1, zh, en)
