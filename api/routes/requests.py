"""Requests: lawyers, mediators and firms ask for leave and swaps; all who have part in one read it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.access.guard import GUARDED, CurrentActor, check, check_signed_in
from api.access.places import Place
from api.access.policy import Decision, decide
from api.access.roles import Actor
from api.problems import Problem, not_found, responses
from api.routes.request_views import RequestView, open_request, request_view
from api.routes.shared import (
    AreaId,
    IdempotencyKey,
    Listing,
    RequestId,
    Today,
    answered_before,
    keep_answered,
    tag,
)
from api.service.areas import Data
from api.service.service import InService, Service
from api.swap_issues import swap_issue
from api.swaps import colleague_named, published_duties
from models.formats.messages import Spot, issue
from models.instance import Instance
from models.issues import InputError, Issue
from models.people import Leave
from models.roster import Duty
from models.rows import Id, Text
from models.store.plan_tables import RosterRecord
from models.store.request_tables import Request
from models.store.requests import ask, requests
from models.store.words import RequestKind, RequestState
from models.vocabulary import LeaveKind, Part

router = APIRouter(prefix="/api/v1", tags=["requests"])

ASKING = (*GUARDED, "conflict")
Who = Annotated[str | None, Query(min_length=1, max_length=60)]


class Asking(BaseModel):
    """Who asks, and why; without ``person`` the one whose account it is."""

    model_config = ConfigDict(extra="forbid")

    person: Id | None = None
    why: Text = Field(
        "", description="理由，只有本人、机构和司法局、司法所看到 not shown to colleagues"
    )


class LeaveRequest(Asking):
    """The leave that is asked for; days that are taken otherwise come from the own calendar."""

    first: dt.date
    last: dt.date
    part: Part | None = None
    kind: Literal["leave", "court", "training"] = "leave"


class When(BaseModel):
    """A part of a day, in which a person has one duty."""

    model_config = ConfigDict(extra="forbid")

    date: dt.date
    part: Part


class SwapRequest(Asking):
    """The duty that is given away; to whom, unless the office finds somebody; for which duty of theirs."""

    date: dt.date
    part: Part
    to: Text | None = Field(None, description="接班人的编号或姓名 id or name of the colleague")
    in_return: When | None = Field(None, description="换回对方的哪个值班 their duty taken for it")


@router.post("/areas/{area}/requests/leave", status_code=201, responses=responses(*ASKING))
def ask_for_leave(
    area: AreaId,
    asked: LeaveRequest,
    service: InService,
    actor: CurrentActor,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> RequestView:
    """申请请假 / Ask for leave; accepted, it becomes a row of the data."""
    data, person = _asking(service, actor, area, asked, Action.ASK_LEAVE)
    if asked.last < asked.first:
        words = {"first": asked.first, "last": asked.last}
        raise InputError([issue("first_after_last", Spot("body", "$.last"), **words)])
    leave = Leave(
        person=person,
        first=asked.first,
        last=asked.last,
        part=asked.part,
        kind=LeaveKind[asked.kind.upper()],
    )
    request = Request(
        kind=RequestKind.LEAVE,
        owner=data.area,
        area=data.instance.person_by_id[person].area,
        person=person,
        leave=leave.model_dump(mode="json", exclude_defaults=True),
        why=asked.why,
    )
    return _kept(service, actor, (request, asked), response, idempotency_key)


@router.post("/areas/{area}/requests/swap", status_code=201, responses=responses(*ASKING))
def ask_for_swap(
    area: AreaId,
    asked: SwapRequest,
    service: InService,
    actor: CurrentActor,
    response: Response,
    today: Today,
    idempotency_key: IdempotencyKey = None,
) -> RequestView:
    """申请换班 / Give a published duty away, to a named colleague or to whom the office finds, or exchange it."""
    data, person = _asking(service, actor, area, asked, Action.ASK_SWAP)
    issues: list[Issue] = []
    colleague = _colleague(data.instance, person, asked, issues)
    given = _duty(service, data, person, When(date=asked.date, part=asked.part), "date", issues)
    taken = None
    if colleague is not None and asked.in_return is not None:
        taken = _duty(service, data, colleague, asked.in_return, "in_return", issues)
    notice = service.settings.swap_notice_days
    for when, cell in (
        (asked.date, "date"),
        (asked.in_return and asked.in_return.date, "in_return"),
    ):
        if when and (when - today).days < notice and not _is_office(actor, data, given):
            issues.append(swap_issue("swap_late", cell, str(when), days=notice))
    if given and taken and given[0].id != taken[0].id:
        issues.append(swap_issue("swap_apart", "in_return"))
    if issues or given is None:
        raise InputError(issues)
    request = Request(
        kind=RequestKind.SWAP,
        owner=data.area,
        area=given[0].area,
        person=person,
        colleague=colleague,
        duty=given[1].model_dump(mode="json"),
        in_return=taken[1].model_dump(mode="json") if taken else None,
        why=asked.why,
    )
    return _kept(service, actor, (request, asked), response, idempotency_key)


@router.get("/areas/{area}/requests", responses=responses(*GUARDED, "bad-request"))
def list_requests(
    area: AreaId,
    service: InService,
    actor: CurrentActor,
    person: Who = None,
    firm: Who = None,
    state: RequestState | None = None,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Listing[RequestView]:
    """申请列表 / The requests of an area, newest first; of a person or firm also those they are asked to take over."""
    if person and firm:
        raise Problem(
            "bad-request", "person、firm 只填一个", "Give either person or firm, not both"
        )
    check_signed_in(actor, Action.ASK_SWAP)
    data = service.areas.data(area)
    people, within = _about(service, actor, data, area, person, firm)
    with service.store.read() as session:
        page = requests(
            session, areas=within, people=people, state=state, before=before, limit=limit
        )
    items = [request_view(service, actor, row) for row in page.rows]
    return Listing(items=items, next=page.next)


@router.get("/requests/{request}", responses=responses(*GUARDED))
def read_request(
    request: RequestId, service: InService, actor: CurrentActor, response: Response
) -> RequestView:
    """查看申请 / Read a request; the ETag is its version."""
    check_signed_in(actor, Action.ASK_SWAP)
    found = open_request(service, actor, request)
    tag(response, found.version)
    return request_view(service, actor, found)


def _asking(
    service: Service, actor: Actor, area: str, asked: Asking, action: Action
) -> tuple[Data, str]:
    """Return the area's data and the person who asks, if the actor may ask for them."""
    check_signed_in(actor, action)
    person = asked.person or actor.person
    data = service.areas.data(area)
    if data is None or person is None:
        raise not_found()
    check(actor, action, service.areas.place_of_person(area, person))
    return data, person


