"""One month after another: the next one opened, a month closed, opened again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.access.actions import Action
from api.access.policy import check
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.year import month_moves as moves
from api.routes.answering.entity_tags import IfMatch, tag, version_of
from api.routes.answering.path_ids import AreaId, MonthId, area_place
from api.routes.answering.running import InService
from api.routes.data.changing import CHANGES_DATA
from api.routes.plans.rosters import LoggedReason

router = APIRouter(prefix="/api/v1", tags=["months"])

May = Annotated[Grant, Depends(require(Action.CLOSE_MONTH, area_place))]


@router.post("/areas/{area}/data/next", responses=responses(*GUARDED, *CHANGES_DATA))
def open_next(
    area: AreaId,
    opening: moves.MonthOpening,
    service: InService,
    response: Response,
    grant: May,
    if_match: IfMatch = None,
) -> moves.OpenedMonth:
    """开始下月 / Work with the next month while this one goes on: advisers in office are kept.

    What is published counts as held until it is reported; closing the month later puts that right.
    """
    data = service.areas.data_at(area)
    check(grant.actor, Action.CLOSE_MONTH, data.place)
    revision, by = version_of(if_match), grant.actor.by
    made = moves.open_next_month(service, data, opening, by=by, revision=revision)
    tag(response, made.revision)
    return made


@router.post("/areas/{area}/data/close", responses=responses(*GUARDED, *CHANGES_DATA))
def close(
    area: AreaId,
    closing: moves.MonthClosing,
    service: InService,
    response: Response,
    grant: May,
    if_match: IfMatch = None,
) -> moves.OpenedMonth:
    """结转月份 / Close the month that is published; the data are those of the next one.

    What was held goes into the ledger, lectures and visits on record, and what is paid is settled. A
    month is closed once; ``POST …/months/{month}/reopen`` opens the last one again.
    """
    data = service.areas.data_at(area)
    check(grant.actor, Action.CLOSE_MONTH, data.place)
    revision, by = version_of(if_match), grant.actor.by
    made = moves.close_month(service, data, closing, by=by, revision=revision)
    tag(response, made.revision)
    return made


@router.post("/areas/{area}/months/{month}/reopen", responses=responses(*GUARDED, "conflict"))
def reopen(
    area: AreaId, month: MonthId, reason: LoggedReason, service: InService, grant: May
) -> moves.ReopenedMonth:
    """重开月份 / Open the month closed last again; data and rosters of later months stay as they are."""
    data = service.areas.data_at(area)
    check(grant.actor, Action.CLOSE_MONTH, data.place)
    return moves.reopen_month(service, data, month, by=grant.actor.by, why=reason.why)
