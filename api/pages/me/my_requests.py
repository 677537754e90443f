"""What a person asks for: leave, a duty given away or exchanged; and what colleagues ask of them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Path
from fastapi.responses import HTMLResponse, Response

from api.access.actions import Action
from api.access.denied import UnseenError
from api.office.people import decisions
from api.office.people.leave_requests import LeaveRequest, ask_leave
from api.office.people.own_month import OwnDuty, own_duties
from api.office.people.swap_requests import SwapAsking, SwapRequest, When
from api.pages.frame.forms import FormVersion
from api.pages.frame.page import page, see
from api.pages.me.my_duties import is_asked, own_requests
from api.pages.me.own_person import OwnPerson, me_to
from api.pages.requests.form_days import days_of
from api.routes.answering.path_ids import RequestId
from models.issues import InputError
from models.rows import Why
from models.store.people.requests import Move
from models.vocabulary import Part

router = APIRouter(prefix="/me")
Leaving = Annotated[OwnPerson, Depends(me_to(Action.ASK_LEAVE))]
Swapping = Annotated[OwnPerson, Depends(me_to(Action.ASK_SWAP))]
Reason = Annotated[Why, Form()]
Word = Annotated[str, Form(max_length=80)]
SomePart = Annotated[Part | Literal[""], Form()]
BLANK = dict.fromkeys(
    ("first", "last", "part", "kind", "why", "to", "return_date", "return_part"), ""
)
"""What the forms show before anything is filled in."""
Kind = Annotated[Literal["leave", "court", "training"], Form()]


@router.get("/requests")
def list_mine(me: Swapping) -> HTMLResponse:
    """List the own requests and those of colleagues that wait for an answer."""
    rows = [(view, is_asked(view, me)) for view in own_requests(me)]
    return page(me.request, "me/requests.html", me=me, rows=rows)


@router.post("/requests/{key}/{move}")
def answer(
    me: Swapping,
    key: RequestId,
    move: Literal["agree", "decline", "withdraw"],
    version: FormVersion,
) -> Response:
    """Agree to take a duty over or not, or withdraw what was asked."""
    decisions.answer(me.service, me.actor, key, Move[move.upper()], version=version)
    return see("/me/requests")


@router.get("/leave")
def ask_for_leave(me: Leaving) -> HTMLResponse:
    """Show the form for leave."""
    return _leave_form(me, {}, None)


@router.post("/leave")
def keep_leave(
    me: Leaving,
    first: Word = "",
    last: Word = "",
    part: SomePart = "",
    kind: Kind = "leave",
    why: Reason = "",
) -> Response:
    """Ask for leave; every issue comes back with the form."""
    told = {"first": first, "last": last, "part": part, "kind": kind, "why": why}
    try:
        days = days_of(first, last or first)
        asked = LeaveRequest(first=days[0], last=days[1], part=part or None, kind=kind, why=why)
        with me.service.store.begin() as session:
            ask_leave(session, me.data, me.person.id, asked, by=me.actor.by, today=me.today)
    except InputError as error:
        return _leave_form(me, told, error)
    return see("/me/requests")


@router.get("/duties/{day}/{part}")
def show_duty(me: Swapping, day: Annotated[dt.date, Path()], part: Part) -> HTMLResponse:
    """Show one duty with the form to give it away or exchange it."""
    return _duty_form(me, _duty(me, day, part), {}, None)


@router.post("/duties/{day}/{part}")
def keep_swap(
    me: Swapping,
    day: Annotated[dt.date, Path()],
    part: Part,
    to: Word = "",
    return_date: Word = "",
    return_part: SomePart = "",
    why: Reason = "",
) -> Response:
    """Ask to give the duty away, to somebody or to whom the office finds, or to exchange it."""
    duty = _duty(me, day, part)
    told = {"to": to, "return_date": return_date, "return_part": return_part, "why": why}
    try:
        back = None
        if return_date:
            back = When(date=days_of(return_date)[0], part=return_part or Part.AM)
        asked = SwapRequest(date=day, part=part, to=to.strip() or None, in_return=back, why=why)
        with me.service.store.begin() as session:
            found = SwapAsking(me.service, session, me.data, me.person.id, asked)
            found.keep(me.actor, me.today)
    except InputError as error:
        return _duty_form(me, duty, told, error)
    return see("/me/requests")


def _duty(me: OwnPerson, day: dt.date, part: Part) -> OwnDuty:
    """Return the own duty of a part of a day. Raises UnseenError where there is none to come."""
    for duty in own_duties(me.service, me.data, me.person.id, me.now):
        if duty.may_be_given and (duty.day, duty.part) == (day, part):
            return duty
    raise UnseenError


def _leave_form(me: OwnPerson, told: dict[str, str], error: InputError | None) -> HTMLResponse:
    status, parts = 422 if error else 200, list(Part)
    return page(
        me.request,
        "me/leave.html",
        status=status,
        me=me,
        told=BLANK | told,
        error=error,
        parts_of_day=parts,
    )


def _duty_form(
    me: OwnPerson, duty: OwnDuty, told: dict[str, str], error: InputError | None
) -> HTMLResponse:
    return page(
        me.request,
        "me/duty.html",
        status=422 if error else 200,
        me=me,
        duty=duty,
        told=BLANK | told,
        error=error,
        parts_of_day=list(Part),
        notice_days=me.service.settings.swap_notice_days,
    )
