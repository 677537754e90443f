"""Remarks on values that are allowed and yet look like slips of the pen."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator

from models.calendar import month_days
from models.instance import Instance
from models.issues import Issue
from models.messages import Spot, issue
from models.places import Site, Village
from models.spellings import folded

FAR_KM = 40.0
"""A village or site further from its township's point than this is remarked; townships are smaller."""
MANY = 10
"""People at once on one post: more than any centre of a county seats."""
_EARTH_KM = 6371.0
_SHOWN = 5
_MOBILE = re.compile(r"^1\d{10}$")
_LANDLINE = re.compile(r"^0\d{9,11}$")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")


def oddities(instance: Instance, month: str) -> Iterator[Issue]:
    """Yield a remark for everything that looks like a slip."""
    yield from _namesakes(instance)
    yield from _licences(instance)
    yield from _shares(instance)
    yield from _mobiles(instance)
    yield from _crowds(instance)
    yield from _far_points(instance)
    yield from _one_point(instance)
    yield from _outside(instance, month)
    yield from _unspoken(instance)
    yield from _private_use(instance)


def _several(rows: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """Yield what several rows share, with the ids of these rows."""
    found: dict[str, list[str]] = {}
    for key, row in rows:
        if key:
            found.setdefault(key, []).append(row)
    yield from ((key, ids) for key, ids in found.items() if len(ids) > 1)


def _namesakes(instance: Instance) -> Iterator[Issue]:
    """Report people of one name who may be one person."""
    for name, ids in _several((folded(p.name), p.id) for p in instance.people):
        words = {"name": name, "count": len(ids), "ids": "、".join(ids[:_SHOWN])}
        yield issue("namesakes", Spot("人员"), name, **words)


def _licences(instance: Instance) -> Iterator[Issue]:
    """Report one licence on several people."""
    for _, ids in _several((folded(p.licence_no), p.id) for p in instance.people):
        words = {"count": len(ids), "ids": "、".join(ids[:_SHOWN])}
        yield issue("licence_shared", Spot("人员"), **words)


def _shares(instance: Instance) -> Iterator[Issue]:
    for person in instance.people:
        if person.share > 1:
            words = {"name": person.name, "share": f"{person.share:g}"}
            yield issue("share_over_one", Spot("人员"), f"{person.share:g}", **words)


def _mobiles(instance: Instance) -> Iterator[Issue]:
    for person in instance.people:
        digits = re.sub(r"[\s\-()+（）]", "", person.mobile).removeprefix("86")
        if digits and not (_MOBILE.match(digits) or _LANDLINE.match(digits)):
            words = {"name": person.name, "count": len(digits)}
            yield issue("mobile_odd", Spot("人员"), **words)


def _crowds(instance: Instance) -> Iterator[Issue]:
    """Report posts that want so many people that others may stay empty."""
    on_duty = sum(person.is_duty for person in instance.people)
    for post in instance.posts:
        most = max([post.head_count, *post.head_counts.values()])
        if most > min(MANY, max(on_duty, 1)):
            words = {"name": post.name, "count": most, "people": on_duty}
            yield issue("head_count_large", Spot("岗位"), post.id, **words)


def _far_points(instance: Instance) -> Iterator[Issue]:
    tables: tuple[tuple[str, Iterable[Village | Site]], ...] = (
        ("村居", instance.villages),
        ("站点", instance.sites),
    )
    for title, rows in tables:
        for row in rows:
            area = instance.area_by_id.get(row.area)
            if area is None or None in (row.lon, row.lat, area.lon, area.lat):
                continue
            away = _km((row.lon or 0, row.lat or 0), (area.lon or 0, area.lat or 0))
            if away > FAR_KM and area.level.value == "township":
                words = {"name": row.name, "area": area.name, "km": round(away)}
                yield issue("point_far", Spot(title), f"{row.lon:g}, {row.lat:g}", **words)


def _km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the great-circle distance of two points, km."""
    (lon, lat), (lon2, lat2) = (tuple(map(math.radians, point)) for point in (one, other))
    half = math.sin((lat2 - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(lat2) * math.sin((lon2 - lon) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(half))


def _one_point(instance: Instance) -> Iterator[Issue]:
    """Report that everything stands at one point, so that ways are unknown."""
    tables = (instance.areas, instance.villages, instance.sites, instance.firms)
    points = [(row.lon, row.lat) for rows in tables for row in rows if row.lon is not None]
    if len(instance.villages) > 1 and len(set(points)) == 1:
        yield issue("one_point", Spot("区划"), count=len(instance.villages))


def _outside(instance: Instance, month: str) -> Iterator[Issue]:
    """Report leave that does not touch the planned month or the days around it."""
    days = month_days(month)
    first, last = days[0] - dt.timedelta(days=31), days[-1] + dt.timedelta(days=31)
    found = [leave for leave in instance.leave if leave.last < first or leave.first > last]
    if found:
        words = {"count": len(found), "month": month, "first": str(found[0].first)}
        yield issue("leave_outside", Spot("请假开庭"), str(found[0].first), **words)


def _unspoken(instance: Instance) -> Iterator[Issue]:
    """Report languages that posts or villages need and nobody speaks."""
    spoken = {language for person in instance.people for language in person.languages}
    needed = {
        language: title
        for title, rows in (("村居", instance.villages), ("岗位", instance.posts))
        for row in rows
        for language in row.languages
    }
    for language, title in sorted(needed.items()):
        if spoken and language not in spoken:
            known = "、".join(sorted(spoken)[:_SHOWN])
            yield issue("language_unspoken", Spot(title), language, word=language, known=known)


def _private_use(instance: Instance) -> Iterator[Issue]:
    """Report names with characters of a font of its own, which others see as boxes."""
    tables = (("人员", instance.people), ("村居", instance.villages), ("站点", instance.sites))
    for title, rows in tables:
        for row in rows:
            match = _PRIVATE_USE.search(row.name)
            if match:
                words = {"name": row.name, "char": f"U+{ord(match[0]):04X}"}
                yield issue("private_use", Spot(title), row.id, **words)
