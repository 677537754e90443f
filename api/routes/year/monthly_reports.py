"""The months that are open, and the report of a month: page data, workbook, printed page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.access.actions import Action
from api.http.guard import GUARDED, CurrentActor, Grant, require
from api.http.problems import responses
from api.office.year.month_reports import read_report, report_page, report_workbook
from api.office.year.open_months import OpenMonth, open_months
from api.routes.answering.attachments import FILE, attachment
from api.routes.answering.path_ids import AreaId, MonthId, area_place
from api.routes.answering.running import InService, Today
from solver.year.month_report import MonthReport

router = APIRouter(prefix="/api/v1", tags=["months"])

Cutoff = Annotated[
    int | None,
    Query(ge=1, le=31, description="截止日，默认按规则方案（25）last day that counts"),
]


@router.get("/areas/{area}/months", responses=responses(*GUARDED))
def list_open_months(
    area: AreaId,
    service: InService,
    today: Today,
    grant: Annotated[Grant, Depends(require(Action.READ_INSTANCE, area_place))],
) -> list[OpenMonth]:
    """月份进度 / The months that are planned, run or wait to be closed, with what is due next."""
    return open_months(service, service.areas.data_at(area), today)


@router.get("/areas/{area}/months/{month}/report", responses=responses(*GUARDED))
def read_month_report(
    area: AreaId,
    month: MonthId,
    service: InService,
    actor: CurrentActor,
    cutoff: Cutoff = None,
) -> MonthReport:
    """月报 / Counts and figures of every area, targets and pace, alerts, what is open."""
    return read_report(service, actor, area, month, cutoff)


@router.get(
    "/areas/{area}/months/{month}/report-sheet",
    response_class=Response,
    responses=responses(*GUARDED) | FILE,
)
def read_report_sheet(
    area: AreaId,
    month: MonthId,
    service: InService,
    actor: CurrentActor,
    cutoff: Cutoff = None,
) -> Response:
    """下载月报表 / The report of a month as a workbook."""
    content = report_workbook(service, actor, area, month, cutoff)
    return attachment(f"report-{area}-{month}.xlsx", content)


@router.get(
    "/areas/{area}/months/{month}/report-page",
    response_class=Response,
    responses=responses(*GUARDED) | FILE,
)
def read_report_page(
    area: AreaId,
    month: MonthId,
    service: InService,
    actor: CurrentActor,
    cutoff: Cutoff = None,
) -> Response:
    """打印月报 / The report of a month as one page to be printed."""
    content = report_page(service, actor, area, month, cutoff).encode()
    return attachment(f"report-{area}-{month}.html", content)
