"""The tree of areas, with what lies in each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from api.access.actions import Action
from api.access.denied import UnseenError
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.routes.answering.entity_tags import tag
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.running import InService
from api.routes.data.changing import data_of
from models.instance import Instance
from models.places import Area
from models.vocabulary import AreaLevel
from models.whereabouts import area_of_row

router = APIRouter(prefix="/api/v1", tags=["data"])

COUNTED = ("villages", "sites", "posts", "firms", "people")


class AreaNode(BaseModel):
    """An area, its place in the tree, and how much lies in it and below."""

    id: str
    name: str
    level: AreaLevel
    parent: str | None
    depth: int = Field(description="0 为所问的区划 0 is the area asked for")
    counts: dict[str, int] = Field(description="含下级 with all areas below")


@router.get("/areas/{area}/tree", responses=responses(*GUARDED))
def read_tree(
    area: AreaId,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.READ_INSTANCE, area_place))],
) -> list[AreaNode]:
    """区划树 / An area and all below it, each before its own, with villages, sites, posts, firms, people."""
    data = data_of(service, area)
    tag(response, data.revision)
    if area not in data.instance.area_by_id:
        raise UnseenError
    counts = _counts(data.instance)
    children: dict[str | None, list[Area]] = defaultdict(list)
    for found in data.instance.areas:
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

    return list(below(data.instance.area_by_id[area], 0))


def _counts(instance: Instance) -> Counter[tuple[str, str]]:
    """Count the rows of each table in every area, those of the areas below among them."""
    counts: Counter[tuple[str, str]] = Counter()
    for table in COUNTED:
        for row in getattr(instance, table):
            above = instance.ancestors(area_of_row(instance, row))
            counts.update((area, table) for area in above)
    return counts
