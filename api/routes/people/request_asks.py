"""Lawyers, mediators and firms ask: for leave, to give a published duty away, to exchange two."""

from __future__ import annotations

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from api.access.actions import Action
from api.access.denied import UnseenError
from api.access.policy import check, check_signed_in
from api.access.roles import Actor
from api.http.guard import GUARDED, CurrentActor
from api.http.problems import responses
from api.office.areas import Data
from api.office.context import Service
from api.office.people.leave_requests import Asking, LeaveRequest, ask_leave
from api.office.people.swap_requests import SwapAsking, SwapRequest
from api.routes.answering.entity_tags import tagged
from api.routes.answering.path_ids import AreaId
from api.routes.answering.repetition import IdempotencyKey, Repeatable
from api.routes.answering.running import InService, Today
from api.routes.people.request_views import RequestView, request_view

router = APIRouter(prefix="/api/v1", tags=["requests"])

ASKING = (*GUARDED, "conflict")


@router.post("/areas/{area}/requests/leave", status_code=201, responses=responses(*ASKING))
def ask_for_leave(
    area: AreaId,
    asked: LeaveRequest,
    service: InService,
    actor: CurrentActor,
    response: Response,
    today: Today,
    idempotency_key: IdempotencyKey = None,
) -> RequestView:
    """申请请假 / Ask for leave; accepted, it becomes a row of the data."""
    data, person = _asking(service, actor, area, asked, Action.ASK_LEAVE)

    def act(session: Session) -> RequestView:
        request = ask_leave(session, data, person, asked, by=actor.by, today=today)
        return request_view(service, actor, request)

    about = f"ask for leave {data.area} {person}"
    made = Repeatable(actor, idempotency_key, asked, about).once(service.store, RequestView, act)
    return tagged(response, made)


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

    def act(session: Session) -> RequestView:
        request = SwapAsking(service, session, data, person, asked).keep(actor, today)
        return request_view(service, actor, request)

    about = f"ask for a swap {data.area} {person}"
    made = Repeatable(actor, idempotency_key, asked, about).once(service.store, RequestView, act)
    return tagged(response, made)


def _asking(
    service: Service, actor: Actor, area: str, asked: Asking, action: Action
) -> tuple[Data, str]:
    """Return the area's data and the person who asks, if the actor may ask for them."""
    check_signed_in(actor, action)
    person = asked.person or actor.person
    if service.areas.data(area) is None:  # that there are none is told to those whose area it is
        check(actor, action, service.areas.place(area))
    data = service.areas.data_at(area)
    if person is None:
        raise UnseenError
    check(actor, action, service.areas.place_of_person(area, person))
    return data, person
