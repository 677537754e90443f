"""What people are told of requests: a colleague that he is asked, whoever asked what became of it.

An accepted swap is published, and so told as a change; a reason is told to nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Session

from api.office.context import Service
from models.county_ids import person_key
from models.instance import Instance
from models.people import Leave
from models.roster import Duty
from models.store.notices.outbox import tell
from models.store.people.requests import Move
from models.store.tables.notice_tables import Notice
from models.store.tables.request_tables import Request
from models.store.tables.words import NoticeKind, RequestKind

_SAID = {
    Move.AGREE: "{colleague}愿意接您{what}，等待单位办理。",
    Move.DECLINE: "{colleague}不能接您{what}，请另找同事或联系单位。",
    Move.REFUSE: "您申请{what}未获同意，请在系统中查看。",
}
"""To whoever asked."""
_SAID_TO_COLLEAGUE = {
    Move.WITHDRAW: "{person}已撤回请您接替{what}的申请，请按原安排。",
    Move.REFUSE: "{person}请您接替{what}未获同意，请按原安排。",
}


def tell_asked(service: Service, session: Session, request: Request) -> None:
    """Tell a colleague that somebody asks him to take a duty over."""
    if request.colleague is not None:
        _tell(
            service, session, request, request.colleague, "{person}请您接替{what}，请在系统中答复。"
        )


def tell_answered(service: Service, session: Session, request: Request, how: Move) -> None:
    """Tell both sides of a request what became of it, except who has just said so."""
    if how in _SAID:
        _tell(service, session, request, request.person, _SAID[how])
    if how is Move.ACCEPT and request.kind is RequestKind.LEAVE:
        _tell(service, session, request, request.person, "您申请{what}已获同意。")
    if how in _SAID_TO_COLLEAGUE and request.colleague is not None:
        _tell(service, session, request, request.colleague, _SAID_TO_COLLEAGUE[how])


def tell_replaced(service: Service, session: Session, request: Request, was: str | None) -> None:
    """Tell the colleague ``was`` that somebody else takes the duty over."""
    if was is not None and was != request.colleague:
        said = "{person}请您接替{what}，已另安排他人，请按原安排。"
        _tell(service, session, request, was, said)


def _tell(service: Service, session: Session, request: Request, to: str, said: str) -> None:
    data = service.areas.data(request.owner)
    known = data.instance.person_by_id.get(to) if data else None
    if data is None or known is None:
        return  # whoever has left is told nothing more
    names = {who: _name(data.instance, who) for who in (request.person, request.colleague) if who}
    colleague = names.get(request.colleague or "", "")
    text = said.format(
        person=names[request.person], colleague=colleague, what="".join(_what(request))
    )
    notice = Notice(
        event=f"request:{request.id}:{request.version}",
        kind=NoticeKind.REQUEST,
        area=request.area,
        target=person_key(data.instance, to),
        name=known.name,
        body={"text": text},
        starts=None,
        written_at=request.changed_at,
    )
    tell(session, notice)


def _name(instance: Instance, person: str) -> str:
    known = instance.person_by_id.get(person)
    return known.name if known else person


def _what(request: Request) -> Iterator[str]:
    """Yield what a request is about in words: days and parts of days alone."""
    if request.leave is not None:
        leave = Leave.model_validate(request.leave)
        yield _day(leave.first)
        if leave.last != leave.first:
            yield f"至{_day(leave.last)}"
        yield f"{leave.part.label if leave.part else ''}{leave.kind.label}"
        return
    duty = Duty.model_validate(request.duty)
    yield f"{_day(duty.date)}{duty.part.label}的值班"
    if request.in_return is not None:
        other = Duty.model_validate(request.in_return)
        yield f"（换{_day(other.date)}{other.part.label}的值班）"


def _day(date: dt.date) -> str:
    return f"{date.month}月{date.day}日"
