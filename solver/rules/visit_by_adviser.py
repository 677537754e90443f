"""A village is visited by its own adviser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from models.roster import Visit
from models.vocabulary import Part, PinKind
from solver.modelling.choices import Block, Choices
from solver.modelling.facts import PARTS
from solver.modelling.rule import PairRule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


class VisitByAdviser(PairRule):
    """The visit is made by the village's adviser, in the morning or the afternoon.

    While the adviser is away for most of the month (see ``mostly_present``) somebody else on the list
    of advisers, who is there and serves the area, may make the visits (代走访); the adviser keeps the
    seat. Where the adviser's term ends within the month, that adviser visits until the last day of it
    and the new one from the next day.
    Formula: the pair counts 1 where x[p,v] = 0, unless x[q,v] = 1 for some q who is away and p is a
    listed adviser of that area who is not; where a term ends on day e, 1 for the old adviser after e,
    for the new one up to e. The model offers no other pair; of deputies the twelve nearest.

    Source: Henan 2018, Anhui 2021: the adviser serves on site; station duty rule: who is on leave
    hands the duty to a colleague, which is taken over here for visits.
    """

    zh: ClassVar[str] = "由本村顾问走访"
    en: ClassVar[str] = "visited by the own adviser"
    reason_zh: ClassVar[str] = "不是本村法律顾问"
    reason_en: ClassVar[str] = "are not the adviser"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.VISITS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """1 on the days of the other adviser where a village changes hands; no other pair is offered."""
        found = np.zeros(len(choices), dtype=np.int64)
        day = choices.half // len(PARTS)
        for village, row in facts.leaving.items():
            here = np.flatnonzero(choices.demand == facts.village_idx[village])
            seated = {facts.person_idx[p] for p in facts.advisers_of.get(village, ())}
            is_old = choices.person[here] == facts.person_idx.get(row.person, -1)
            is_new = np.isin(choices.person[here], list(seated))
            is_late = day[here] > facts.day_idx[row.last]
            found[here] = (is_old & is_late & ~is_new) | (is_new & ~is_old & ~is_late)
        return found

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Compare each visitor with the adviser."""
        for visit in plan.roster.visits:
            may = _advises(facts, plan, visit) or _stands_in(facts, plan, visit)
            if not may or visit.part is Part.NIGHT:
                name = facts.instance.village_by_id[visit.village].name
                zh = f"{name} {visit.date} {visit.part.label}的走访不是由本村顾问在白天进行"
                yield self.breach(
                    visit.village, 1, zh, f"visit to {name} on {visit.date} is not by its adviser"
                )


def _advises(facts: Facts, plan: Reading, visit: Visit) -> bool:
    """Say whether the visitor is the adviser of the village on that day."""
    row = facts.leaving.get(visit.village)
    if row is not None and visit.person == row.person and visit.date <= row.last:
        return True
    return visit.person in plan.advisers[visit.village] and (row is None or visit.date > row.last)


def _stands_in(facts: Facts, plan: Reading, visit: Visit) -> bool:
    """Say whether the adviser is away and the visitor is an adviser who is there."""
    if visit.village in facts.leaving:
        return False
    is_listed = facts.instance.person_by_id[visit.person].is_adviser
    gone = [person for person in plan.advisers[visit.village] if person in facts.away]
    return bool(gone) and is_listed and visit.person not in facts.away and _serves(facts, visit)


def _serves(facts: Facts, visit: Visit) -> bool:
    """Say whether the visitor serves the area of the village, or is asked to make the visit by a pin."""
    instance = facts.instance
    own = instance.person_by_id[visit.person].serves_areas
    above = instance.ancestors(instance.village_by_id[visit.village].area)
    asked = (PinKind.VISIT, visit.village, visit.person)
    is_asked = any((pin.kind, pin.target, pin.person) == asked for pin in instance.pins)
    return not own or any(area in own for area in above) or is_asked
