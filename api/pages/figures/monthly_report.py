"""The report of the 25th: figures of every area, targets and pace, alerts, what is open."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.access.actions import Action
from api.http.guard import Grant
from api.office.year.month_reports import read_report, report_workbook
from api.pages.figures.chosen_month import MonthAsked, chosen_month
from api.pages.frame.doors import SignedInActor, require_page
from api.pages.frame.page import page
from api.routes.answering.attachments import attachment
from api.routes.answering.path_ids import AreaId, MonthId, area_place
from api.routes.answering.running import InService
from solver.year.kpis import FIGURES

router = APIRouter(prefix="/office/{area}/figures/report")
Reading = Annotated[Grant, Depends(require_page(Action.KPIS, area_place))]
Cutoff = Annotated[int | None, Query(ge=1, le=31)]
COUNTS = (
    ("duties_held", "duties_due"),
    ("visits_held", "visits_due"),
    ("lectures_held", "lectures_due"),
)
MOST_ROWS, MOST_LINES = 300, 100


@router.get("")
def show_report(
    request: Request,
    area: AreaId,
    service: InService,
    grant: Reading,
    month: MonthAsked = None,
    cutoff: Cutoff = None,
) -> HTMLResponse:
    """Show the report of a published month up to a day, the profile's if none is named."""
    chosen = chosen_month(service, area, month)
    report = None
    if chosen is not None:
        report = read_report(service, grant.actor, area, chosen.record.month, cutoff)
    return page(
        request,
        "figures/report.html",
        area=area,
        chosen=chosen,
        report=report,
        figures=FIGURES,
        counts=COUNTS,
        most_rows=MOST_ROWS,
        most_lines=MOST_LINES,
    )


@router.get("/{month}.xlsx")
def save_report(
    area: AreaId, month: MonthId, service: InService, actor: SignedInActor, cutoff: Cutoff = None
) -> Response:
    """Return the report as a workbook in the annex's shape."""
    content = report_workbook(service, actor, area, month, cutoff)
    return attachment(f"report-{area}-{month}.xlsx", content)
