"""Choices: "person p takes demand d", as arrays; the pairs a model may decide on.

An ``Offer`` holds the demands of a block and pairs them with people area by area, so that no
step ever holds all pairs of a province. "Why nobody?" is asked of one demand at a time: its
pairs with everybody are then made anew, each with the number of the rule that refused it.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import Flags, Ints
from models.places import Site
from models.vocabulary import SiteKind, Term
from solver.modelling.deputies import visitors
from solver.modelling.facts import PARTS, VISIT_PARTS, Facts
from solver.modelling.trips import later_stops

MEDIATOR_SITES = frozenset(
    {SiteKind.CENTRE, SiteKind.STATION, SiteKind.WORKROOM, SiteKind.COMMITTEE}
)

CHUNK = 2_000_000
"""Pairs made at a time: about 150 MB."""

ARRAYS = ("person", "demand", "place", "half", "later", "standby", "minutes", "refused", "column")


class Block(Term):
    """A family of decisions."""

    ADVISERS = "advisers", "顾问岗位"
    MEDIATORS = "mediators", "专职调解员"
    DUTIES = "duties", "值班"
    VISITS = "visits", "走访"
    STATIONS = "stations", "村居固定站"


OF_PEOPLE = frozenset(Block) - {Block.STATIONS}
"""The blocks whose ``person`` is a person; in the others a rule about people has no say."""


WHERE_ASKED = frozenset({Block.STATIONS})
"""The blocks that are planned only where a rule asks for them; rules about nothing else go with it."""


@dataclass(frozen=True)
class Choices:
    """Parallel arrays, one entry a pair.

    ``demand`` numbers villages (advisers, visits, stations), sites (mediators) or slots (duties);
    ``person`` numbers people; for stations it numbers the village that houses the station;
    ``place`` is the place number; ``half`` the half day (-1 for seats); ``later`` by how many minutes a visit
    begins after its usual start, as a further stop of a trip; ``minutes`` one way, measured by the model where
    no broad rule refused the pair;
    ``refused`` the number of the refusing rule (-1: none); ``column`` the model column (-1: none).
    """

    block: Block
    person: Ints
    demand: Ints
    place: Ints
    half: Ints
    later: Ints
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
        return replace(self, **{name: getattr(self, name)[mask] for name in ARRAYS})

    def at(self, positions: Ints) -> Choices:
        """Return the entries at some positions."""
        return replace(self, **{name: getattr(self, name)[positions] for name in ARRAYS})

    def holding(self) -> Choices:
        """Return the entries that hold a slot; standing by is left out."""
        return self.where(~self.standby)


@dataclass(frozen=True)
class Offer:
    """The demands of a block as parallel arrays, one entry a seat; whom they pair with is open.

    ``person`` is -1 where anybody may be asked, else the only person (visits: the adviser).
    """

    block: Block
    demand: Ints
    place: Ints
    half: Ints
    later: Ints
    standby: Flags
    person: Ints

    def chunks(self, facts: Facts, may_serve: Flags) -> Iterator[Choices]:
        """Yield the pairs of each demand with the people who may serve its area.

        Parameters
        ----------
        facts
            The month.
        may_serve
            people × ``facts.areas``: whom to pair with demands of an area at all.
        """
        if (self.person >= 0).any():
            yield self.named()
        for people, demands in _areawise(facts, self, may_serve):
            yield self._pairs(people, demands)

    def size(self, facts: Facts, may_serve: Flags) -> int:
        """Return how many pairs ``chunks`` will yield."""
        of_area = may_serve.sum(axis=0)[facts.area_of_place[self.place]]
        return int(np.where(self.person >= 0, 1, of_area).sum())

    def of(self, asked: Flags) -> Offer:
        """Return the offer of some entries only."""
        names = ("demand", "place", "half", "later", "standby", "person")
        return replace(self, **{name: getattr(self, name)[asked] for name in names})

    def named(self) -> Choices:
        """Return the pairs whose person the offer names."""
        fixed = np.flatnonzero(self.person >= 0)
        return self._pairs(self.person[fixed], fixed)

    def of_demands(self, facts: Facts, demands: Ints, standby: bool) -> Iterator[Choices]:
        """Yield every pair of some demands, nobody left out, demand by demand in each chunk."""
        at = np.flatnonzero(np.isin(self.demand, demands) & (self.standby == standby))
        at = at[np.argsort(self.demand[at], kind="stable")]
        named = at[self.person[at] >= 0]
        if len(named):
            yield self._pairs(self.person[named], named)
        entries = at[self.person[at] < 0]
        step = max(1, CHUNK // max(1, len(facts.people)))
        for first in range(0, len(entries), step):
            which, people = _cross(entries[first : first + step], np.arange(len(facts.people)))
            yield self._pairs(people, which)

    def _pairs(self, person: Ints, at: Ints) -> Choices:
        none = np.full(len(person), -1, dtype=np.int64)
        return Choices(
            self.block,
            person,
            self.demand[at],
            self.place[at],
            self.half[at],
            self.later[at],
            self.standby[at],
            minutes=np.zeros(len(person), dtype=np.int64),
            refused=none,
            column=none.copy(),
        )


def joined(parts: Sequence[Choices], block: Block) -> Choices:
    """Return the entries of all parts, in order."""
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        return Choices(block, none, none, none, none, none, none.astype(bool), none, none, none)
    arrays = {name: np.concatenate([getattr(part, name) for part in parts]) for name in ARRAYS}
    return Choices(block, **arrays)


def adviser_offer(facts: Facts) -> Offer:
    """Return the seats of village advisers."""
    village = np.arange(len(facts.villages), dtype=np.int64)
    return _offer(Block.ADVISERS, village, village)


def has_mediators(site: Site) -> bool:
    """Say whether a site has mediator seats: by its kind, or since its row asks for mediators.

    Mediators are posted to courts, police, petition offices and procuratorates too (S4 芜湖 2021).
    """
    return site.kind in MEDIATOR_SITES or bool(site.mediators_min or site.panels)


def mediator_offer(facts: Facts) -> Offer:
    """Return the sites that have mediator seats."""
    sites = np.array(
        [n for n, site in enumerate(facts.sites) if has_mediators(site)], dtype=np.int64
    )
    return _offer(Block.MEDIATORS, sites, sites + len(facts.villages))


def duty_offer(facts: Facts) -> Offer:
    """Return every slot to hold and, where the post asks for it, to stand by for."""
    slots = np.arange(len(facts.slots), dtype=np.int64)
    asks = np.array([slot.post.standby > 0 for slot in facts.slots], dtype=bool)
    demand = np.concatenate([slots, slots[asks]])
    place = np.array([facts.site_place(s.site.id) for s in facts.slots], dtype=np.int64)
    half = np.array([facts.half(s.date, s.part) for s in facts.slots], dtype=np.int64)
    offer = _offer(Block.DUTIES, demand, place[demand])
    return replace(offer, half=half[demand], standby=np.arange(len(demand)) >= len(slots))


def visit_offer(facts: Facts) -> Offer:
    """Return every morning and afternoon of the month for whoever may visit each village.

    An adviser's short visits are also offered as the further stops of a trip.
    """
    pairs = np.array(list(visitors(facts)), dtype=np.int64).reshape(-1, 2)
    halves = np.array(
        [facts.half(day, part) for day in facts.days for part in VISIT_PARTS], dtype=np.int64
    )
    at, half = _cross(np.arange(len(pairs)), halves)
    stops = np.array(list(later_stops(facts)), dtype=np.int64).reshape(-1, 4)
    again, day = _cross(np.arange(len(stops)), np.arange(len(facts.days)))
    person, village = np.concatenate([pairs[at], stops[again, :2]]).T
    offer = _offer(Block.VISITS, village, village)
    return replace(
        offer,
        half=np.concatenate([half, len(PARTS) * day + stops[again, 2]]),
        later=np.concatenate([np.zeros_like(half), stops[again, 3]]),
        person=person,
    )


def pairs(
    facts: Facts,
    block: Block,
    person: Ints,
    demand: Ints,
    half: Ints,
    standby: Flags,
    later: Ints | None = None,
) -> Offer:
    """Return an offer of just the pairs of one block that these arrays name."""
    place = demand
    if block is Block.MEDIATORS:
        place = demand + len(facts.villages)
    if block is Block.DUTIES:
        of_slot = [facts.site_place(slot.site.id) for slot in facts.slots]
        place = np.array(of_slot, dtype=np.int64)[demand]
    later = np.zeros_like(demand) if later is None else later
    return Offer(block, demand, place, half, later, standby, person)


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


def stands_in(facts: Facts, choices: Choices) -> Flags:
    """Say of each visit whether somebody else than an adviser of the village makes it."""
    advised = np.isin(choices.demand, [facts.village_idx[v] for v in facts.advisers_of])
    own = [(p, v) for v in {*facts.advisers_of, *facts.leaving} for p in facts.visitors_of(v)]
    known = (pair for pair in own if pair[0] in facts.person_idx)
    return np.asarray(advised & (listed(facts, choices, known) == 0))


def _cross(first: Ints, second: Ints) -> tuple[Ints, Ints]:
    return np.repeat(first, len(second)), np.tile(second, len(first))


def _offer(block: Block, demand: Ints, place: Ints) -> Offer:
    none = np.full(len(demand), -1, dtype=np.int64)
    alone, at_once = np.zeros(len(demand), dtype=bool), np.zeros_like(none)
    return Offer(block, demand, place, none, at_once, alone, none)


def _areawise(facts: Facts, offer: Offer, may_serve: Flags) -> Iterator[tuple[Ints, Ints]]:
    """Yield people and entries of the offer to pair, about ``CHUNK`` pairs at a time."""
    open_to_all = np.flatnonzero(offer.person < 0)
    area = facts.area_of_place[offer.place[open_to_all]]
    order = np.argsort(area, kind="stable")
    entries, area = open_to_all[order], area[order]
    held: list[tuple[Ints, Ints]] = []
    size = 0
    for start, end in runs(area):
        people = np.flatnonzero(may_serve[:, area[start]])
        step = max(1, CHUNK // max(1, len(people)))
        for first in range(start, end, step):
            held.append(_cross(people, entries[first : min(end, first + step)]))
            size += len(held[-1][0])
            if size >= CHUNK:
                yield _concatenated(held)
                held, size = [], 0
    if held:
        yield _concatenated(held)


def runs(values: Ints) -> Iterator[tuple[int, int]]:
    """Yield start and end of each run of equal values."""
    cuts = [0, *(np.flatnonzero(np.diff(values)) + 1).tolist(), len(values)]
    return ((a, b) for a, b in itertools.pairwise(cuts) if a < b)


def _concatenated(pairs: Sequence[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    return np.concatenate([p for p, _ in pairs]), np.concatenate([d for _, d in pairs])
