"""A firm names people for its slots, sees its people's duties and requests, and how its share was counted."""

# no postponed annotations here: FastAPI could not look up the local names in ``firm_to``

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, Response

from api.access.action_places import Place
from api.access.actions import Action
from api.access.policy import check
from api.access.roles import Actor
from api.http.guard import Grant, guard_of
from api.office.areas import Data
from api.office.context import Service
from api.office.people import decisions
from api.office.people.firm_naming import (
    FirmNames,
    SlotName,
    keep_names,
    prepare_names,
    until_current,
)
from api.office.people.firm_slots import firm_slots, published_plans
from api.office.people.leave_requests import LeaveRequest, ask_leave
from api.office.people.own_month import OwnDuty, own_duties
from api.office.people.request_eyes import Eye, eyes_on, listed
from api.pages.frame.doors import PageActor, require_page
from api.pages.frame.forms import FormVersion
from api.pages.frame.page import page, see
from api.pages.requests.form_days import days_of
from api.routes.answering.path_ids import RequestId
from api.routes.answering.running import InService
from api.routes.people.request_views import RequestView, request_view
from models.calendar import ZONE
from models.issues import InputError
from models.people import Firm, Person
from models.rows import Why
from models.store.people.requests import Move, requests
from models.vocabulary import Part

router = APIRouter(prefix="/firm")
MOST = 50
Word = Annotated[str, Form(max_length=80)]


@dataclass(frozen=True)
class FirmDesk:
    """The firm that looks at its pages, and when (in China)."""

    request: Request
    service: Service
    actor: Actor
    data: Data
    firm: Firm
    now: dt.datetime

    @property
    def people(self) -> list[Person]:
        """The firm's people."""
        return [one for one in self.data.instance.people if one.firm == self.firm.id]

    @property
    def today(self) -> dt.date:
        """The day it is."""
        return self.now.date()


def own_firm(actor: PageActor, service: InService) -> Place | None:
    """Return where the things of an account's firm lie; none for an account of no firm."""
    if actor.area is None or actor.firm is None:
        return None
    return service.areas.place_of_firm(service.areas.data_at(actor.area).area, actor.firm)


def firm_to(action: Action) -> Callable[..., FirmDesk]:
    """Return the dependency of a page on which a firm does something of its own."""

    def desk(
        request: Request,
        service: InService,
        grant: Annotated[Grant, Depends(require_page(action, own_firm))],
    ) -> FirmDesk:
        data = service.areas.data_at(grant.actor.area or "")
        firm = data.instance.firm_by_id[grant.actor.firm or ""]
        now = guard_of(request).clock().astimezone(ZONE)
        return FirmDesk(request, service, grant.actor, data, firm, now)

    return desk


Naming = Annotated[FirmDesk, Depends(firm_to(Action.NAME_LAWYER))]
Swapping = Annotated[FirmDesk, Depends(firm_to(Action.ASK_SWAP))]
Leaving = Annotated[FirmDesk, Depends(firm_to(Action.ASK_LEAVE))]


@router.get("")
def show_slots(desk: Naming) -> HTMLResponse:
    """Show the slots for which the firm names people, those that wait first, and its people's duties."""
    return _slots(desk, None)


@router.post("")
def name_people(
    desk: Naming,
    slot: Annotated[list[str], Form(max_length=200)] = [],  # noqa: B006 - FastAPI copies it
    replacing: Annotated[list[str], Form(max_length=200)] = [],  # noqa: B006
    person: Annotated[list[str], Form(max_length=200)] = [],  # noqa: B006
) -> Response:
    """Name people for slots; all are published at once, or none."""
    chosen = [
        SlotName(slot=key, person=who, replacing=before)
        for key, before, who in zip(slot, replacing, person, strict=False)
        if who
    ]
    if chosen:
        try:
            _name(desk, FirmNames(names=chosen))
        except InputError as error:
            return _slots(desk, error)
    return see("/firm")


