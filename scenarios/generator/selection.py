"""Choosing the part of an area that a size asks for, always connected and repeatable."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from models.vocabulary import AreaLevel
from scenarios.generator.geography import (
    CountyRecord,
    Geography,
    Point,
    Selection,
    TownshipRecord,
    VillageRecord,
)
from scenarios.generator.sizes import Counts, Size

Points = npt.NDArray[np.float64]
"""Rows of longitude and latitude in degrees."""

_DEPTH = {AreaLevel.PROVINCE: 0, AreaLevel.CITY: 1, AreaLevel.COUNTY: 2, AreaLevel.TOWNSHIP: 3}

_KEEP_WHOLE_TOWNSHIPS = 1.5  # real counties vary: trimming one that nearly fits gains nothing
_KEEP_WHOLE_VILLAGES = 1.05
_STATISTICAL_UNIT = "虚拟"  # 虚拟社区, 虚拟生活区: a code for a zone or farm, no committee
_CITY_VILLAGES = 2000  # Suzhou had 1,998 in 2015 (S2)


@dataclass(frozen=True)
class District:
    """A county with the statistical zones its bureau of justice looks after."""

    county: CountyRecord
    counties: tuple[CountyRecord, ...]
    townships: tuple[TownshipRecord, ...]
    villages: tuple[VillageRecord, ...]

    def villages_of(self, township: str) -> list[VillageRecord]:
        """Return the villages of one township."""
        return [village for village in self.villages if village.township_code == township]


@dataclass(frozen=True)
class Region:
    """What an instance covers: the chosen area and how much of the asked one it is."""

    area: Selection
    districts: tuple[District, ...]
    asked: Selection

    @property
    def is_cut(self) -> bool:
        """Whether villages of the asked area were left out."""
        return len(self.area.villages) < len(self.asked.villages)


def choose_region(geography: Geography, code: str, size: Size) -> Region:
    """Return the part of area ``code`` that ``size`` asks for; smaller areas are taken whole.

    A wider area is first narrowed to the one city, county or township nearest to the
    size; then neighbouring townships around the county seat are taken, and of each
    the villages nearest to its own seat. Exact counts are kept of the whole area instead.
    """
    if size.exact is not None:
        return _exact_region(geography.select(code), size.exact)
    asked = _with_committees(geography.select(code))
    area = _with_committees(_narrowed(geography, asked, size))
    if size.level in {AreaLevel.COUNTY, AreaLevel.TOWNSHIP}:
        area = _cut(area, size)
    return Region(area, tuple(_districts(area, _homes(area))), asked)


def _exact_region(whole: Selection, counts: Counts) -> Region:
    """Keep the townships with most villages, streets and towns first, and villages as counted."""
    asked = _only(whole, counts.counties)
    area = _with_committees(asked)
    held = Counter(village.township_code for village in area.villages)
    kept = sorted(area.townships, key=lambda t: (t.kind == "other", -held[t.code], t.code))
    codes = {township.code for township in kept[: counts.townships]}
    townships = tuple(t for t in area.townships if t.code in codes)
    villages = tuple(v for v in area.villages if v.township_code in codes)
    if len(villages) > counts.villages:
        villages = _nearest_villages(townships, villages, counts.villages)
    area = replace(area, townships=townships, villages=villages)
    homes = [c for c in area.counties if c.code in counts.bureaus] or _homes(area)
    return Region(area, tuple(_districts(area, homes)), asked)


def _only(area: Selection, codes: tuple[str, ...]) -> Selection:
    """Keep the counties of ``codes``, all if there are none."""
    counties = tuple(c for c in area.counties if c.code in codes) or area.counties
    inside = {county.code for county in counties}
    townships = tuple(t for t in area.townships if t.county_code in inside)
    within = {township.code for township in townships}
    villages = tuple(v for v in area.villages if v.township_code in within)
    return replace(area, counties=counties, townships=townships, villages=villages)


def _with_committees(area: Selection) -> Selection:
    """Leave out the statistical units without residents, and townships of nothing else."""
    villages = tuple(v for v in area.villages if _STATISTICAL_UNIT not in v.name)
    codes = {village.township_code for village in villages}
    townships = tuple(t for t in area.townships if t.code in codes)
    return replace(area, townships=townships, villages=villages)


def points_of(places: Sequence[Point]) -> Points:
    """Return points as rows; an unknown one is placed at the mean of the known ones."""
    known = [place for place in places if place is not None]
    middle = tuple(np.mean(known, axis=0)) if known else (0.0, 0.0)
    return np.array([place or middle for place in places], dtype=float).reshape(-1, 2)


def distances_km(origins: Points, targets: Points) -> npt.NDArray[np.float64]:
    """Return the distances in km, one row per origin, on a plane at the mean latitude."""
    scale = np.cos(np.radians(targets[:, 1].mean())) if len(targets) else 1.0
    gap = origins[:, None, :] - targets[None, :, :]
    return 111.2 * np.hypot(gap[..., 0] * scale, gap[..., 1])


def _narrowed(geography: Geography, asked: Selection, size: Size) -> Selection:
    """Return the area at the size's level whose counts are nearest to the size's."""
    if _DEPTH[asked.level] >= _DEPTH[size.level]:
        return asked
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    of_township = {t.code: t for t in asked.townships}
    of_county = {c.code: c for c in asked.counties}
    for village in asked.villages:
        township = of_township[village.township_code]
        county = of_county[township.county_code]
        codes = {
            AreaLevel.CITY: county.city_code,
            AreaLevel.COUNTY: "" if county.is_zone else county.code,
            AreaLevel.TOWNSHIP: township.code,
        }
        groups[codes[size.level]][township.code] += 1
    groups.pop("", None)
    return geography.select(min(sorted(groups), key=lambda code: _misfit(groups[code], size)))


def _misfit(villages: Counter[str], size: Size) -> float:
    """Return how far villages, counted by township, are from the size; 0 is a fit."""
    wanted = size.villages or _CITY_VILLAGES
    misfit = abs(villages.total() - wanted) / wanted
    return misfit + (abs(len(villages) - size.townships) / size.townships if size.townships else 0)


def _cut(area: Selection, size: Size) -> Selection:
    """Keep at most the size's townships and villages, neighbours and nearest first."""
    townships, villages = area.townships, area.villages
    if size.townships and len(townships) > _KEEP_WHOLE_TOWNSHIPS * size.townships:
        townships = _cluster(area, size.townships, size.villages or 0)
        codes = {township.code for township in townships}
        villages = tuple(v for v in villages if v.township_code in codes)
    if size.villages and len(villages) > _KEEP_WHOLE_VILLAGES * size.villages:
        villages = _nearest_villages(townships, villages, size.villages)
    return replace(area, townships=townships, villages=villages)


