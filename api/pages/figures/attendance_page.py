"""What became of everything planned: entered row by row or from a sheet; the month closed and opened again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, Response
from pydantic import ValidationError

from api.access.actions import Action
from api.access.policy import Decision, check, decide
from api.access.roles import Actor
from api.http.guard import Grant
from api.jobs.contract.plan import File
from api.office.context import Service
from api.office.year import month_moves as moves
from api.office.year.attendance_reports import (
    AttendanceAsked,
    AttendanceReport,
    AttendanceView,
    list_attendance,
    report_attendance,
)
from api.office.year.attendance_sheets import attendance_sheet, read_sheet
from api.pages.figures.chosen_month import MonthAsked, chosen_month
from api.pages.frame.doors import SignedInActor, require_page
from api.pages.frame.forms import FormVersion, form_error
from api.pages.frame.page import page, see
from api.routes.answering.attachments import attachment
from api.routes.answering.path_ids import AreaId, MonthId, area_place
from api.routes.answering.running import InService, Today
from models.attendance import AttendanceRow, Presence
from models.issues import InputError
from models.rows import Why

router = APIRouter(prefix="/office/{area}/figures/attendance")
Reading = Annotated[Grant, Depends(require_page(Action.READ_ATTENDANCE, area_place))]
Closing = Annotated[Grant, Depends(require_page(Action.CLOSE_MONTH, area_place))]
Only = Literal["open", "reported", "all"]
PAGE = 50


@router.get("")
def show_attendance(
    request: Request,
    area: AreaId,
    service: InService,
    grant: Reading,
    today: Today,
    month: MonthAsked = None,
    only: Annotated[Only, Query()] = "open",
    start: Annotated[int, Query(ge=0, le=10**6)] = 0,
) -> HTMLResponse:
    """Show what was planned up to today and is not reported yet, or else what is asked for."""
    return _shown(request, service, grant.actor, area, today, month, only=only, start=start)


@router.get("/{month}.xlsx")
def save_sheet(area: AreaId, month: MonthId, service: InService, actor: SignedInActor) -> Response:
    """Return the sheet of a month, a row for each thing, with what is reported so far."""
    content = attendance_sheet(service, actor, area, month)
    return attachment(f"attendance-{area}-{month}.xlsx", content)


@router.post("/{month}")
async def enter(
    request: Request,
    area: AreaId,
    month: MonthId,
    service: InService,
    actor: SignedInActor,
    today: Today,
) -> Response:
    """Keep the rows of the form that say something; all of them, or none."""
    form = await request.form()
    fields = {name: str(value) for name, value in form.items()}
    correction, why = "correction" in fields, fields.get("why", "")
    try:
        rows = tuple(_rows(fields))
        if rows:
            report = AttendanceReport(attendance=rows, correction=correction, why=why)
            report_attendance(service, actor, area, month, report, today=today)
    except InputError as error:
        only: Only = "all" if correction else "open"
        return _shown(
            request, service, actor, area, today, month, only=only, error=error, typed=fields
        )
    return see(f"/office/{area}/figures/attendance?month={month}")


@router.post("/{month}/sheet")
def upload_sheet(
    request: Request,
    area: AreaId,
    month: MonthId,
    file: UploadFile,
    service: InService,
    actor: SignedInActor,
    today: Today,
    correction: Annotated[bool, Form()] = False,
) -> Response:
    """Read a filled-in sheet; every issue is told with its cell."""
    sheet = File(name=file.filename or "", content=file.file.read())
    try:
        read_sheet(service, actor, area, month, sheet, correction=correction, today=today)
    except InputError as error:
        return _shown(request, service, actor, area, today, month, error=error)
    return see(f"/office/{area}/figures/attendance?month={month}&only=reported")


@router.post("/{month}/close")
def close(
    request: Request,
    area: AreaId,
    month: MonthId,
    service: InService,
    grant: Closing,
    today: Today,
    revision: FormVersion,
    rest_held: Annotated[bool, Form()] = False,
    why: Annotated[Why, Form()] = "",
) -> Response:
    """Close the month: the ledger, the lectures and what is paid follow from what was held."""
    closing = moves.MonthClosing(month=month, rest_held=rest_held, why=why)
    move = partial(moves.close_month, closing=closing, revision=revision)
    return _moved(request, service, grant.actor, area, today, month, move)


@router.post("/{month}/next")
def open_next(
    request: Request,
    area: AreaId,
    month: MonthId,
    service: InService,
    grant: Closing,
    today: Today,
    revision: FormVersion,
    fresh: Annotated[bool, Form()] = False,
    why: Annotated[Why, Form()] = "",
) -> Response:
    """Work with the next month while this one goes on."""
    opening = moves.MonthOpening(month=month, fresh=fresh, why=why)
    move = partial(moves.open_next_month, opening=opening, revision=revision)
    return _moved(request, service, grant.actor, area, today, month, move)


def _moved(
    request: Request,
    service: Service,
    actor: Actor,
    area: str,
    today: dt.date,
    month: str,
    move: Callable[..., moves.OpenedMonth],
) -> Response:
    """Move the area's data on to another month and go there; issues are shown on the page."""
    data = service.areas.data_at(area)
    check(actor, Action.CLOSE_MONTH, data.place)
    try:
        move(service, data, by=actor.by)
    except InputError as error:
        return _shown(request, service, actor, area, today, month, error=error)
    return see(f"/office/{area}")


