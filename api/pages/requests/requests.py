"""Requests of an area: each with its effect computed, answered with one button; asked for somebody."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.access.actions import Action
from api.access.roles import Actor
from api.actions.named import meant
from api.http.guard import Grant
from api.office.areas import Data
from api.office.context import Service
from api.office.people import decisions, swaps
from api.office.people.leave_requests import LeaveRequest, ask_leave
from api.office.people.request_effects import RequestEffect, request_effect
from api.office.people.request_eyes import open_request
from api.office.people.swap_requests import SwapAsking, SwapRequest, When
from api.office.plans.publication import BreachError
from api.pages.frame.doors import SignedInActor, require_page
from api.pages.frame.forms import FormVersion
from api.pages.frame.page import page, see
from api.pages.frame.shown_changes import person_name, place_name
from api.pages.requests.form_days import days_of
from api.routes.answering.path_ids import AreaId, RequestId, area_place
from api.routes.answering.running import InService, Today
from api.routes.people.request_views import request_view
from models.calendar import ZONE
from models.issues import InputError
from models.messages import Spot, issue
from models.rows import Why
from models.store.people.requests import WAITING, Move, requests
from models.store.tables.words import RequestState
from models.vocabulary import Part

router = APIRouter(prefix="/office/{area}/requests")
Deciding = Annotated[Grant, Depends(require_page(Action.DECIDE, area_place))]
Reason = Annotated[Why, Form()]
Word = Annotated[str, Form(max_length=80)]
MOST = 50


@router.get("")
def list_requests(
    request: Request,
    area: AreaId,
    service: InService,
    grant: Deciding,
    state: Annotated[RequestState | Literal["waiting", "all"], Query()] = "waiting",
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> HTMLResponse:
    """List the requests that the office decides on, newest first; those that wait, if not asked otherwise."""
    within = service.areas.inside(area)
    with service.store.read() as session:
        found = requests(session, areas=within, states=_states(state), before=before, limit=MOST)
    return page(
        request,
        "requests/requests.html",
        area=area,
        rows=[request_view(service, grant.actor, row) for row in found.rows],
        next=found.next,
        state=state,
        states=list(RequestState),
        zone=ZONE,
    )


@router.get("/new")
def ask_new(request: Request, area: AreaId, service: InService, grant: Deciding) -> HTMLResponse:
    """Show the form to ask for somebody who has no account."""
    return _asking(request, service, area, {}, None)


@router.post("/new")
def ask_for_somebody(
    request: Request,
    area: AreaId,
    service: InService,
    grant: Deciding,
    today: Today,
    kind: Annotated[Literal["leave", "swap"], Form()],
    person: Word = "",
    first: Word = "",
    last: Word = "",
    part: Annotated[Part | Literal[""], Form()] = "",
    to: Word = "",
    return_date: Word = "",
    return_part: Annotated[Part | Literal[""], Form()] = "",
    why: Reason = "",
) -> Response:
    """Keep a request for leave or a swap in the name of a person; every issue comes back with the form."""
    told = {"kind": kind, "person": person, "first": first, "last": last, "part": part, "to": to}
    told |= {"return_date": return_date, "return_part": return_part, "why": why}
    try:
        key = _asked(service, grant.actor, service.areas.data_at(area), today, told)
    except InputError as error:
        return _asking(request, service, area, told, error)
    return see(f"/office/{area}/requests/{key}")


def _asked(service: Service, actor: Actor, data: Data, today: dt.date, told: dict[str, Any]) -> int:
    """Keep what a form asks for; return its id.

    Raises
    ------
    InputError
        With every issue of the form.
    """
    who = meant(data.instance, "people", told["person"].strip())
    if who not in data.instance.person_by_id:
        raise InputError([issue("unknown_person", Spot("", ""), told["person"])])
    first, last = days_of(told["first"], told["last"] or told["first"])
    part, why = told["part"] or None, told["why"]
    with service.store.begin() as session:
        if told["kind"] == "leave":
            leave = LeaveRequest(person=who, why=why, first=first, last=last, part=part)
            return ask_leave(session, data, who, leave, by=actor.by, today=today).id
        back = told["return_date"], told["return_part"]
        swap = _swap(who, why, first, part or Part.AM, told["to"], back)
        return SwapAsking(service, session, data, who, swap).keep(actor, today).id


@router.get("/{key}")
def show_request(
    request: Request,
    area: AreaId,
    key: RequestId,
    service: InService,
    grant: Deciding,
    to: Annotated[str | None, Query(max_length=80)] = None,
) -> HTMLResponse:
    """Show a request with its effect; of a swap with somebody in mind (``to``), that swap's."""
    return _shown(request, service, grant.actor, area, key, to=to)


