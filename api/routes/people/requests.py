"""Requests as they are read: one, those of a person or firm, those that an office decides on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.access.actions import Action
from api.access.denied import UnseenError
from api.access.places import Place
from api.access.policy import check, check_signed_in
from api.access.roles import Actor
from api.http.guard import GUARDED, CurrentActor
from api.http.problems import Problem, responses
from api.office.areas import Data
from api.office.context import Service
from api.office.request_eyes import open_request
from api.routes.answering.entity_tags import tag
from api.routes.answering.listings import Listing
from api.routes.answering.path_ids import AreaId, RequestId
from api.routes.answering.running import InService
from api.routes.people.request_views import RequestView, request_view
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
        raise Problem(
            "bad-request", "person、firm 只填一个", "Give either person or firm, not both"
        )
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


def _about(
    service: Service,
    actor: Actor,
    data: Data | None,
    area: str,
    person: str | None,
    firm: str | None,
) -> tuple[list[str] | None, frozenset[str]]:
    """Return whose requests are listed (None: everybody's) and the areas that decide on them."""
    if person is None and firm is None:
        check(actor, Action.DECIDE, service.areas.place(area))
        return None, service.areas.inside(area)
    if data is None:
        raise UnseenError
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
