"""Reminders of tomorrow's duties: one notice a person, whoever asks and how often."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.formats.feeds.feed_event import FeedEvent
from models.store.database.locks import hold_sending
from models.store.notices.outbox import facts_of, tell
from models.store.tables.feed_tables import FeedRow, event_of
from models.store.tables.notice_tables import Notice, NoticeChoice
from models.store.tables.words import NoticeKind


def put_reminders(session: Session, first: dt.datetime, end: dt.datetime, at: dt.datetime) -> None:
    """Write to everybody on duty from ``first`` to ``end``, who wants to be reminded, what begins then."""
    hold_sending(session)
    unwanted = set(
        session.scalars(select(NoticeChoice.target).where(NoticeChoice.reminder.is_(False)))
    )
    found: dict[str, list[FeedEvent]] = defaultdict(list)
    areas: dict[str, str] = {}
    within = FeedRow.starts >= first, FeedRow.starts < end, FeedRow.cancelled.is_(False)
    query = select(FeedRow.area, FeedRow.body).where(*within)
    for area, body in session.execute(query.order_by(FeedRow.starts, FeedRow.key)):
        event = event_of(body)
        if event.person and event.person not in unwanted and facts_of(event) is not None:
            found[event.person].append(event)
            areas.setdefault(event.person, area)
    for person, events in found.items():
        notice = Notice(
            event=f"reminder:{first.date()}",
            kind=NoticeKind.REMINDER,
            area=areas[person],
            target=person,
            name=events[0].person_name,
            body={"events": [facts_of(event) for event in events]},
            starts=events[0].start,
            written_at=at,
        )
        tell(session, notice)
