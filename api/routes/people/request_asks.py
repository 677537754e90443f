"""Lawyers, mediators and firms ask: for leave, to give a published duty away, to exchange two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.access.actions import Action
from api.access.denied import UnseenError
from api.access.places import Place
from api.access.policy import Decision, check, check_signed_in, decide
from api.access.roles import Actor
from api.http.guard import GUARDED, CurrentActor
from api.http.problems import responses
from api.office.areas import Data
from api.office.context import Service
from api.office.swap_issues import swap_issue
from api.office.swaps import colleague_named, published_duties
from api.routes.answering.entity_tags import tag
from api.routes.answering.path_ids import AreaId
from api.routes.answering.repetition import IdempotencyKey, answered_before, keep_answered
from api.routes.answering.running import InService, Today
from api.routes.people.request_views import RequestView, request_view
from models.formats.intake.messages import Spot, issue
from models.issues import InputError, Issue
from models.people import Leave
from models.roster import Duty
from models.rows import Id, Text
from models.store.people.requests import ask
from models.store.tables.plan_tables import RosterRecord
from models.store.tables.request_tables import Request
from models.store.tables.words import RequestKind
from models.vocabulary import LeaveKind, Part

router = APIRouter(prefix="/api/v1", tags=["requests"])

ASKING = (*GUARDED, "conflict")
Held = tuple[RosterRecord, Duty]
"""A published duty and its roster."""


class Asking(BaseModel):
    """Who asks, and why; without ``person`` the one whose account it is."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    person: Id | None = None
    why: Text = Field("", description="理由，同事看不到 the reason, not shown to colleagues")


class LeaveRequest(Asking):
    """The leave that is asked for; what else takes time comes from the own calendar."""

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
    """The duty given away, to whom (else the office finds somebody), for which duty of theirs."""

    date: dt.date
    part: Part
    to: Annotated[Text, Field(min_length=1)] | None = Field(
        None, description="接班人的编号或姓名 id or name of the colleague"
    )
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

    def make(_: Session) -> Request:
        return _leave_request(data, person, asked)

    about = f"ask for leave {data.area} {person}"
    return _once(service, actor, (about, asked, idempotency_key), make, response)


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

    def make(session: Session) -> Request:
        asking = _Swap(service, session, data, person, asked)
        return asking.request(None if asking.is_asked_by_office(actor) else today)

    about = f"ask for a swap {data.area} {person}"
    return _once(service, actor, (about, asked, idempotency_key), make, response)


def _asking(
    service: Service, actor: Actor, area: str, asked: Asking, action: Action
) -> tuple[Data, str]:
    """Return the area's data and the person who asks, if the actor may ask for them."""
    check_signed_in(actor, action)
    person = asked.person or actor.person
    data = service.areas.data(area)
    if data is None or person is None:
        raise UnseenError
    check(actor, action, service.areas.place_of_person(area, person))
    return data, person


def _once(
    service: Service,
    actor: Actor,
    asked: tuple[str, Asking, str | None],
    make: Callable[[Session], Request],
    response: Response,
) -> RequestView:
    """Make and keep a request, once however often it is sent under the same key."""
    about, body, key = asked
    with service.store.begin() as session:
        known = answered_before(session, actor, key, body, about)
        if known is not None:
            return RequestView.model_validate_json(known)
        request = ask(session, make(session), by=actor.user or "")
        view = request_view(service, actor, request)
        keep_answered(session, actor, key, view)
    tag(response, request.version)
    return view


def _leave_request(data: Data, person: str, asked: LeaveRequest) -> Request:
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
    return Request(
        kind=RequestKind.LEAVE,
        owner=data.area,
        area=data.instance.person_by_id[person].area,
        person=person,
        leave=leave.model_dump(mode="json", exclude_defaults=True),
        why=asked.why,
    )


class _Swap:
    """Looks up what a request for a swap names, and collects every fault of it."""

    def __init__(
        self, service: Service, session: Session, data: Data, person: str, asked: SwapRequest
    ) -> None:
        self._areas = service.areas.inside(data.area)
        self._session = session
        self._notice = service.settings.swap_notice_days
        self._data = data
        self._person = person
        self._asked = asked
        self._issues: list[Issue] = []
        self._given = self._duty(person, When(date=asked.date, part=asked.part), "date")

    def is_asked_by_office(self, actor: Actor) -> bool:
        """Whether who asks is the office that decides."""
        area = self._given[0].area if self._given else self._data.area
        place = Place.of_area(self._data.instance, area)
        return decide(actor, Action.DECIDE, place) is Decision.ALLOW

    def request(self, today: dt.date | None) -> Request:
        """Return the request; ``today`` is none for who may ask at any time.

        Raises
        ------
        InputError
            With every issue.
        """
        asked, given = self._asked, self._given
        colleague = self._colleague()
        taken = None
        if colleague is not None and asked.in_return is not None:
            taken = self._duty(colleague, asked.in_return, "in_return")
        if given and taken and given[0].id != taken[0].id:
            self._issues.append(swap_issue("swap_apart", "in_return"))
        self._refuse_late(today)
        if self._issues or given is None:
            raise InputError(self._issues)
        return Request(
            kind=RequestKind.SWAP,
            owner=self._data.area,
            area=given[0].area,
            person=self._person,
            colleague=colleague,
            duty=given[1].model_dump(mode="json"),
            in_return=taken[1].model_dump(mode="json") if taken else None,
            why=asked.why,
        )

    def _duty(self, person: str, when: When, cell: str) -> Held | None:
        """Return the one published duty of a person in a part of a day."""
        found = published_duties(self._session, self._areas, person, when.date, when.part)
        if len(found) == 1:
            return found[0]
        code = "swap_several_duties" if found else "swap_no_duty"
        self._issues.append(swap_issue(code, cell, f"{when.date} {when.part.label}"))
        return None

    def _colleague(self) -> str | None:
        """Return whom the request names, if anybody."""
        if self._asked.to is None:
            if self._asked.in_return is not None:
                self._issues.append(swap_issue("swap_return_of_nobody", "to"))
            return None
        try:
            return colleague_named(self._data.instance, self._asked.to, self._person)
        except InputError as error:
            self._issues += error.issues
            return None

    def _refuse_late(self, today: dt.date | None) -> None:
        dates = {"date": self._asked.date}
        if self._asked.in_return is not None:
            dates["in_return"] = self._asked.in_return.date
        for cell, date in dates.items():
            if today is not None and (date - today).days < self._notice:
                self._issues.append(swap_issue("swap_late", cell, str(date), days=self._notice))
