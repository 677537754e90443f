"""Choices: "person p takes demand d", as arrays; the pairs a model may decide on.

Every refused pair keeps the number of the rule that refused it, because "why nobody?"
is the question users ask most.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from models.places import Site
from models.travel import Ints
from models.vocabulary import Part, SiteKind, Term
from solver.facts import Facts

Flags = npt.NDArray[np.bool_]
MEDIATOR_SITES = frozenset({SiteKind.CENTRE, SiteKind.STATION, SiteKind.WORKROOM})
VISIT_PARTS = (Part.AM, Part.PM)


class Block(Term):
    """A family of decisions."""

    ADVISERS = "advisers", "顾问席位"
    MEDIATORS = "mediators", "调解员席位"
    DUTIES = "duties", "值班"
    VISITS = "visits", "走访"


@dataclass(frozen=True)
class Choices:
    """Parallel arrays, one entry a pair.

    ``demand`` numbers villages (advisers, visits), sites (mediators) or slots (duties);
    ``place`` is the place number; ``half`` the half day (-1 for seats); ``minutes`` one way, measured by the model where no
    broad rule refused the pair;
    ``refused`` the number of the refusing rule (-1: none); ``column`` the model column (-1: none).
    """

    block: Block
    person: Ints
    demand: Ints
    place: Ints
    half: Ints
    standby: Flags
    minutes: Ints
    refused: Ints
    column: Ints

    def __len__(self) -> int:
        return len(self.person)

    def where(self, mask: Flags) -> Choices:
        """Return the entries where ``mask`` holds."""
        if mask.all():
            return self
        names = ("person", "demand", "place", "half", "standby", "minutes", "refused", "column")
        return replace(self, **{name: getattr(self, name)[mask] for name in names})

    def holding(self) -> Choices:
        """Return the entries that hold a slot; standing by is left out."""
        return self.where(~self.standby)


def adviser_choices(facts: Facts) -> Choices:
    """Return every person × village."""
    person, village = _cross(len(facts.people), len(facts.villages))
    return _choices(facts, Block.ADVISERS, person, village, village)


def has_mediators(site: Site) -> bool:
    """Say whether a site has mediator seats: by its kind, or since its row asks for mediators.

    Mediators are posted to courts, police, petition offices and procuratorates too (S4 芜湖 2021).
    """
    return site.kind in MEDIATOR_SITES or bool(site.mediators_min or site.panels)


def mediator_choices(facts: Facts) -> Choices:
    """Return every person × site that has mediator seats."""
    sites = np.array(
        [n for n, site in enumerate(facts.sites) if has_mediators(site)], dtype=np.int64
    )
    person, at = _cross(len(facts.people), len(sites))
    demand = sites[at]
    return _choices(facts, Block.MEDIATORS, person, demand, demand + len(facts.villages))


def duty_choices(facts: Facts) -> Choices:
    """Return every person × slot, as holder and, where the post asks for it, as standby."""
    seats = [(n, False) for n in range(len(facts.slots))]
    seats += [(n, True) for n, slot in enumerate(facts.slots) if slot.post.standby]
    slot_of = np.array([n for n, _ in seats], dtype=np.int64)
    by = np.array([standby for _, standby in seats], dtype=bool)
    place_of_slot = np.array([facts.site_place(s.site.id) for s in facts.slots], dtype=np.int64)
    half_of_slot = np.array([facts.half(s.date, s.part) for s in facts.slots], dtype=np.int64)
    person, at = _cross(len(facts.people), len(seats))
    demand = slot_of[at]
    choices = _choices(facts, Block.DUTIES, person, demand, place_of_slot[demand])
    return replace(choices, half=half_of_slot[demand], standby=by[at])


def visit_choices(facts: Facts, advisers: Mapping[str, str]) -> Choices:
    """Return every morning and afternoon of the month for the adviser of each village.

    ``advisers`` maps village ids to person ids.
    """
    seated = [(facts.person_idx[p], facts.village_idx[v]) for v, p in sorted(advisers.items())]
    pairs = np.array(seated, dtype=np.int64).reshape(-1, 2)
    halves = np.array(
        [facts.half(day, part) for day in facts.days for part in VISIT_PARTS], dtype=np.int64
    )
    at, which = _cross(len(pairs), len(halves))
    village = pairs[at, 1]
    choices = _choices(facts, Block.VISITS, pairs[at, 0], village, village)
    return replace(choices, half=halves[which])


def pairs(
    facts: Facts, block: Block, person: Ints, demand: Ints, half: Ints, standby: Flags
) -> Choices:
    """Return the choices of one block that these arrays name, and no others."""
    place = demand
    if block is Block.MEDIATORS:
        place = demand + len(facts.villages)
    if block is Block.DUTIES:
        of_slot = [facts.site_place(slot.site.id) for slot in facts.slots]
        place = np.array(of_slot, dtype=np.int64)[demand]
    return replace(_choices(facts, block, person, demand, place), half=half, standby=standby)


def listed(facts: Facts, choices: Choices, pairs: Iterable[tuple[str, str]]) -> Ints:
    """Return 1 for each choice whose (person, village or site) is among ``pairs`` of ids, else 0.

    An id that a village and a site share means both.
    """
    named = list(pairs)
    if not named:
        return np.zeros(len(choices), dtype=np.int64)
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, place in enumerate(facts.places):
        numbers[place.id].append(number)
    width = max(1, len(facts.places))
    keys = [facts.person_idx[p] * width + number for p, place in named for number in numbers[place]]
    found = np.isin(choices.person * width + choices.place, np.array(keys, dtype=np.int64))
    return np.asarray(found, dtype=np.int64)


def _cross(rows: int, columns: int) -> tuple[Ints, Ints]:
    first, second = np.divmod(np.arange(rows * columns, dtype=np.int64), max(1, columns))
    return first, second


def _choices(facts: Facts, block: Block, person: Ints, demand: Ints, place: Ints) -> Choices:
    none = np.full(len(person), -1, dtype=np.int64)
    return Choices(
        block,
        person,
        demand,
        place,
        half=none,
        standby=np.zeros(len(person), dtype=bool),
        minutes=np.zeros(len(person), dtype=np.int64),
        refused=none.copy(),
        column=none.copy(),
    )
