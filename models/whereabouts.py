"""The area of each row of an instance: that of its place or person."""

from __future__ import annotations

from collections.abc import Collection

from models.instance import Instance
from models.people import Firm, LectureRecord, Person, Pin
from models.places import Area, Post, Site, Village
from models.rows import Row


def area_of_row(instance: Instance, row: Row) -> str | None:
    """Return the area of a row; none for rows that apply to the whole instance."""
    match row:
        case Area():
            return row.id
        case Village() | Site() | Firm() | Person():
            return row.area
        case Post():
            return _of_site(instance, row.site)
        case LectureRecord():
            return area_of_target(instance, row.village)
        case Pin() if row.person is None:
            return area_of_target(instance, row.target) if row.target else None
    person = instance.person_by_id.get(getattr(row, "person", ""))
    return person.area if person else None


def area_of_target(instance: Instance, target: str) -> str | None:
    """Return the area in which a village, site or post lies, none for an unknown one."""
    if target in instance.village_by_id:
        return instance.village_by_id[target].area
    post = instance.post_by_id.get(target)
    return _of_site(instance, post.site if post else target)


def rows_inside(instance: Instance, table: str, areas: Collection[str]) -> list[Row]:
    """Return the rows of a table in the given areas, and those for all areas, in order."""
    rows: tuple[Row, ...] = getattr(instance, table)
    return [row for row in rows if (area := area_of_row(instance, row)) is None or area in areas]


def _of_site(instance: Instance, site: str) -> str | None:
    found = instance.site_by_id.get(site)
    return found.area if found else None
