"""What is told of a request, and to whom: the office, who asked, the colleague who is asked."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, Field

from api.access.roles import Actor
from api.office.context import Service
from api.office.people.request_eyes import Eye, eyes_on
from api.office.people.swaps import is_overtaken
from models.instance import Instance
from models.people import Leave
from models.roster import Duty
from models.store.tables.request_tables import Request
from models.store.tables.words import RequestKind, RequestState


class SwappedDuty(BaseModel):
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
    gives: SwappedDuty | None = Field(None, description="让出的值班 the duty given away")
    takes: SwappedDuty | None = Field(None, description="换回的值班 the duty taken for it")
    duty_changed: bool = Field(
        description="已发布的安排有变，班次已不是申请时的样子 the duty is published otherwise by now"
    )
    why: str | None = Field(description="申请理由 the reason that was given")
    answer: str | None = Field(description="最近一次答复 the last answer")
    draft: int | None = Field(description="待确认或已发布的排班 the changed roster")
    asked: dt.datetime
    asked_by: str | None
    changed: dt.datetime


def request_view(service: Service, actor: Actor, request: Request) -> RequestView:
    """Return what the actor may read of a request."""
    eyes = eyes_on(service, actor, request)
    data = service.areas.data(request.owner)
    instance = data.instance if data else Instance()
    with service.store.read() as session:
        duty_changed = is_overtaken(session, request)
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
        duty_changed=duty_changed,
        why=None if is_private else request.why,
        answer=None if is_private else request.answer,
        draft=request.draft if Eye.OFFICE in eyes else None,
        asked=request.asked_at,
        asked_by=None if is_private else request.asked_by,
        changed=request.changed_at,
    )


def _name(instance: Instance, person: str) -> str:
    known = instance.person_by_id.get(person)
    return known.name if known else person


def _sitting(instance: Instance, row: dict[str, object] | None) -> SwappedDuty | None:
    if row is None:
        return None
    duty = Duty.model_validate(row)
    post = instance.post_by_id.get(duty.post)
    site = instance.site_by_id.get(post.site) if post else None
    return SwappedDuty(
        duty=duty, post=post.name if post else duty.post, site=site.name if site else ""
    )
