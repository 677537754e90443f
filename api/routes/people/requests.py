"""Requests as they are read: one, those of a person or firm, those that an office decides on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.access.actions import Action
from api.access.policy import check_signed_in
from api.http.guard import GUARDED, CurrentActor
from api.http.problems import Problem, responses
from api.office.people.request_eyes import listed, open_request
from api.routes.answering.entity_tags import tagged
from api.routes.answering.listings import Listing
from api.routes.answering.path_ids import AreaId, RequestId
from api.routes.answering.running import InService
from api.routes.people.request_views import RequestView, request_view
from models.messages import issue
from models.store.people.requests import requests
from models.store.tables.words import RequestState

router = APIRouter(prefix="/api/v1", tags=["requests"])

Who = Annotated[str | None, Query(min_length=1, max_length=60)]


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
    check_signed_in(actor, Action.ASK_SWAP)
    if person and firm:
        raise Problem("bad-request", issue("person_or_firm"))
    people, within = listed(service, actor, area, person, firm)
    with service.store.read() as session:
        page = requests(
            session,
            areas=within,
            people=people,
            states=[state] if state else None,
            before=before,
            limit=limit,
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
    return tagged(response, request_view(service, actor, found))
