"""Village stations that serve one to three neighbouring villages (Suzhou paper of 2016, S2).

"One fixed station covers several villages, in principle at most three": the villages that
lie closest together share one. Which do follows from their points alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

import numpy as np

from models.places import Site
from models.vocabulary import SiteKind
from scenarios.generator.commission import Commission
from scenarios.generator.geography import VillageRecord
from scenarios.generator.selection import distances_km, points_of

MOST_VILLAGES = 3
"""Villages of one fixed station, in principle (S2)."""

_STATION = "便民法律服务站"

Group = tuple[VillageRecord, ...]
"""Villages of one station; the first is its host."""


def make_village_stations(commission: Commission, count: int) -> Iterator[Site]:
    """Yield about ``count`` village stations, each at the village nearest to the township."""
    for host, *others in group_villages(commission, count):
        yield Site(
            id=f"W{host.code}",
            name=host.name + _STATION,
            kind=SiteKind.WORKROOM,
            area=host.township_code,
            lon=host.point[0] if host.point else None,
            lat=host.point[1] if host.point else None,
            villages=(host.code, *(village.code for village in others)),
            mediators_min=0,
            mediators_max=1,
            phone=commission.names.phone(commission.district.county.city_code),
        )


def group_villages(commission: Commission, count: int) -> list[Group]:
    """Return ``count`` groups of villages, more if three each are not enough to share."""
    villages = commission.district.villages
    group_of = {village.code: [village] for village in villages}
    left = len(villages) - count
    for one, other in _closest_pairs(commission):
        if left <= 0:
            break
        ours, theirs = group_of[one.code], group_of[other.code]
        if ours is not theirs and len(ours) + len(theirs) <= MOST_VILLAGES:
            ours += theirs
            group_of |= {village.code: ours for village in theirs}
            left -= 1
    groups = {id(group): group for group in group_of.values()}
    return [_host_first(commission, group) for group in groups.values()]


def _closest_pairs(commission: Commission) -> list[tuple[VillageRecord, VillageRecord]]:
    """Return the pairs of villages of the same township, closest first."""
    members: dict[str, list[VillageRecord]] = defaultdict(list)
    for village in commission.district.villages:
        members[village.township_code].append(village)
    pairs: list[tuple[float, str, str]] = []
    for own in members.values():
        points = points_of([village.point for village in own])
        far = distances_km(points, points)
        pairs += [
            (float(far[a, b]), own[a].code, own[b].code)
            for a, b in combinations(range(len(own)), 2)
        ]
    known = {village.code: village for village in commission.district.villages}
    return [(known[one], known[other]) for _, one, other in sorted(pairs)]


def _host_first(commission: Commission, group: list[VillageRecord]) -> Group:
    """Put the village nearest to the township's seat first."""
    towns = {township.code: township.point for township in commission.district.townships}
    seat = points_of([towns[group[0].township_code], *(village.point for village in group)])
    order = np.argsort(distances_km(seat[:1], seat[1:])[0], kind="stable")
    return tuple(group[int(place)] for place in order)
