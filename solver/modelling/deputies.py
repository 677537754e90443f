"""Who may make the visits of an adviser who is away for most of the month (代走访)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from models.vocabulary import PinKind

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts

MOST = 12
"""Deputies offered for a village, the nearest: each brings as many columns as the adviser does."""


def visitors(facts: Facts) -> Iterator[tuple[int, int]]:
    """Yield (person, village) numbers of everybody who may visit a village.

    That is its adviser, also one who hands it over within the month, and where the adviser is away and does
    not, those who may stand in.
    """
    able = _able(facts)
    for village in sorted({*facts.advisers_of, *facts.leaving}):
        advisers = facts.visitors_of(village)
        known = (facts.person_idx.get(adviser) for adviser in advisers)
        people = [number for number in known if number is not None]
        if village not in facts.leaving and not facts.away.isdisjoint(advisers):
            people += deputies(facts, village, able)
        yield from ((person, facts.village_idx[village]) for person in dict.fromkeys(people))


def deputies(facts: Facts, village: str, able: Ints | None = None) -> list[int]:
    """Return the numbers of those who may stand in for a village: the nearest, and who is pinned."""
    able = _able(facts) if able is None else able
    number = facts.village_idx[village]
    area = int(facts.area_of_place[number])
    serving = [n for n in able.tolist() if _serves(facts, n, area)]
    people = np.array(serving, dtype=np.int64)
    minutes = facts.travel.minutes(people, np.full_like(people, number))
    nearest = people[np.argsort(minutes, kind="stable")[:MOST]].tolist()
    pins = (p for p in facts.instance.pins if p.kind is PinKind.VISIT and p.target == village)
    pinned = (facts.person_idx[p.person] for p in pins if p.person in facts.person_idx)
    return list(dict.fromkeys([*nearest, *pinned]))


def _able(facts: Facts) -> Ints:
    """Return who is on the list of advisers and there for most of the month."""
    listed = [p.is_adviser and p.id not in facts.away for p in facts.people]
    return np.flatnonzero(np.array(listed, dtype=bool)).astype(np.int64)


def _serves(facts: Facts, person: int, area: int) -> bool:
    own = facts.people[person].serves_areas
    return not own or bool(facts.inside(own)[area])