def _cluster(area: Selection, count: int, wanted: int) -> tuple[TownshipRecord, ...]:
    """Return a township and its neighbours, the seat among them, with villages as wanted."""
    points = points_of([township.point for township in area.townships])
    held = Counter(village.township_code for village in area.villages)
    sizes = np.array([held[township.code] for township in area.townships])
    circles = np.argsort(distances_km(points, points), axis=1, kind="stable")[:, :count]
    seat = points_of([*(county.point for county in area.counties[:1]), *map(tuple, points)])[:1]
    seat_town = distances_km(seat, points)[0].argmin()
    with_seat = circles[(circles == seat_town).any(axis=1)]
    best = with_seat[np.abs(sizes[with_seat].sum(axis=1) - wanted).argmin()]
    return tuple(area.townships[i] for i in sorted(best))


def _nearest_villages(
    townships: Sequence[TownshipRecord], villages: Sequence[VillageRecord], most: int
) -> tuple[VillageRecord, ...]:
    """Keep ``most`` villages: each township its share, the nearest to its seat."""
    shares = apportion(most, [sum(v.township_code == t.code for v in villages) for t in townships])
    kept: list[VillageRecord] = []
    for township, share in zip(townships, shares, strict=True):
        own = [v for v in villages if v.township_code == township.code]
        far = distances_km(points_of([township.point]), points_of([v.point for v in own]))[0]
        kept += [own[i] for i in np.argsort(far, kind="stable")[:share]]
    return tuple(sorted(kept, key=lambda village: village.code))


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """Return whole shares of ``total`` by weight: largest remainder, earlier ones first."""
    heavy = np.asarray(weights)
    exact = heavy * total / heavy.sum()
    shares = np.floor(exact).astype(int)
    shares[np.argsort(shares - exact, kind="stable")[: total - shares.sum()]] += 1
    return [int(share) for share in shares]


def _homes(area: Selection) -> list[CountyRecord]:
    """Return the counties that have a bureau: all but the statistical zones."""
    return [c for c in area.counties if not c.is_zone] or list(area.counties)


def _districts(area: Selection, homes: list[CountyRecord]) -> Iterable[District]:
    """Group counties: each one without a bureau goes to the nearest of its city that has one."""
    members: dict[str, list[CountyRecord]] = {home.code: [home] for home in homes}
    for zone in (c for c in area.counties if c.code not in members):
        near = [h for h in homes if h.city_code == zone.city_code] or homes
        far = distances_km(points_of([zone.point]), points_of([h.point for h in near]))[0]
        members[near[int(far.argmin())].code].append(zone)
    villages: dict[str, list[VillageRecord]] = defaultdict(list)
    for village in area.villages:
        villages[village.township_code].append(village)
    for home in homes:
        codes = {county.code for county in members[home.code]}
        townships = tuple(t for t in area.townships if t.county_code in codes)
        own = tuple(v for t in townships for v in villages[t.code])
        yield District(home, tuple(members[home.code]), townships, own)