@router.get("/share")
def show_share(desk: Naming) -> HTMLResponse:
    """Show the firm's share of the slots of each post, and how it was counted."""
    plans = published_plans(desk.service, desk.data.area, None, desk.today)
    rows = [
        (one.plan.month, one.instance.post_names.get(row.post, row.post), row)
        for one in plans
        for row in one.report.firm_shares
    ]
    own = [row for row in rows if row[2].firm == desk.firm.id]
    return page(desk.request, "firm/share.html", desk=desk, own=own, rows=rows)


@router.get("/requests")
def list_firm_requests(desk: Swapping) -> HTMLResponse:
    """List the requests of the firm's people, and those that they are asked to agree to."""
    return _requests(desk, {}, None)


@router.post("/requests/{key}/{move}")
def answer(
    desk: Swapping,
    key: RequestId,
    move: Literal["agree", "decline", "withdraw"],
    version: FormVersion,
) -> Response:
    """Answer for one of the firm's people, or withdraw what one of them asked."""
    decisions.answer(desk.service, desk.actor, key, Move[move.upper()], version=version)
    return see("/firm/requests")


@router.post("/leave")
def ask_for_leave(
    desk: Leaving,
    person: Word,
    first: Word = "",
    last: Word = "",
    part: Annotated[Part | Literal[""], Form()] = "",
    why: Annotated[Why, Form()] = "",
) -> Response:
    """Ask for leave of one of the firm's people."""
    told = {"person": person, "first": first, "last": last, "part": part, "why": why}
    place = desk.service.areas.place_of_person(desk.data.area, person)
    check(desk.actor, Action.ASK_LEAVE, place)
    try:
        days = days_of(first, last or first)
        asked = LeaveRequest(first=days[0], last=days[1], part=part or None, why=why)
        with desk.service.store.begin() as session:
            ask_leave(session, desk.data, person, asked, by=desk.actor.by, today=desk.today)
    except InputError as error:
        return _requests(desk, told, error)
    return see("/firm/requests")


def _name(desk: FirmDesk, asked: FirmNames) -> None:
    service, firm = desk.service, desk.firm.id

    def attempt() -> None:
        prepared = prepare_names(service, desk.actor, desk.data.area, firm, asked, desk.today)
        with service.store.begin() as session:
            keep_names(session, prepared, by=desk.actor.by, why=f"机构派人 {firm}")

    until_current(attempt)


def _slots(desk: FirmDesk, error: InputError | None) -> HTMLResponse:
    found = firm_slots(desk.service, desk.data.area, desk.firm.id, None, desk.today)
    shown = [one for one in found if one.ends > desk.now]
    duties: list[tuple[Person, OwnDuty]] = [
        (person, duty)
        for person in desk.people
        for duty in own_duties(desk.service, desk.data, person.id, desk.now)
    ]
    return page(
        desk.request,
        "firm/slots.html",
        status=422 if error else 200,
        desk=desk,
        slots=sorted(shown, key=lambda one: (one.state.value == "named", one.starts)),
        duties=sorted(duties, key=lambda one: one[1].event.start),
        error=error,
    )


def _requests(desk: FirmDesk, told: dict[str, str], error: InputError | None) -> HTMLResponse:
    people, within = listed(desk.service, desk.actor, desk.data.area, None, desk.firm.id)
    with desk.service.store.read() as session:
        found = requests(session, areas=within, people=people, limit=MOST).rows
    rows: list[tuple[RequestView, frozenset[Eye]]] = [
        (request_view(desk.service, desk.actor, row), eyes_on(desk.service, desk.actor, row))
        for row in found
    ]
    return page(
        desk.request,
        "firm/requests.html",
        status=422 if error else 200,
        desk=desk,
        rows=rows,
        told=dict.fromkeys(("person", "first", "last", "part", "why"), "") | told,
        error=error,
        parts_of_day=list(Part),
        asker=Eye.ASKER,
        colleague=Eye.COLLEAGUE,
    )
