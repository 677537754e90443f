"""People travel little."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from models.slots import is_later_stop, visit_hours
from models.vocabulary import Mode
from solver.modelling.choices import OF_PEOPLE, Block, Choices, stands_in
from solver.modelling.rule import PairRule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


class TravelMinutes(PairRule):
    """Sum of one-way minutes to seats, to duties on site and to some visits.

    These visits are those made for an adviser who is away, and those shorter than ``visit_hours`` of the
    settings, which may share a trip: a further stop, which begins later than its half day does, counts 0.

    Formula: the pair counts t[p,d]; remote and on-call duties, further stops and all other visits of a
    given adviser count 0.

    Source: nearness (就近), Lu'an (Anhui) c. 2022; S2 苏州 2016: lawyers cross towns.
    """

    zh: ClassVar[str] = "路途分钟"
    en: ClassVar[str] = "travel minutes"
    reason_zh: ClassVar[str] = "路途较远"
    reason_en: ClassVar[str] = "are farther away"
    blocks: ClassVar[frozenset[Block]] = OF_PEOPLE

    level: Level = Level.SOFT
    goal: Goal = Goal.TRAVEL

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """One-way minutes."""
        if choices.block is Block.VISITS:
            is_short = facts.visit_length < 60 * facts.instance.settings.visit_hours
            counts = stands_in(facts, choices) | is_short[choices.demand]
            return np.where(counts & (choices.later <= 0), choices.minutes, 0)
        if choices.block is not Block.DUTIES:
            return choices.minutes
        onsite = np.array([slot.post.mode is Mode.ONSITE for slot in facts.slots], dtype=bool)
        travels = onsite[choices.demand] & ~choices.standby
        return np.where(travels, choices.minutes, 0)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Measure every seat and every on-site duty held."""
        found = [(v, p, facts.village_place(v)) for v, ps in plan.advisers.items() for p in ps]
        found += [(s, p, facts.site_place(s)) for s, ps in plan.mediators.items() for p in ps]
        for sitting in plan.sittings:
            if sitting.slot.post.mode is Mode.ONSITE and not sitting.standby:
                found.append(
                    (sitting.slot.id, sitting.person, facts.site_place(sitting.slot.site.id))
                )
        settings, villages = facts.instance.settings, facts.instance.village_by_id
        for visit in plan.roster.visits:
            advisers, village = plan.visitors(visit.village), villages[visit.village]
            is_others = bool(advisers) and visit.person not in advisers
            if is_later_stop(settings, village, visit):
                continue
            if is_others or visit_hours(settings, village) < settings.visit_hours:
                found.append((visit.village, visit.person, facts.village_place(visit.village)))
        for subject, person, place in found:
            taken = facts.minutes(person, place)
            if taken:
                yield self.breach(
                    subject, taken, f"{person}单程 {taken} 分钟", f"{person} travels {taken} min"
                )
