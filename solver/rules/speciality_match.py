"""People are good at what the village or post needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from models.goals import Goal
from models.report import Breach, Level
from models.vocabulary import Speciality
from solver.modelling.choices import Block, Choices
from solver.modelling.rule import PairRule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


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
        fields, people = list(Speciality), facts.people
        # field by field: a table of people × villages of a province would fill the memory
        if choices.block is Block.ADVISERS:
            unmet = np.zeros(len(choices), dtype=np.int64)
            for field in fields:
                lacks = np.array([field not in p.specialities for p in people], dtype=bool)
                need = np.array([v.demand.get(field, 0) for v in facts.villages], dtype=np.int64)
                unmet += lacks[choices.person] * need[choices.demand]
            return unmet
        has = _bits(fields, [p.specialities for p in people])[choices.person]
        asked = _bits(fields, [s.post.specialities for s in facts.slots])[choices.demand]
        return np.asarray((asked > 0) & (has & asked == 0), dtype=np.int64)

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


def _bits(fields: Sequence[Speciality], named: Iterable[Iterable[Speciality]]) -> Ints:
    """Return a whole number per row, one bit for each field named."""
    rows = [sum(1 << fields.index(field) for field in set(row)) for row in named]
    return np.array(rows, dtype=np.int64)
