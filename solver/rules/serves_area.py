"""People serve only inside the areas named for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.arrays import Flags
from models.goals import Goal
from models.people import Person
from models.report import Breach, Level
from solver.modelling.choices import Block, Choices
from solver.modelling.rule import PairRule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


class ServesArea(PairRule):
    """A person with named areas serves only inside them; for duties other areas may be named.

    Formula: the pair counts 1 where areas[p] is not empty and holds neither the place's area
    nor one above it; areas[p] are ``duty_areas`` for duties where given, else ``serves_areas``.

    Source: Legal Aid Law 2021 art. 18 (supply across regions is the exception); S4 芜湖 2021:
    mediators belong to a town committee.
    """

    zh: ClassVar[str] = "服务区划"
    en: ClassVar[str] = "areas served"
    is_broad: ClassVar[bool] = True
    reason_zh: ClassVar[str] = "不服务该区划"
    reason_en: ClassVar[str] = "do not serve the area"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.ADVISERS, Block.MEDIATORS, Block.DUTIES})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def may_serve(self, facts: Facts, block: Block) -> Flags:
        """Each person's areas and what lies inside them."""
        serves = np.ones((len(facts.people), len(facts.areas)), dtype=bool)
        for row, person in enumerate(facts.people):
            own = _areas(person, is_duty=block is Block.DUTIES)
            if own:
                serves[row] = facts.inside(own)
        return serves

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """1 where the place lies outside the person's areas."""
        serves = self.may_serve(facts, choices.block)
        return (~serves[choices.person, facts.area_of_place[choices.place]]).astype(np.int64)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Climb from each place to see whether the person serves one of its areas."""
        instance = facts.instance
        held = [(instance.village_by_id[v], p) for v, ps in plan.advisers.items() for p in ps]
        found = [(v.id, v.name, v.area, p, False) for v, p in held]
        at = [(instance.site_by_id[s], p) for s, ps in plan.mediators.items() for p in ps]
        found += [(site.id, site.name, site.area, p, False) for site, p in at]
        found += [
            (s.slot.id, s.slot.site.name, s.slot.site.area, s.person, True) for s in plan.sittings
        ]
        for subject, name, area, person_id, is_duty in found:
            person = instance.person_by_id[person_id]
            own = (person.duty_areas if is_duty else ()) or person.serves_areas
            if own and not set(own) & set(instance.ancestors(area)):
                zh = f"{person.name}不服务{name}所在区划"
                yield self.breach(
                    subject, 1, zh, f"{person.name} does not serve the area of {name}"
                )


def _areas(person: Person, *, is_duty: bool) -> tuple[str, ...]:
    return person.duty_areas if is_duty and person.duty_areas else person.serves_areas
