"""What became of notices, and their texts ready to paste: before a publication, after it, and per person."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.notices.addresses import Addresses
from api.notices.composing import digest_text, text_of
from api.notices.ways.setup import open_ways
from api.office.context import Service
from models.formats.feeds.feed_plan import planned_events
from models.store.database.clock import now
from models.store.database.paging import Page
from models.store.feeds.feed_rows import planned_changes
from models.store.notices.listing import messages_of, notices_in, notices_of, tell_by_hand
from models.store.notices.outbox import changes_by_person
from models.store.plans.instances import get_instance
from models.store.plans.roster_queries import get_roster, roster_record
from models.store.tables.notice_tables import Notice, NoticeMessage
from models.store.tables.plan_tables import RosterRecord
from models.store.tables.words import (
    NoticeFault,
    NoticeKind,
    NoticeState,
    NoticeWay,
    RosterState,
)


class NoticeView(BaseModel):
    """One notice: to whom, where it stands, and its text ready to paste."""

    id: int | None = Field(description="草稿的预览没有编号 none in a preview")
    kind: NoticeKind
    event: str = Field(description="publication:7、withdrawal:7、request:3:2、reminder:2026-12-01")
    target: str = Field(description="人员（县区/编号）或 group:编号 a person's key or a group")
    name: str
    way: NoticeWay | None = Field(description="发送方式，无则须人工告知 none: by hand")
    state: NoticeState
    state_label: str
    fault: NoticeFault | None = None
    fault_label: str | None = None
    attempts: int = 0
    written: dt.datetime | None = None
    tried: dt.datetime | None = None
    sent: dt.datetime | None = None
    text: str = ""


class EventNotices(BaseModel):
    """All notices of one publication: the text for everybody, and each person's."""

    event: str
    digest: str = Field(description="可直接粘贴到群里的汇总 text to paste into a group")
    counts: dict[NoticeState, int]
    items: list[NoticeView]


def notices_of_roster(service: Service, roster: int) -> EventNotices:
    """Return the notices of a roster: of its publication or withdrawal, or as a draft would make them.

    Raises
    ------
    NotFoundError
        There is no such roster.
    """
    with service.store.read() as session:
        record = roster_record(session, roster)
        if record.stage is RosterState.DRAFT:
            return _shown(
                service, session, record, f"publication:{roster}", _planned(session, record)
            )
        words = {RosterState.WITHDRAWN: "withdrawal"}
        event = f"{words.get(record.stage, 'publication')}:{roster}"
        return _shown(service, session, record, event, notices_of(session, event))


def area_notices(
    service: Service,
    area: str,
    states: Collection[NoticeState],
    *,
    event: str | None,
    before: int | None,
    limit: int,
) -> Page[NoticeView]:
    """Return what became of the notices of an area and those inside it, newest first."""
    inside = service.areas.inside(area)
    with service.store.read() as session:
        page = notices_in(session, inside, states, event=event, before=before, limit=limit)
        return Page(tuple(_views(service, session, page.rows)), page.next)


def person_notices(
    service: Service, area: str, target: str, *, before: int | None, limit: int
) -> Page[NoticeView]:
    """Return what a person was told by an area and those inside it, newest first."""
    inside = service.areas.inside(area)
    with service.store.read() as session:
        page = notices_in(session, inside, target=target, before=before, limit=limit)
        return Page(tuple(_views(service, session, page.rows)), page.next)


def told_by_hand(service: Service, area: str, notice: int, *, by: str) -> NoticeView:
    """Say that somebody has passed on a notice that did not arrive. Raises as ``tell_by_hand``."""
    inside = service.areas.inside(area)
    with service.store.begin() as session:
        found = tell_by_hand(session, inside, notice, by=by)
        return _views(service, session, [found])[0]


def _planned(session: Session, draft: RosterRecord) -> list[Notice]:
    """Return the notices that a publication now would write to people; nothing is kept."""
    at = now()
    plan, instance = get_roster(session, draft.id), get_instance(session, draft.instance)
    changes = planned_changes(session, draft, planned_events(instance, plan, at), at)
    return [
        Notice(
            event=f"publication:{draft.id}",
            kind=NoticeKind.CHANGE,
            area=draft.area,
            target=person,
            name=name,
            body={"month": draft.month, "changes": told},
            state=NoticeState.WAITING,
        )
        for (person, name), told in changes_by_person(changes).items()
    ]


def _shown(
    service: Service, session: Session, record: RosterRecord, event: str, notices: Sequence[Notice]
) -> EventNotices:
    told = [notice for notice in notices if notice.kind is NoticeKind.CHANGE]
    addresses = _addresses(service)
    return EventNotices(
        event=event,
        digest=digest_text(addresses, record.area, record.month, told),
        counts=dict(Counter(notice.state for notice in notices)),
        items=_views(service, session, notices),
    )


def _views(service: Service, session: Session, notices: Sequence[Notice]) -> list[NoticeView]:
    messages, addresses = messages_of(session, notices), _addresses(service)
    return [
        _view(session, addresses, notice, messages.get(notice.message or 0)) for notice in notices
    ]


def _view(
    session: Session, addresses: Addresses, notice: Notice, message: NoticeMessage | None
) -> NoticeView:
    way = message.way if message else None
    if message is None:
        found = addresses.of(session, notice.target, notice.area)
        way = found.way if found else None
    state = notice.state
    if message and message.state is NoticeState.SENDING:
        state = NoticeState.SENDING
    fault = message.fault if message else None
    return NoticeView(
        id=notice.id,
        kind=notice.kind,
        event=notice.event,
        target=notice.target,
        name=notice.name,
        way=way,
        state=state,
        state_label=state.label,
        fault=fault,
        fault_label=fault.label if fault else None,
        attempts=message.attempts if message else 0,
        written=notice.written_at,
        tried=message.attempted_at if message else None,
        sent=message.sent_at if message else None,
        text=text_of(session, addresses, [notice], None),
    )


def _addresses(service: Service) -> Addresses:
    return Addresses(service.areas, open_ways(service.settings))
