"""People serve only inside the areas named for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.report import Breach, Level
from solver.choices import Block, Choices
from solver.goals import Goal
from solver.rules.base import PairRule

if TYPE_CHECKING:
    from models.travel import Ints
    from solver.facts import Facts
    from solver.reading import Reading


class ServesArea(PairRule):
    """A person with named areas serves only inside them.

    Formula: the pair counts 1 where areas[p] is not empty and holds neither the place's area
    nor one above it.

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

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """1 where the place lies outside the person's areas."""
        asked = np.flatnonzero(np.bincount(choices.place, minlength=len(facts.places)))
        known = sorted({facts.places[n].area for n in asked.tolist()})
        above = [frozenset(facts.instance.ancestors(area)) for area in known]
        number = {area: n for n, area in enumerate(known)}
        area_of_place = np.zeros(len(facts.places), dtype=np.int64)
        area_of_place[asked] = [number[facts.places[n].area] for n in asked.tolist()]
        serves = np.ones((len(facts.people), max(1, len(known))), dtype=bool)
        inside: dict[tuple[str, ...], list[bool]] = {}
        for row, own in enumerate(person.serves_areas for person in facts.people):
            if own:
                if own not in inside:
                    inside[own] = [not areas.isdisjoint(own) for areas in above]
                serves[row, : len(known)] = inside[own]
        return (~serves[choices.person, area_of_place[choices.place]]).astype(np.int64)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Climb from each place to see whether the person serves one of its areas."""
        instance = facts.instance
        held = [(instance.village_by_id[v], p) for v, ps in plan.advisers.items() for p in ps]
        found: list[tuple[str, str, str, str]] = [(v.id, v.name, v.area, p) for v, p in held]
        at = [(instance.site_by_id[s], p) for s, ps in plan.mediators.items() for p in ps]
        found += [(site.id, site.name, site.area, p) for site, p in at]
        found += [(s.slot.id, s.slot.site.name, s.slot.site.area, s.person) for s in plan.sittings]
        for subject, name, area, person_id in found:
            person = instance.person_by_id[person_id]
            if person.serves_areas and not set(person.serves_areas) & set(instance.ancestors(area)):
                zh = f"{person.name}不服务{name}所在区划"
                yield self.breach(
                    subject, 1, zh, f"{person.name} does not serve the area of {name}"
                )
