"""What is told of a request, and to whom: the office, who asked, the colleague who is asked."""

from __future__ import annotations

import datetime as dt
from enum import Enum

from pydantic import BaseModel, Field

from api.access.actions import Action
from api.access.denied import NotAllowedError, UnseenError
from api.access.places import Place
from api.access.policy import Decision, decide
from api.access.roles import Actor
from api.office.context import Service
from models.instance import Instance
from models.people import Leave
from models.roster import Duty
from models.store.database.errors import NotFoundError
from models.store.people.requests import Move, get_request
from models.store.tables.request_tables import Request
from models.store.tables.words import RequestKind, RequestState


class Eye(Enum):
    """As what somebody looks at a request; an office is often all three."""

    OFFICE = "office"
    ASKER = "asker"
    COLLEAGUE = "colleague"


MOVERS = {Move.AGREE: Eye.COLLEAGUE, Move.DECLINE: Eye.COLLEAGUE, Move.WITHDRAW: Eye.ASKER}
"""Who makes a move; the office makes all others."""


class Sitting(BaseModel):
    """A duty of a swap, as the public sheet tells it."""

    duty: Duty
    post: str
    site: str


class RequestView(BaseModel):
    """A request. The colleague learns no reasons, and the draft is the office's."""

    id: int
    kind: RequestKind
    state: RequestState
    version: int
    area: str = Field(description="由哪个区划办理 the area that decides")
    person: str
    person_name: str
    colleague: str | None
    colleague_name: str | None
    leave: Leave | None = None
    gives: Sitting | None = Field(None, description="让出的值班 the duty given away")
    takes: Sitting | None = Field(None, description="换回的值班 the duty taken for it")
    why: str | None = Field(description="申请理由 the reason that was given")
    answer: str | None = Field(description="最近一次答复 the last answer")
    draft: int | None = Field(description="待确认或已发布的排班 the changed roster")
    asked: dt.datetime
    asked_by: str | None
    changed: dt.datetime


def open_request(service: Service, actor: Actor, key: int, how: Move | None = None) -> Request:
    """Return a request that the actor may see, and move as ``how`` says.

    Raises
    ------
    Problem
        ``not-found`` for what is missing or must seem so, ``not-allowed``.
    """
    try:
        with service.store.read() as session:
            request = get_request(session, key)
    except NotFoundError:
        raise UnseenError from None
    eyes = eyes_on(service, actor, request)
    if not eyes:
        raise UnseenError
    if how is not None and MOVERS.get(how, Eye.OFFICE) not in eyes:
        raise NotAllowedError(Action.DECIDE)
    return request


def eyes_on(service: Service, actor: Actor, request: Request) -> frozenset[Eye]:
    """Return as what the actor may look at a request; as nothing if he may not."""
    data = service.areas.data(request.owner)
    if data is None:
        return frozenset()
    asks = Action.ASK_LEAVE if request.kind is RequestKind.LEAVE else Action.ASK_SWAP
    looks = (
        (Eye.OFFICE, Action.DECIDE, Place.of_area(data.instance, request.area)),
        (Eye.ASKER, asks, _place(data.instance, request.person)),
        (Eye.COLLEAGUE, Action.ASK_SWAP, _place(data.instance, request.colleague)),
    )
    return frozenset(
        eye
        for eye, action, place in looks
        if place is not None and decide(actor, action, place) is Decision.ALLOW
    )


def request_view(service: Service, actor: Actor, request: Request) -> RequestView:
    """Return what the actor may read of a request."""
    eyes = eyes_on(service, actor, request)
    data = service.areas.data(request.owner)
    instance = data.instance if data else Instance()
    is_private = Eye.OFFICE not in eyes and Eye.ASKER not in eyes
    return RequestView(
        id=request.id,
        kind=request.kind,
        state=request.state,
        version=request.version,
        area=request.area,
        person=request.person,
        person_name=_name(instance, request.person),
        colleague=request.colleague,
        colleague_name=_name(instance, request.colleague) if request.colleague else None,
        leave=Leave.model_validate(request.leave) if request.leave else None,
        gives=_sitting(instance, request.duty),
        takes=_sitting(instance, request.in_return),
        why=None if is_private else request.why,
        answer=None if is_private else request.answer,
        draft=request.draft if Eye.OFFICE in eyes else None,
        asked=request.asked_at,
        asked_by=None if is_private else request.asked_by,
        changed=request.changed_at,
    )


def _place(instance: Instance, person: str | None) -> Place | None:
    """Return where a person's things lie; nowhere for one whom the data do not know any more."""
    return Place.of_person(instance, person) if person in instance.person_by_id else None


def _name(instance: Instance, person: str) -> str:
    known = instance.person_by_id.get(person)
    return known.name if known else person


def _sitting(instance: Instance, row: dict[str, object] | None) -> Sitting | None:
    if row is None:
        return None
    duty = Duty.model_validate(row)
    post = instance.post_by_id.get(duty.post)
    site = instance.site_by_id.get(post.site) if post else None
    return Sitting(duty=duty, post=post.name if post else duty.post, site=site.name if site else "")