def _kept(
    service: Service,
    actor: Actor,
    asked: tuple[Request, Asking],
    response: Response,
    key: str | None,
) -> RequestView:
    """Keep a request, once however often it is sent under the same key."""
    request, body = asked
    with service.store.begin() as session:
        about = f"{request.kind.value} {request.owner} {request.person}"
        known = answered_before(session, actor, key, body, about)
        if known is not None:
            return RequestView.model_validate_json(known)
        ask(session, request, by=actor.user or "")
        view = request_view(service, actor, request)
        keep_answered(session, actor, key, view)
    tag(response, request.version)
    return view


def _colleague(
    instance: Instance, person: str, asked: SwapRequest, issues: list[Issue]
) -> str | None:
    """Return whom the request names, if anybody."""
    if asked.to is None:
        if asked.in_return is not None:
            issues.append(swap_issue("swap_return_of_nobody", "to"))
        return None
    try:
        return colleague_named(instance, asked.to, person)
    except InputError as error:
        issues += error.issues
        return None


def _duty(
    service: Service, data: Data, person: str, when: When, cell: str, issues: list[Issue]
) -> tuple[RosterRecord, Duty] | None:
    """Return the one published duty of a person in a part of a day."""
    areas = service.areas.inside(data.area)
    with service.store.read() as session:
        found = published_duties(session, areas, person, when.date, when.part)
    if len(found) == 1:
        return found[0]
    code = "swap_several_duties" if found else "swap_no_duty"
    issues.append(swap_issue(code, cell, f"{when.date} {when.part.label}"))
    return None


def _is_office(actor: Actor, data: Data, given: tuple[RosterRecord, Duty] | None) -> bool:
    place = Place.of_area(data.instance, given[0].area if given else data.area)
    return decide(actor, Action.DECIDE, place) is Decision.ALLOW


def _about(
    service: Service,
    actor: Actor,
    data: Data | None,
    area: str,
    person: str | None,
    firm: str | None,
) -> tuple[list[str] | None, set[str]]:
    """Return whose requests are listed (None: everybody's) and the areas that decide on them."""
    if person is None and firm is None:
        check(actor, Action.DECIDE, service.areas.place(area))
        return None, service.areas.inside(area)
    if data is None:
        raise not_found()
    instance = data.instance
    if person is not None:
        check(actor, Action.ASK_SWAP, service.areas.place_of_person(area, person))
        return [person], service.areas.inside(data.area)
    known = instance.firm_by_id.get(firm or "")
    parents = Place.of_area(instance, data.area).parents
    place = Place(known.area, parents, firm=known.id) if known else None
    check(actor, Action.ASK_SWAP, place)
    own = [one.id for one in instance.people if one.firm == firm]
    return own, service.areas.inside(data.area)
