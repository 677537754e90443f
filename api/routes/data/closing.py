"""Closing a month of an area: the next one begins with everything that is remembered."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.access.actions import Action
from api.access.policy import check
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.data.month_closing import ClosedMonth, MonthClosing, close_month
from api.routes.answering.entity_tags import IfMatch, tag, version_of
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.running import InService
from api.routes.data.changing import CHANGES_DATA

router = APIRouter(prefix="/api/v1", tags=["data"])


@router.post("/areas/{area}/data/close", responses=responses(*GUARDED, *CHANGES_DATA))
def close(
    area: AreaId,
    closing: MonthClosing,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.PATCH_INSTANCE, area_place))],
    if_match: IfMatch = None,
) -> ClosedMonth:
    """结转月份 / Close the month that is published and work with the next one.

    Turns held go into the ledger, lectures and visits on record, advisers in office are kept, and the
    last days of the month are settled. A month is closed once: the data have moved on then. Putting
    the data before to use again opens it again.
    """
    data = service.areas.data_at(area)
    check(grant.actor, Action.PATCH_INSTANCE, data.place)
    revision = version_of(if_match)
    made = close_month(service, data, closing, by=grant.actor.by, revision=revision)
    tag(response, made.revision)
    return made
