"""Money: what a month pays by person, firm and township, with the rows behind each sum."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.access.actions import Action
from api.http.guard import Grant
from api.office.year.month_money import money_workbook, month_money
from api.pages.figures.chosen_month import MonthAsked, chosen_month
from api.pages.frame.doors import SignedInActor, require_page
from api.pages.frame.page import page
from api.routes.answering.attachments import attachment
from api.routes.answering.path_ids import AreaId, MonthId, area_place
from api.routes.answering.running import InService

router = APIRouter(prefix="/office/{area}/figures/money")
Reading = Annotated[Grant, Depends(require_page(Action.READ_MONEY, area_place))]
MOST = 200


@router.get("")
def show_money(
    request: Request,
    area: AreaId,
    service: InService,
    grant: Reading,
    month: MonthAsked = None,
    person: Annotated[str, Query(max_length=60)] = "",
) -> HTMLResponse:
    """Show the sums of a month; with a person the rows behind that sum."""
    chosen = chosen_month(service, area, month)
    money = month_money(service, grant.actor, area, chosen.record.month) if chosen else None
    rows = [row for row in money.statement.rows if row.person == person] if money else []
    return page(
        request,
        "figures/money.html",
        area=area,
        chosen=chosen,
        money=money,
        person=person,
        rows=rows[:MOST],
        most=MOST,
        places={one.id: one.name for one in chosen.instance.areas} if chosen else {},
    )


@router.get("/{month}.xlsx")
def save_statement(
    area: AreaId, month: MonthId, service: InService, actor: SignedInActor
) -> Response:
    """Return the statement of a month as a workbook."""
    content = money_workbook(service, actor, area, month)
    return attachment(f"statement-{area}-{month}.xlsx", content)
