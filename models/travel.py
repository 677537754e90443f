"""Travel minutes: a pair table where given, else distance, road factor and speed.

    minutes = access + great-circle km × circuity ÷ speed(terrain) × 60

On foot, between villages, the same without access minutes at the walking speed.
Speeds, circuity and access minutes are in ``Settings``; the terrain is the destination's.
The great circle uses the haversine formula with the mean Earth radius (IUGG, 6371.0088 km).
"""

from __future__ import annotations

import copy
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from models.arrays import Flags, Floats, Ints
from models.instance import Instance
from models.people import Person
from models.places import Site, Village
from models.vocabulary import Terrain

EARTH_RADIUS_KM = 6371.0088
Points = npt.NDArray[np.float64]


def great_circle_km(origin: Points, destination: Points) -> Floats:
    """Return distances in km between rows of (longitude, latitude) in degrees."""
    lon1, lat1 = np.radians(origin).T
    lon2, lat2 = np.radians(destination).T
    half = np.sin((lat2 - lat1) / 2) ** 2
    half = half + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    distance: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return distance


class Travel:
    """Whole one-way minutes between people's base points and places of one instance.

    Places are numbered villages first, then sites, in the order of the instance.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        places: list[Village | Site] = [*instance.villages, *instance.sites]
        self._place_number = {place.id: n for n, place in enumerate(places)}
        self._base = _points(self._base_of(person) for person in instance.people)
        self._place = _points(self._point_of(place) for place in places)
        self.is_town = np.array([self._terrain_of(p) is Terrain.TOWN for p in places], dtype=bool)
        self._given = self._pair_table()

    def among(self, people: Ints) -> Travel:
        """Return the same minutes for some of the people (ascending indices), numbered anew."""
        width = max(1, len(self._place))
        known, given = self._given_arrays
        kept = np.isin(known // width, people)
        keys = np.searchsorted(people, known[kept] // width) * width + known[kept] % width
        pairs = keys, given[kept]
        part = copy.copy(self)
        vars(part).update(
            _base=self._base[people],
            _given_arrays=pairs,
            _given=dict(zip(*(array.tolist() for array in pairs), strict=True)),
        )
        return part

    def is_known(self, person: Ints, place: Ints) -> Flags:
        """Whether each trip has given minutes, or coordinates at both ends."""
        ends = np.isfinite(self._base[person]) & np.isfinite(self._place[place])
        given = np.zeros(len(person), dtype=bool)
        if self._given:
            keys = person.astype(np.int64) * max(1, len(self._place)) + place
            given = np.isin(keys, self._given_arrays[0])
        return np.asarray(given | ends.all(axis=1), dtype=bool)

    def minutes(self, person: Ints, place: Ints) -> Ints:
        """Return minutes from the base of ``person[i]`` to ``place[i]`` (indices)."""
        result = self._by_distance(self._base[person], self._place[place], place)
        if self._given:
            keys = person.astype(np.int64) * max(1, len(self._place)) + place
            known, given = self._given_arrays
            at = np.clip(np.searchsorted(known, keys), 0, len(known) - 1)
            result = np.where(known[at] == keys, given[at], result)
        return result

    def between(self, origin: Ints, destination: Ints) -> Ints:
        """Return minutes between places (indices)."""
        return self._by_distance(self._place[origin], self._place[destination], destination)

    @property
    def points(self) -> Points:
        """Longitude and latitude of each place, degrees; not a number where nothing is known."""
        return self._place

    def most_minutes(self, low: Points, high: Points) -> Ints:
        """Return upper bounds on the minutes of any trip within boxes of longitude and latitude.

        ``low`` and ``high`` are corners, north of the equator, one row a box; a box whose corners
        are not finite has 0.
        """
        s = self._instance.settings
        is_known: Flags = np.isfinite(low.sum(axis=1))
        low, high = (np.where(is_known[:, None], corner, 0.0) for corner in (low, high))
        lon, lat = (high - low).T
        degrees = lat + lon * np.cos(np.radians(np.minimum(low[:, 1], high[:, 1])))
        km = np.radians(degrees) * EARTH_RADIUS_KM * s.circuity
        most = s.access_minutes + km / min(s.town_kmh, s.country_kmh) * 60
        return np.where(is_known, np.ceil(most) + 1, 0).astype(np.int64)

    def on_foot(self, origin: Ints, destination: Ints) -> Ints:
        """Return walking minutes between places (indices): km × circuity ÷ walking speed × 60."""
        s = self._instance.settings
        km = great_circle_km(self._place[origin], self._place[destination]) * s.circuity
        return np.rint(np.where(km > 0, km / s.walk_kmh * 60, 0.0)).astype(np.int64)

    def _by_distance(self, origin: Points, destination: Points, place: Ints) -> Ints:
        s = self._instance.settings
        kmh = np.where(self.is_town[place], s.town_kmh, s.country_kmh)
        km = great_circle_km(origin, destination) * s.circuity
        minutes = np.where(km > 0, s.access_minutes + km / kmh * 60, 0.0)
        return np.rint(minutes).astype(np.int64)

    def _pair_table(self) -> dict[int, int]:
        number = {person.id: n for n, person in enumerate(self._instance.people)}
        table = {
            number[pair.person] * max(1, len(self._place)) + self._place_number[pair.place]: round(
                pair.minutes
            )
            for pair in self._instance.pairs
            if pair.minutes is not None
        }
        known = np.array(sorted(table), dtype=np.int64)
        self._given_arrays = known, np.array([table[key] for key in known], dtype=np.int64)
        return table

    def _terrain_of(self, place: Village | Site) -> Terrain:
        own = place.terrain if isinstance(place, Village) else None
        area = self._instance.area_by_id.get(place.area)
        return own or (area.terrain if area else Terrain.COUNTRY)

    def _base_of(self, person: Person) -> tuple[float, float]:
        firm = self._instance.firm_by_id.get(person.firm) if person.firm else None
        if person.lon is not None and person.lat is not None:
            return person.lon, person.lat
        if firm is not None and firm.lon is not None and firm.lat is not None:
            return firm.lon, firm.lat
        return self._area_point(firm.area if firm else person.area)

    def _point_of(self, place: Village | Site) -> tuple[float, float]:
        if place.lon is not None and place.lat is not None:
            return place.lon, place.lat
        return self._area_point(place.area)

    def _area_point(self, area_id: str) -> tuple[float, float]:
        for ancestor in self._instance.ancestors(area_id):
            area = self._instance.area_by_id[ancestor]
            if area.lon is not None and area.lat is not None:
                return area.lon, area.lat
        return float("nan"), float("nan")


def _points(points: Iterable[tuple[float, float]]) -> Points:
    return np.array(list(points), dtype=np.float64).reshape(-1, 2)
