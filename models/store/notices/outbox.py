"""The outbox: what is to be told stands in it as soon as it has happened, in the same transaction.

It says what, not how: texts, ways and times are decided when a notice is sent. The crew beside a
person is no change of that person's own duty; calendars show it, nobody is told.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.formats.feeds.feed_event import EventKind, FeedEvent
from models.store.feeds.feed_rows import EventChange
from models.store.notices.told_groups import open_groups
from models.store.tables.notice_tables import Notice
from models.store.tables.plan_tables import RosterRecord
from models.store.tables.words import NoticeKind, NoticeState

LONGEST_NAME = 80

Facts = dict[str, Any]
"""What a text tells of one event: its kind and names, when and where, both times in ISO 8601."""


def tell_changes(
    session: Session,
    record: RosterRecord,
    event: str,
    changes: Iterable[EventChange],
    at: dt.datetime,
) -> None:
    """Write a notice to everybody whose published duties a publication changes, and to the area's groups.

    Parameters
    ----------
    event
        What happened, such as ``publication:7``; nobody is told of it twice.
    """
    found = changes_by_person(changes)
    rows = [
        _row(
            event=event,
            kind=NoticeKind.CHANGE,
            area=record.area,
            target=person,
            name=name,
            body={"month": record.month, "changes": told},
            starts=first_start(told, at),
            at=at,
        )
        for (person, name), told in found.items()
    ]
    told = [change for changes in found.values() for change in changes]
    towns = {facts["township"] for change in told for facts in _sides(change)} - {""}
    for group in open_groups(session, {record.area, *towns}) if told else ():
        theirs = told if group.area == record.area else changes_in(told, group.area)
        body = {"month": record.month, "township": "" if theirs is told else group.area}
        rows.append(
            _row(
                event=event,
                kind=NoticeKind.DIGEST,
                area=group.area,
                target=group.target,
                name=group.name,
                body=body,
                starts=first_start(theirs, at),
                at=at,
            )
        )
    if rows:
        session.connection().execute(insert(Notice), rows)


def tell(session: Session, notice: Notice) -> None:
    """Write a notice that waits from now on, unless its target has been told of the event before."""
    known = select(Notice.id).where(Notice.event == notice.event, Notice.target == notice.target)
    if session.scalars(known).first() is None:
        notice.state = NoticeState.WAITING
        notice.name = notice.name[:LONGEST_NAME]
        session.add(notice)
        session.flush()


def changes_by_person(
    changes: Iterable[EventChange],
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return what changes for each person, by key and name; each change by its event, was and now.

    Somebody whose name was corrected since the last publication is one person under the name of now.
    """
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    names: dict[str, str] = {}
    for was, now in changes:
        before = facts_of(was) if was and not was.is_cancelled else None
        after = None if now.is_cancelled else facts_of(now)
        if now.person and before != after:
            change = {"key": now.key, "was": before, "now": after}
            found[now.person].append(change)
        if now.person and (after or now.person not in names):
            names[now.person] = now.person_name
    return {(person, names[person]): told for person, told in found.items()}


def facts_of(event: FeedEvent) -> Facts | None:
    """Return what a text tells of an event; nobody has yet to come to what a firm is to staff."""
    if event.kind is EventKind.PENDING:
        return None
    return {
        "kind": event.kind.label,
        "what": event.what,
        "place": event.place,
        "start": event.start.isoformat(),
        "end": event.end.isoformat(),
        "township": event.township,
    }


def changes_in(changes: Iterable[dict[str, Any]], township: str) -> list[dict[str, Any]]:
    """Return the changes that touch a township."""
    return [one for one in changes if any(f["township"] == township for f in _sides(one))]


def first_start(changes: Iterable[dict[str, Any]], at: dt.datetime) -> dt.datetime | None:
    """Return when the first thing begins, or would have begun, that is still to come at ``at``."""
    starts = (dt.datetime.fromisoformat(f["start"]) for one in changes for f in _sides(one))
    return min((start for start in starts if start >= at), default=None)


def _sides(change: dict[str, Any]) -> list[Facts]:
    return [facts for facts in (change["was"], change["now"]) if facts]


def _row(*, at: dt.datetime, name: str, **said: Any) -> dict[str, Any]:
    fixed = {"name": name[:LONGEST_NAME], "written_at": at, "state": NoticeState.WAITING}
    return said | fixed
