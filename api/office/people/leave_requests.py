"""Requests for leave: what is asked, and the row of the data that an accepted one becomes."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.office.areas import Data
from api.office.context import Service
from api.office.data.row_changes import change_leave
from api.office.people.request_notices import tell_answered
from models.issues import InputError
from models.messages import Spot, issue
from models.people import Leave
from models.rows import Id, Text
from models.store.people.requests import Move, ask, move
from models.store.tables.request_tables import Request
from models.store.tables.words import RequestKind
from models.vocabulary import LeaveKind, Part


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


LATEST = dt.timedelta(days=31)
"""How long after it ended leave may still be asked for: sick notes come late, months are closed."""


def ask_leave(
    session: Session, data: Data, person: str, asked: LeaveRequest, *, by: str, today: dt.date
) -> Request:
    """Keep a request for leave of a person whom the data know.

    Raises
    ------
    InputError
        It ends before it begins, or ended more than ``LATEST`` ago.
    RepeatedError
        The person waits for an answer to the same already.
    """
    if asked.last < asked.first:
        words = {"first": asked.first, "last": asked.last}
        raise InputError([issue("first_after_last", Spot("body", "$.last"), **words)])
    if asked.last < today - LATEST:
        spot = Spot("body", "$.last")
        raise InputError([issue("leave_past", spot, last=asked.last, days=LATEST.days)])
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
    return ask(session, request, by=by)


def enter_leave(
    service: Service, request: Request, *, by: str, why: str, version: int | None
) -> None:
    """Accept a request for leave: it becomes a row of the data, in the same transaction.

    Raises
    ------
    InputError
        With every issue of the data as they would be.
    StoreError
        See ``move``.
    """
    leave, key = Leave.model_validate(request.leave), request.id

    def accept(session: Session) -> None:
        moved = move(session, key, Move.ACCEPT, by=by, why=why, version=version)
        tell_answered(service, session, moved, Move.ACCEPT)

    change_leave(
        service,
        request.owner,
        lambda instance: (*instance.leave, leave),
        by=by,
        why=f"request:{key}",
        along=accept,
    )
