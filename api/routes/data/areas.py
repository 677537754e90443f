"""The tree of areas, with what lies in each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.access.actions import Action
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.data.area_tree import AreaNode, area_tree
from api.routes.answering.entity_tags import tag
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.running import InService

router = APIRouter(prefix="/api/v1", tags=["data"])


@router.get("/areas/{area}/tree", responses=responses(*GUARDED))
def read_tree(
    area: AreaId,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.READ_INSTANCE, area_place))],
) -> list[AreaNode]:
    """区划树 / An area and all below it, each before its own, with villages, sites, posts, firms, people."""
    data = service.areas.data_at(area)
    tag(response, data.revision)
    return area_tree(data.instance, area)
