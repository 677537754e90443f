"""What became of the own duties, visits and lectures: who came, for how long, what kinds of matter."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, Response

from api.access.actions import Action
from api.office.year.attendance_reports import (
    AttendanceAsked,
    AttendanceReport,
    AttendanceView,
    list_attendance,
    report_attendance,
)
from api.pages.frame.page import page, see
from api.pages.frame.shown_changes import place_name
from api.pages.me.own_person import OwnPerson, me_to
from models.attendance import AttendanceRow, Presence
from models.calendar import previous_month
from models.issues import InputError
from models.vocabulary import Speciality

router = APIRouter(prefix="/me/record")
Recording = Annotated[OwnPerson, Depends(me_to(Action.ENTER_ATTENDANCE))]
Number = Annotated[float | Literal[""], Form()]
Whole = Annotated[int | Literal[""], Form()]


@router.get("")
def show_open(me: Recording) -> HTMLResponse:
    """Show what is over and not reported yet, and what was reported last."""
    return _record(me, None)


@router.post("")
def report(
    me: Recording,
    key: Annotated[str, Form(max_length=200)],
    month: Annotated[str, Form(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")],
    presence: Annotated[Presence, Form()],
    hours: Number = "",
    people: Whole = "",
    matter: Annotated[list[Speciality | Literal[""]], Form()] = [],  # noqa: B006 - copied by FastAPI
    count: Annotated[list[int | Literal[""]], Form()] = [],  # noqa: B006
) -> Response:
    """Report one thing; every issue comes back with the list."""
    told = zip(matter, count, strict=False)
    matters = {kind: number or 1 for kind, number in told if isinstance(kind, Speciality)}
    served = {"hours": None if hours == "" else hours, "people": people or 0, "matters": matters}
    try:
        row = AttendanceRow.model_validate({"id": key, "presence": presence} | served)
        made, area = AttendanceReport(attendance=(row,)), me.data.area
        report_attendance(me.service, me.actor, area, month, made, today=me.today)
    except InputError as error:
        return _record(me, error)
    return see("/me/record")


def _record(me: OwnPerson, error: InputError | None) -> HTMLResponse:
    now = f"{me.today:%Y-%m}"
    rows: list[tuple[str, AttendanceView]] = []
    for month in (now, previous_month(now)):
        rows += [(month, view) for view in _planned(me, month)]
    return page(
        me.request,
        "me/record.html",
        status=422 if error else 200,
        me=me,
        open=[(month, view) for month, view in rows if view.report is None],
        known=[view for _, view in rows if view.report is not None],
        error=error,
        place=lambda target: place_name(me.data.instance, target),
        presences=list(Presence),
        specialities=list(Speciality),
    )


def _planned(me: OwnPerson, month: str) -> list[AttendanceView]:
    """Return what the person was to do until today; nothing of a month of which nothing is published."""
    asked = AttendanceAsked(person=me.person.id, last=me.today)
    try:
        return list_attendance(me.service, me.actor, me.data.area, month, asked)
    except InputError:
        return []
