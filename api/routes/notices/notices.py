"""What became of notices, of a publication or an area, with the texts ready to paste."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import AfterValidator

from api.access.actions import Action
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.notices.notice_states import (
    EventNotices,
    NoticeView,
    area_notices,
    notices_of_roster,
    told_by_hand,
)
from api.routes.answering.listings import Before, Limit, Listing
from api.routes.answering.path_ids import AreaId, RosterId, area_place
from api.routes.answering.running import InService
from api.routes.plans.rosters import place_of_roster
from models.rows import printable
from models.store.tables.words import NoticeState

router = APIRouter(prefix="/api/v1", tags=["notices"])

NoticeId = Annotated[int, Path(ge=1, le=2**31 - 1, description="通知编号 notice id")]


@router.get("/rosters/{roster}/notices", responses=responses(*GUARDED))
def read_roster_notices(
    roster: RosterId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_NOTICES, place_of_roster))],
) -> EventNotices:
    """复制通知 / The notices of a publication, or those that a draft would make: texts, ways, states."""
    return notices_of_roster(service, roster)


@router.get("/areas/{area}/notices", responses=responses(*GUARDED))
def list_notices(
    area: AreaId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_NOTICES, area_place))],
    state: Annotated[list[NoticeState], Query(description="状态，可多个 one or several")] = [],  # noqa: B006 - FastAPI copies it
    event: Annotated[str | None, Query(max_length=80), AfterValidator(printable)] = None,
    before: Before = None,
    limit: Limit = 50,
) -> Listing[NoticeView]:
    """通知状态 / What became of every notice, newest first; ``state=undelivered`` did not arrive."""
    page = area_notices(service, area, state, event=event, before=before, limit=limit)
    return Listing(items=list(page.rows), next=page.next)


@router.post("/areas/{area}/notices/{notice}/told", responses=responses(*GUARDED, "conflict"))
def pass_notice(
    area: AreaId,
    notice: NoticeId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.PASS_NOTICES, area_place))],
) -> NoticeView:
    """已人工告知 / Say that somebody has passed on a notice that did not arrive."""
    return told_by_hand(service, area, notice, by=grant.actor.by)
