"""Candidate sites: villages and townships where something could be set up, and who would serve it.

The month with one duty more at each candidate. Whoever may take that duty under the hard rules may
serve the site. How often is counted in turns of the month, not by date: leave and weekly caps are
ignored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np
from scipy import sparse

from models.arrays import Ints
from models.instance import Instance
from models.people import Conflict, Pair
from models.places import Area, Post, Site, Village
from models.recurrence import Recurrence
from models.report import Level
from models.vocabulary import AreaLevel, HolidayPolicy, Mode, PostKind, SiteKind
from scenarios.optimised.terms import Form, NewSiteKind
from solver.answers.alike import alike
from solver.engine.location import Catchment, Location, Staff
from solver.modelling.choices import CHUNK, Block, Choices, duty_offer
from solver.modelling.facts import Facts
from solver.modelling.model import Model
from solver.modelling.rule import PairRule, Rule
from solver.modelling.siting import is_fixed_station, station_offer

PUBLIC = frozenset({SiteKind.CENTRE, SiteKind.STATION, SiteKind.WORKROOM, SiteKind.MOBILE_POINT})
"""Where anybody may walk in; courts and detention centres serve the cases before them."""

CIRCLE_MINUTES = (30, 60)
"""In town and in the country, where no rule draws a circle (S0 蚌埠 2020, S4 芜司办〔2021〕30号)."""

REACH = ("demand", "site", "minutes")

LARGEST = 3
"""Villages of a present fixed station, where no rule says (S2 苏州 2016)."""


class Candidates:
    """Existing sites that count, then candidates, with what the rules say about them.

    A site counts if somebody is on duty there on site this month. Where the rules speak of village
    stations, fixed stations are these: reached on foot, by villages of their own
    township; nothing else takes their place. Otherwise sites are reached by car.
    """

    def __init__(self, instance: Instance, rules: Iterable[Rule], kind: NewSiteKind) -> None:
        self._rules, self._kind = tuple(rules), kind
        self._numbers = {k: n for rule in self._rules for k, n in rule.station_numbers.items()}
        has_stations = any(Block.STATIONS in rule.blocks for rule in self._rules)
        self._is_village_station = kind is NewSiteKind.FIXED and has_stations
        today = Facts(instance, instance.settings.month)
        served = {slot.site.id for slot in today.slots if slot.post.mode is Mode.ONSITE}
        standing = [s for s in today.sites if s.id in served and self._counts(s)]
        taken = {site.villages[0] for site in standing if site.villages}
        places: list[Village | Area] = [v for v in today.villages if v.id not in taken]
        if not self._is_village_station:
            places += (a for a in instance.areas if a.level is AreaLevel.TOWNSHIP and a.lon)
        self._places = tuple(places)
        new = tuple(_site(n, place, kind) for n, place in enumerate(places))
        self.sites: tuple[Site, ...] = (*standing, *new)
        self._standing = len(standing)
        self.facts = Facts(_with_duties(today, new, places), today.month)

    def location(self, weight: Ints, form: Form) -> Location:
        """Return the question: whom each site reaches, how many it may serve, who serves it."""
        villages, sites = self.facts.villages, self.sites
        stands = np.arange(len(sites)) < self._standing
        most, least = np.full(len(sites), len(villages)), np.zeros(len(sites), dtype=np.int64)
        if "most_villages" in self._numbers:
            is_fixed = np.array([self._is_fixed(site) for site in sites], dtype=bool)
            most[np.where(stands, is_fixed, self._kind is NewSiteKind.FIXED)] = self._numbers[
                "most_villages"
            ]
        matters = [max(rule.matters(village) for rule in self._rules) for village in villages]
        if self._is_village_station:
            least[~stands] = self._numbers.get("least_matters", 0)
        reach = self._on_foot() if self._is_village_station else self._by_car(form)
        brought = np.array(matters, dtype=np.int64)
        return Location(weight, brought, reach, stands, most, least, self._staff())

    def place_of(self, site: int) -> Village | Area:
        """Return the village or township of a new site."""
        return self._places[site - self._standing]

    def people_for(self, site: int) -> list[str]:
        """Return who may be on duty at a new site, nearest first."""
        able = self._able.where(self._task[self._able.demand] == site)
        order = np.lexsort((able.person, able.minutes))
        return [self.facts.people[n].id for n in able.person[order].tolist()]

    def _counts(self, site: Site) -> bool:
        return self._is_fixed(site) if self._is_village_station else site.kind in PUBLIC

    def _is_fixed(self, site: Site) -> bool:
        return is_fixed_station(site, self._numbers.get("largest", LARGEST))

    def _by_car(self, form: Form) -> Catchment:
        """Return every village and site; for cover those within the circle of the village."""
        travel, sites = self.facts.travel, np.arange(len(self.sites))
        circles = (rule.circle_minutes for rule in self._rules)
        town, country = next(filter(None, circles), CIRCLE_MINUTES)
        radius = np.where(travel.is_town, town, country)
        villages = np.arange(len(self.facts.villages))
        found = []
        for some in np.array_split(villages, 1 + len(villages) * len(sites) // CHUNK):
            demand, site = np.repeat(some, len(sites)), np.tile(sites, len(some))
            reach = Catchment(demand, site, travel.between(demand, self._point[site]))
            near = reach.minutes <= radius[demand]
            found.append(reach if form is Form.MEDIAN else reach.where(near))
        arrays = (np.concatenate([getattr(r, n) for r in found]) for n in REACH)
        return Catchment(*arrays)

    def _on_foot(self) -> Catchment:
        """Return the villages and village stations that the hard rules admit, as a plan would."""
        model = Model(self.facts, self._rules, [station_offer(self.facts)])
        pairs = model.choices[Block.STATIONS]
        host = np.array([self.facts.village_idx[s.villages[0]] for s in self.sites], dtype=np.int64)
        order = np.argsort(host, kind="stable")
        first, end = (np.searchsorted(host[order], pairs.person, s) for s in ("left", "right"))
        pair = np.repeat(np.arange(len(pairs)), end - first)
        nth = np.arange(len(pair)) - np.repeat(np.cumsum(end - first) - (end - first), end - first)
        return Catchment(pairs.demand[pair], order[first[pair] + nth], pairs.minutes[pair])

    @cached_property
    def _point(self) -> Ints:
        """Place number of each site: that of the village where a candidate stands in one."""
        points = [
            self.facts.village_idx[site.villages[0]]
            if n >= self._standing and site.villages
            else self.facts.site_place(site.id)
            for n, site in enumerate(self.sites)
        ]
        return np.array(points, dtype=np.int64)

    @cached_property
    def _task(self) -> Ints:
        """Task of each slot: a new site's own number, else a post's beyond the number of sites."""
        new = {s.id: n for n, s in enumerate(self.sites) if n >= self._standing}
        posts = {post.id: len(self.sites) + n for n, post in enumerate(self.facts.instance.posts)}
        tasks = [new.get(slot.site.id, posts[slot.post.id]) for slot in self.facts.slots]
        return np.array(tasks, dtype=np.int64)

    @cached_property
    def _able(self) -> Choices:
        """Who may take the first slot of each task, by the hard rules about one person and one slot."""
        hard = (r for r in self._rules if isinstance(r, PairRule) and r.level is Level.HARD)
        offer = duty_offer(self.facts)
        first = np.unique(self._task, return_index=True)[1]
        asked = offer.of(np.isin(offer.demand, first) & ~offer.standby)
        return Model(self.facts, hard, [asked]).choices[Block.DUTIES]

    def _staff(self) -> Staff:
        """Return people who may take the same tasks as one group."""
        facts, able = self.facts, self._able
        seats = np.array([slot.head_count for slot in facts.slots], dtype=np.int64)
        tasks = len(self.sites) + len(facts.instance.posts)
        turns = np.bincount(self._task, weights=seats, minlength=tasks).astype(np.int64)
        turns[: len(self.sites)] = self._numbers.get("least_duties", 1)
        ones, shape = np.ones(len(able)), (len(facts.people), tasks)
        table = sparse.csr_array((ones, (able.person, self._task[able.demand])), shape=shape)
        group = alike(table)
        room = np.bincount(group, weights=self._room()).astype(np.int64)
        pairs = table[np.unique(group, return_index=True)[1]].tocoo()
        return Staff(pairs.row.astype(np.int64), pairs.col.astype(np.int64), turns, room)

    def _room(self) -> list[int]:
        """Return the turns each person may take beside the visits to the villages advised today."""
        facts, visits = self.facts, Counter[str | None]()
        for village in facts.villages:
            visits[village.adviser] += max(rule.visits_due(facts, village) for rule in self._rules)
        return [
            min(rule.turns_left(person, visits[person.id]) for rule in self._rules)
            for person in facts.people
        ]


def _site(number: int, place: Village | Area, kind: NewSiteKind) -> Site:
    """Return the site that would be set up in a village or at the seat of a township."""
    is_village = isinstance(place, Village)
    fixed = SiteKind.WORKROOM if is_village else SiteKind.STATION
    return Site(
        id=f"NEW-{number}",
        name=place.name,
        kind=fixed if kind is NewSiteKind.FIXED else SiteKind.MOBILE_POINT,
        area=place.area if isinstance(place, Village) else place.id,
        lon=place.lon,
        lat=place.lat,
        villages=(place.id,) if is_village else (),
    )


def _with_duties(today: Facts, sites: Sequence[Site], places: Sequence[Village | Area]) -> Instance:
    """Return the month with a duty at each new site, where what is known of its village holds."""
    instance = today.instance
    day = min(today.workdays, default=today.days[0])
    posts = tuple(
        Post(
            id=site.id,
            site=site.id,
            name=site.name,
            kind=PostKind.CONSULTATION,
            recurrence=Recurrence(day.isoformat()),
            holiday=HolidayPolicy.KEEP,
        )
        for site in sites
    )
    number = {place.id: site.id for site, place in zip(sites, places, strict=True)}
    update: dict[str, object] = {
        "sites": (*instance.sites, *sites),
        "posts": (*instance.posts, *posts),
        "pairs": (*instance.pairs, *_pairs(instance.pairs, number)),
        "conflicts": (*instance.conflicts, *_conflicts(instance.conflicts, number)),
        "leave": (),
        "pins": (),
    }
    return instance.model_copy(update=update)


def _pairs(pairs: Iterable[Pair], number: dict[str, str]) -> Iterator[Pair]:
    for pair in pairs:
        if pair.place in number:
            yield pair.model_copy(update={"place": number[pair.place], "hours": None})


def _conflicts(conflicts: Iterable[Conflict], number: dict[str, str]) -> Iterator[Conflict]:
    for conflict in conflicts:
        if conflict.village in number:
            yield Conflict(person=conflict.person, site=number[conflict.village])
