"""Where a roster of an address lies, and the roster itself."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from api.access.action_places import Place
from api.access.denied import UnseenError
from api.office.open_plans import OpenPlan
from api.routes.answering.path_ids import AreaId, RosterId
from api.routes.answering.running import InService
from models.store.database.errors import NotFoundError


def board_place(service: InService, area: AreaId, roster: RosterId) -> Place | None:
    """Return where a roster of an area lies; none if the area has no such roster."""
    try:
        found = service.open_plans.get(roster)
    except NotFoundError:
        return None
    return service.areas.place(area) if found.area == area else None


def shown_plan(service: InService, roster: RosterId) -> OpenPlan:
    """Return the roster of an address as it is now."""
    try:
        return service.open_plans.get(roster)
    except NotFoundError:
        raise UnseenError from None


ShownPlan = Annotated[OpenPlan, Depends(shown_plan)]
"""A parameter of a page: the roster of its address."""
