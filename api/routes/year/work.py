"""Work beyond the roster: legal-aid cases, mediations, documents, calls, counted."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator

from api.http.guard import GUARDED, CurrentActor
from api.http.problems import responses
from api.office.year.extra_work import (
    WorkChange,
    WorkReport,
    WorkView,
    correct_work,
    list_work,
    report_work,
)
from api.routes.answering.entity_tags import IfMatch, version_of
from api.routes.answering.listings import From, Limit, Listing, page_of
from api.routes.answering.path_ids import AreaId, MonthId, WorkId
from api.routes.answering.running import InService
from models.rows import printable

router = APIRouter(prefix="/api/v1", tags=["attendance"])


@router.get("/areas/{area}/months/{month}/work-items", responses=responses(*GUARDED))
def list_month_work(
    area: AreaId,
    month: MonthId,
    service: InService,
    actor: CurrentActor,
    person: Annotated[
        str | None, Query(min_length=1, max_length=60), AfterValidator(printable)
    ] = None,
    start: From = 0,
    limit: Limit = 50,
) -> Listing[WorkView]:
    """其他工作 / Counted work of a month beyond the roster: all, or the own."""
    return page_of(list_work(service, actor, area, month, person), start, limit)


@router.post(
    "/areas/{area}/months/{month}/work-items", status_code=201, responses=responses(*GUARDED)
)
def enter_work(
    area: AreaId, month: MonthId, report: WorkReport, service: InService, actor: CurrentActor
) -> list[WorkView]:
    """登记其他工作 / Enter work: who, when, where, what kind, how many; no names, no cases."""
    return report_work(service, actor, area, month, report)


@router.put(
    "/areas/{area}/work-items/{work}",
    responses=responses(*GUARDED, "changed-meanwhile", "if-match-required"),
)
def change_work(
    area: AreaId,
    work: WorkId,
    change: WorkChange,
    service: InService,
    actor: CurrentActor,
    if_match: IfMatch = None,
) -> WorkView | None:
    """更正其他工作 / Change an entry, or remove it (without ``work``); its ``version`` is the If-Match."""
    return correct_work(service, actor, area, work, change, version=version_of(if_match))
