"""The tree of areas, with what lies in each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from pydantic import BaseModel, Field

from api.access.denied import UnseenError
from models.instance import Instance
from models.places import Area
from models.vocabulary import AreaLevel
from models.whereabouts import area_of_row

COUNTED = ("villages", "sites", "posts", "firms", "people")


class AreaNode(BaseModel):
    """An area, its place in the tree, and how much lies in it and below."""

    id: str
    name: str
    level: AreaLevel
    parent: str | None
    depth: int = Field(description="0 为所问的区划 0 is the area asked for")
    counts: dict[str, int] = Field(description="含下级 with all areas below")


def area_tree(instance: Instance, area: str) -> list[AreaNode]:
    """Return an area and all below it, each before its own.

    Raises
    ------
    UnseenError
        The data do not know the area.
    """
    if area not in instance.area_by_id:
        raise UnseenError
    counts = _counts(instance)
    children: dict[str | None, list[Area]] = defaultdict(list)
    for found in instance.areas:
        children[found.parent].append(found)

    def below(found: Area, depth: int) -> Iterator[AreaNode]:
        yield AreaNode(
            id=found.id,
            name=found.name,
            level=found.level,
            parent=found.parent,
            depth=depth,
            counts={table: counts[found.id, table] for table in COUNTED},
        )
        for child in children[found.id]:
            yield from below(child, depth + 1)

    return list(below(instance.area_by_id[area], 0))


def _counts(instance: Instance) -> Counter[tuple[str, str]]:
    """Count the rows of each table in every area, those of the areas below among them."""
    counts: Counter[tuple[str, str]] = Counter()
    for table in COUNTED:
        for row in getattr(instance, table):
            above = instance.ancestors(area_of_row(instance, row))
            counts.update((area, table) for area in above)
    return counts
