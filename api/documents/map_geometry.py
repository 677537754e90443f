"""Map geometry: points, plane kilometres, coordinate sources, travel circles."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from api.documents.colours import spread_colours
from api.documents.lines import Point
from models.instance import Instance, Settings
from models.people import Firm
from models.places import Area, Site, Village
from models.roster import Roster
from models.vocabulary import Terrain

KM_PER_DEGREE = 111.195
"""Kilometres per degree of a great circle (mean Earth radius 6371.0088 km)."""
BACKGROUND_MARGIN_KM = 30.0
"""How far from the places of a plan the background is kept."""


@dataclass(frozen=True, slots=True)
class Plane:
    """A local plane in kilometres: x to the east, y to the south, around ``centre``."""

    centre: Point

    def place(self, point: Point) -> tuple[float, float]:
        """Return the kilometres of ``point``, rounded to 10 m."""
        east = (point[0] - self.centre[0]) * math.cos(math.radians(self.centre[1]))
        south = self.centre[1] - point[1]
        return round(east * KM_PER_DEGREE, 2), round(south * KM_PER_DEGREE, 2)


def plane_around(points: list[Point]) -> Plane:
    """Return the plane around the middle of ``points``."""
    if not points:
        return Plane((0.0, 0.0))
    lons, lats = zip(*points, strict=True)
    return Plane(((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2))


def circle_km(settings: Settings, terrain: Terrain, minutes: float) -> float:
    """Return how far, as the crow flies, a person comes in ``minutes``.

    The inverse of ``models.travel``: (minutes - access) x speed / 60 / circuity.
    """
    kmh = settings.town_kmh if terrain is Terrain.TOWN else settings.country_kmh
    return max(0.0, minutes - settings.access_minutes) * kmh / 60 / settings.circuity


def point_of(place: Area | Firm | Site | Village | None) -> Point | None:
    """Return longitude and latitude of a place that has both."""
    if place is None or place.lon is None or place.lat is None:
        return None
    return place.lon, place.lat


def count_sources(instance: Instance) -> tuple[tuple[str, int], ...]:
    """Count where the villages' coordinates come from, most frequent first."""
    found = Counter(
        (village.coordinate_source or "未注明") if point_of(village) else "无坐标"
        for village in instance.villages
    )
    return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def adviser_colours(instance: Instance, roster: Roster) -> dict[str, str]:
    """Return a colour for every adviser who has a village on the map."""
    seats = [
        (point, seat.person)
        for seat in roster.advisers
        if (point := point_of(instance.village_by_id.get(seat.village)))
    ]
    points = [point for point, _ in seats]
    plane = plane_around(points)
    return spread_colours([plane.place(p) for p in points], [person for _, person in seats])


def rings(
    background: dict[str, Any] | None, plane: Plane, points: list[Point]
) -> Iterator[list[tuple[float, float]]]:
    """Yield outlines of the cells near the plan, in plane kilometres."""
    reach = [plane.place(point) for point in points]
    if not background or not reach:
        return
    far_x = max(abs(x) for x, _ in reach) + BACKGROUND_MARGIN_KM
    far_y = max(abs(y) for _, y in reach) + BACKGROUND_MARGIN_KM
    for ring in _outlines(background):
        line = [plane.place((lon, lat)) for lon, lat, *_ in ring]
        xs, ys = zip(*line, strict=True)
        if min(xs) < far_x and max(xs) > -far_x and min(ys) < far_y and max(ys) > -far_y:
            yield line


def _outlines(background: dict[str, Any]) -> Iterable[list[list[float]]]:
    for feature in background.get("features", []):
        geometry = feature["geometry"]
        single = geometry["type"] == "Polygon"
        for polygon in [geometry["coordinates"]] if single else geometry["coordinates"]:
            yield polygon[0]
