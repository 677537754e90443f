"""Siting: which villages share a fixed station, as choices, and what a siting amounts to.

The village that houses the station takes the place of the person. Villages share inside their
township alone, since its office runs the stations (S2 苏州 2016: 由镇（街道）司法所实行统一管理);
that also keeps the choices to the pairs of a township instead of those of a city.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.arrays import Flags, Ints
from models.places import Site
from models.vocabulary import SiteKind
from solver.modelling.choices import Block, Choices, Offer
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading


@dataclass(frozen=True)
class StationOffer(Offer):
    """Villages that want a station, paired with host villages in place of people."""

    def chunks(self, facts: Facts, may_serve: Flags) -> Iterator[Choices]:
        """Yield the pairs of all townships; those of a province are fewer than a chunk."""
        yield station_choices(facts)

    def of_demands(self, facts: Facts, demands: Ints, standby: bool) -> Iterator[Choices]:
        """Yield every host of some villages."""
        pairs = station_choices(facts)
        yield pairs.where(np.isin(pairs.demand, demands) & (pairs.standby == standby))


def station_offer(facts: Facts) -> StationOffer:
    """Return the villages, each of which may have a fixed station."""
    village = np.arange(len(facts.villages), dtype=np.int64)
    nobody = np.full_like(village, -1)
    alone = np.zeros(len(village), dtype=np.bool_)
    return StationOffer(
        Block.STATIONS, village, village, nobody, np.zeros_like(village), alone, nobody
    )


def station_choices(facts: Facts) -> Choices:
    """Return every village × host village of the same township, itself included."""
    members: dict[str, list[int]] = defaultdict(list)
    for number, village in enumerate(facts.villages):
        members[village.area].append(number)
    towns = [np.array(numbers, dtype=np.int64) for numbers in members.values()]
    none = np.zeros(0, dtype=np.int64)
    user = np.concatenate([none, *(np.repeat(town, len(town)) for town in towns)])
    host = np.concatenate([none, *(np.tile(town, len(town)) for town in towns)])
    return Choices(
        Block.STATIONS,
        person=host,
        demand=user,
        place=user,
        half=np.full_like(user, -1),
        later=np.zeros_like(user),
        standby=np.zeros_like(user, dtype=np.bool_),
        minutes=np.zeros_like(user),
        refused=np.full_like(user, -1),
        column=np.full_like(user, -1),
    )


def one_way_minutes(facts: Facts, choices: Choices) -> Ints:
    """Return minutes one way: on foot to a station, else from the person's base by car."""
    if choices.block is Block.STATIONS:
        return facts.travel.on_foot(choices.place, choices.person)
    return facts.travel.minutes(choices.person, choices.place)


def is_fixed_station(site: Site, largest: int) -> bool:
    """Say whether a site is a village's fixed station: one of at most ``largest`` villages."""
    is_station = site.kind in (SiteKind.STATION, SiteKind.WORKROOM)
    return is_station and 0 < len(site.villages) <= largest


def station_kpis(facts: Facts, plan: Reading) -> dict[str, float]:
    """Return stations, sharing villages, mobile points and walks; nothing where none are planned."""
    if not plan.roster.stations:
        return {}
    named = dict.fromkeys(row.village for row in plan.roster.stations)
    shared = [(v, host) for v in named for host in plan.hosts[v] if host != v]
    walks = [facts.walk_minutes(village, host) for village, host in shared]
    return {
        "fixed_stations": len({host for village in named for host in plan.hosts[village]}),
        "villages_sharing": len({village for village, _ in shared}),
        "mobile_points": sum(not plan.hosts[village] for village in named),
        "mean_walk_minutes": round(sum(walks) / len(walks), 1) if walks else 0.0,
        "most_walk_minutes": max(walks, default=0),
    }