@router.post("/{month}/reopen")
def reopen(
    area: AreaId,
    month: MonthId,
    service: InService,
    grant: Closing,
    why: Annotated[Why, Form()] = "",
) -> Response:
    """Open the month closed last again."""
    data = service.areas.data_at(area)
    check(grant.actor, Action.CLOSE_MONTH, data.place)
    moves.reopen_month(service, data, month, by=grant.actor.by, why=why)
    return see(f"/office/{area}/figures/attendance?month={month}")


def _rows(fields: dict[str, str]) -> list[AttendanceRow]:
    """Return the rows of a form in which somebody said whether people came.

    Raises
    ------
    InputError
        A number is none, or out of range.
    """
    found = []
    for name, value in fields.items():
        prefix, _, key = name.partition(":")
        if prefix != "presence" or not value:
            continue
        told: dict[str, Any] = {"id": key, "presence": value}
        told |= {
            field: fields[f"{field}:{key}"].strip()
            for field in ("hours", "people", "substitute")
            if fields.get(f"{field}:{key}", "").strip()
        }
        try:
            found.append(AttendanceRow.model_validate(told))
        except ValidationError as error:
            raise form_error(error, key) from None
    return found


def _shown(
    request: Request,
    service: Service,
    actor: Actor,
    area: str,
    today: dt.date,
    month: str | None,
    *,
    only: Only = "open",
    start: int = 0,
    error: InputError | None = None,
    typed: dict[str, str] | None = None,
) -> HTMLResponse:
    chosen = chosen_month(service, area, month)
    rows = _listed(service, actor, area, chosen.record.month, only, today) if chosen else []
    data = service.areas.data_at(area)
    may_close = decide(actor, Action.CLOSE_MONTH, data.place) is Decision.ALLOW
    query = {"month": chosen.record.month if chosen else "", "only": only}
    return page(
        request,
        "figures/attendance.html",
        status=422 if error else 200,
        area=area,
        chosen=chosen,
        rows=rows[start : start + PAGE],
        total=len(rows),
        start=start,
        only=only,
        error=error,
        typed=typed or {},
        presences=list(Presence),
        revision=data.revision,
        may_close=may_close,
        page_address=lambda other: f"?{urlencode(query | {'start': other})}",
    )


def _listed(
    service: Service, actor: Actor, area: str, month: str, only: Only, today: dt.date
) -> list[AttendanceView]:
    """Return what is looked at, by day; what is not due yet is not missing."""
    is_open = None if only == "all" else only == "open"
    last = today if only == "open" else None
    asked = AttendanceAsked(last=last, is_open=is_open)
    return sorted(
        list_attendance(service, actor, area, month, asked), key=lambda row: (row.date, row.id)
    )
