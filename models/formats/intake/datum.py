"""Points taken from GCJ-02 and BD-09 maps, brought back to WGS84.

Maps sold in China show points shifted by 50 to 700 m (GCJ-02: Amap, Tencent), those of Baidu by about
a kilometre more (BD-09). The shift is computed from WGS84 by published formulas; the way back is
found by taking the shift off again until nothing changes, to a millimetre.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from models.formats.intake.row_drafts import Book
from models.messages import Spot, issue
from models.vocabulary import Datum

Point = tuple[float, float]
"""Longitude and latitude, degrees."""
PLACED = ("areas", "villages", "sites", "firms", "people")
"""Tables whose rows have coordinates."""
_AXIS = 6378245.0
"""Semi-major axis of the ellipsoid of the shift (Krasovsky 1940), m."""
_ECCENTRICITY = 0.00669342162296594323
"""Its first eccentricity squared."""
_BAIDU = math.pi * 3000 / 180
_STEPS = 20
"""Each leaves about a thousandth of the error; three are enough."""


def gcj_of_wgs(point: Point) -> Point:
    """Return where a GCJ-02 map shows a point of WGS84."""
    lon, lat = point
    east, north = _shift_metres(lon - 105.0, lat - 35.0)
    angle = math.radians(lat)
    root = 1 - _ECCENTRICITY * math.sin(angle) ** 2
    along = _AXIS * (1 - _ECCENTRICITY) / (root * math.sqrt(root))
    across = _AXIS / math.sqrt(root) * math.cos(angle)
    return lon + math.degrees(east / across), lat + math.degrees(north / along)


def bd_of_gcj(point: Point) -> Point:
    """Return where a BD-09 map shows a point of GCJ-02."""
    lon, lat = point
    length = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BAIDU)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BAIDU)
    return length * math.cos(angle) + 0.0065, length * math.sin(angle) + 0.006


def wgs_of(datum: Datum, point: Point) -> Point:
    """Return the WGS84 coordinates of a point taken in another system."""
    if datum is Datum.BD09:
        return wgs_of(Datum.GCJ02, _undone(bd_of_gcj, point))
    return _undone(gcj_of_wgs, point) if datum is Datum.GCJ02 else point


def _undone(shift: Callable[[Point], Point], point: Point) -> Point:
    """Return the point that a shift brings to ``point``."""
    lon, lat = point
    for _ in range(_STEPS):
        there = shift((lon, lat))
        lon, lat = lon + point[0] - there[0], lat + point[1] - there[1]
    return lon, lat


def _shift_metres(x: float, y: float) -> Point:
    """Return the shift east and north of a point, given its degrees from 105° E, 35° N; m."""
    root = 0.1 * math.sqrt(abs(x))
    common = _waves(x, ((20.0, 6.0), (20.0, 2.0)))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + root + common
    east += _waves(x, ((20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30)))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 2.0 * root + common
    north += _waves(y, ((20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30)))
    return east, north


def _waves(x: float, waves: tuple[tuple[float, float], ...]) -> float:
    return sum(height * math.sin(x * turns * math.pi) for height, turns in waves) * 2 / 3


def convert_points(book: Book) -> None:
    """Bring every point of a book to WGS84, and say so."""
    if book.datum is Datum.WGS84:
        return
    drafts = [
        draft
        for table in PLACED
        for draft in book.rows(table)
        if isinstance(draft.get("lon"), (int, float)) and isinstance(draft.get("lat"), (int, float))
    ]
    for draft in drafts:
        lon, lat = wgs_of(book.datum, (draft.get("lon"), draft.get("lat")))
        draft.put("lon", round(lon, 6))
        draft.put("lat", round(lat, 6))
    words = {"datum": book.datum.label, "count": len(drafts)}
    book.remark(issue("points_converted", Spot("设置"), book.datum.label, **words))
