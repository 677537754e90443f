"""Fairness: who served what was due, this month and carried, with the difference; sorted as asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.access.actions import Action
from api.access.denied import UnseenError
from api.http.guard import Grant
from api.pages.figures.chosen_month import ChosenMonth, MonthAsked, chosen_month
from api.pages.frame.doors import require_page
from api.pages.frame.page import page
from api.routes.answering.attachments import attachment
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.running import InService
from models.report import FairnessRow, TurnShare

router = APIRouter(prefix="/office/{area}/figures")
Reading = Annotated[Grant, Depends(require_page(Action.FAIRNESS, area_place))]
Order = Literal["difference", "turns", "hours", "name", "minutes"]
PAGE = 50


class FairnessLine(NamedTuple):
    """The load of one person; ``total`` is what was due of all duties, None where nothing was."""

    name: str
    kind: str
    unit: str
    row: FairnessRow
    total: TurnShare | None

    @property
    def difference(self) -> float:
        """Turns served less those due, over the window."""
        return self.total.difference if self.total else 0.0


_ORDERS: dict[Order, Callable[[FairnessLine], Any]] = {
    "difference": lambda line: (-abs(line.difference), line.name),
    "turns": lambda line: (-line.row.turns, line.name),
    "hours": lambda line: (-line.row.hours, line.name),
    "minutes": lambda line: (-line.row.travel_minutes, line.name),
    "name": lambda line: line.name,
}


@router.get("")
def show_fairness(
    request: Request,
    area: AreaId,
    service: InService,
    grant: Reading,
    month: MonthAsked = None,
    sort: Annotated[Order, Query()] = "difference",
    start: Annotated[int, Query(ge=0, le=10**6)] = 0,
) -> HTMLResponse:
    """Show the load of everybody who holds something in a published month."""
    chosen = chosen_month(service, area, month)
    lines = sorted(_lines(chosen), key=_ORDERS[sort]) if chosen else []
    return _shown(request, area, chosen, lines, sort, start)


def _shown(
    request: Request,
    area: str,
    chosen: ChosenMonth | None,
    lines: list[FairnessLine],
    sort: Order,
    start: int,
) -> HTMLResponse:
    shown = lines[start : start + PAGE]
    query = {"sort": sort} | ({"month": chosen.record.month} if chosen else {})
    return page(
        request,
        "figures/fairness.html",
        area=area,
        chosen=chosen,
        lines=shown,
        total=len(lines),
        start=start,
        sort=sort,
        widest=max((abs(line.difference) for line in lines), default=0) or 1,
        spread=_spread(lines),
        page_address=lambda other: f"?{urlencode(query | {'start': other})}",
    )


@router.get("/fairness.xlsx")
def fairness_workbook(
    area: AreaId, service: InService, grant: Reading, month: MonthAsked = None
) -> Response:
    """Return the same as a workbook, class by class."""
    # late: xlsxwriter and the views are needed here alone
    from api.documents.list_sheets import fairness_sheet, share_sheet
    from api.documents.roster_workbook import render_sheets
    from api.documents.view import build_view

    chosen = chosen_month(service, area, month)
    if chosen is None:
        raise UnseenError
    view = build_view(chosen.instance, chosen.roster, chosen.report)
    sheets, heading = (fairness_sheet(view), share_sheet(view)), f"{view.title} {view.month_label}"
    content = render_sheets(sheets, heading, view.month)
    return attachment(f"fairness-{area}-{chosen.record.month}.xlsx", content)


def _lines(chosen: ChosenMonth) -> list[FairnessLine]:
    found = []
    for row in chosen.report.fairness:
        person = chosen.instance.person_by_id[row.person]
        firm = chosen.instance.firm_by_id.get(person.firm or "")
        whole = (share for share in row.shares if share.kind is None and not share.is_standby)
        unit = firm.name if firm else ""
        found.append(FairnessLine(person.name, person.kind.label, unit, row, next(whole, None)))
    return found


def _spread(lines: list[FairnessLine]) -> tuple[float, float] | None:
    """Return the smallest and the largest difference; None where nothing was due to anybody."""
    known = [line.difference for line in lines if line.total]
    return (min(known), max(known)) if known else None