@router.post("/{key}/accept")
def accept(
    request: Request,
    area: AreaId,
    key: RequestId,
    service: InService,
    grant: Deciding,
    version: FormVersion,
    to: Annotated[str | None, Form(max_length=80)] = None,
    how: Annotated[Literal["publish", "draft"], Form()] = "publish",
    why: Reason = "",
) -> Response:
    """Accept: leave enters the data, a swap is published, or waits as a draft."""
    found = open_request(service, grant.actor, key, Move.ACCEPT)
    decisions.accept(
        service,
        found,
        to=to or None,
        publish=how == "publish",
        by=grant.actor.by,
        why=why,
        version=version,
    )
    return see(f"/office/{area}/requests/{key}")


@router.post("/{key}/confirm")
def confirm(
    request: Request,
    area: AreaId,
    key: RequestId,
    service: InService,
    grant: Deciding,
    version: FormVersion,
    acknowledge: Annotated[list[str], Form()] = [],  # noqa: B006 - FastAPI copies it
    why: Reason = "",
) -> Response:
    """Publish the draft of a swap; hard breaches that are not acknowledged are shown."""
    open_request(service, grant.actor, key, Move.CONFIRM)
    try:
        swaps.confirm(service, key, acknowledge, by=grant.actor.by, why=why, version=version)
    except BreachError as error:
        return _shown(request, service, grant.actor, area, key, error=error)
    return see(f"/office/{area}/requests/{key}")


@router.post("/{key}/{answer}")
def answer(
    area: AreaId,
    key: RequestId,
    answer: Literal["agree", "decline", "withdraw", "refuse"],
    service: InService,
    actor: SignedInActor,
    version: FormVersion,
    why: Reason = "",
) -> Response:
    """Refuse, or answer for somebody who has no account."""
    decisions.answer(service, actor, key, Move[answer.upper()], why=why, version=version)
    return see(f"/office/{area}/requests/{key}")


def _shown(
    request: Request,
    service: Service,
    actor: Actor,
    area: str,
    key: int,
    *,
    to: str | None = None,
    error: BreachError | None = None,
) -> HTMLResponse:
    found = open_request(service, actor, key)
    view = request_view(service, actor, found)
    effect: RequestEffect | None = None
    failed: InputError | None = None
    try:
        effect = request_effect(service, found, to) if found.state in WAITING else None
    except InputError as issues:
        failed = issues
    instance = service.areas.data_at(found.owner).instance
    return page(
        request,
        "requests/request.html",
        status=200 if error is None else 409,
        area=area,
        row=view,
        effect=effect,
        failed=failed,
        breaches=error.breaches if error else (),
        to=to,
        person=lambda one: person_name(instance, one),
        place=lambda one: place_name(instance, one),
        zone=ZONE,
    )


def _asking(
    request: Request, service: Service, area: str, told: dict[str, Any], error: InputError | None
) -> HTMLResponse:
    within = service.areas.inside(area)
    people = [one for one in service.areas.data_at(area).instance.people if one.area in within]
    return page(
        request,
        "requests/ask.html",
        status=422 if error else 200,
        area=area,
        told=told,
        error=error,
        people=people,
        parts_of_day=list(Part),
    )


def _states(state: RequestState | str) -> frozenset[RequestState] | None:
    if state == "waiting":
        return WAITING
    return frozenset({state}) if isinstance(state, RequestState) else None


def _swap(
    who: str, why: str, date: dt.date, part: Part, to: str, in_return: tuple[str, str]
) -> SwapRequest:
    back = None
    if in_return[0]:
        back = When(date=days_of(in_return[0])[0], part=Part.meant_by(in_return[1]) or Part.AM)
    return SwapRequest(person=who, why=why, date=date, part=part, to=to or None, in_return=back)
