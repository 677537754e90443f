"""What a month pays: the statement as page data and as a workbook."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.http.guard import GUARDED, CurrentActor
from api.http.problems import responses
from api.office.year.month_money import MonthMoney, money_workbook, month_money
from api.routes.answering.attachments import FILE, attachment
from api.routes.answering.path_ids import AreaId, MonthId
from api.routes.answering.running import InService

router = APIRouter(prefix="/api/v1", tags=["months"])


@router.get("/areas/{area}/months/{month}/statement", responses=responses(*GUARDED))
def read_statement(
    area: AreaId, month: MonthId, service: InService, actor: CurrentActor
) -> MonthMoney:
    """补贴结算 / What a month pays, row by row: all, or what is the own area's, firm's or person's."""
    return month_money(service, actor, area, month)


@router.get(
    "/areas/{area}/months/{month}/statement-sheet",
    response_class=Response,
    responses=responses(*GUARDED) | FILE,
)
def read_statement_sheet(
    area: AreaId, month: MonthId, service: InService, actor: CurrentActor
) -> Response:
    """下载补贴结算表 / The statement of a month as a workbook."""
    content = money_workbook(service, actor, area, month)
    return attachment(f"statement-{area}-{month}.xlsx", content)
