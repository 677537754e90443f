"""Keeps the events of the calendars equal to what is published.

An event lives for good under its key: what leaves the plan stays as cancelled. What a new plan
changes, and the revision of each, is ``models.formats.feeds.feed_changes``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import case, delete, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from models.formats.feeds.feed_changes import publish
from models.formats.feeds.feed_event import FeedEvent
from models.store.database.errors import TakenError
from models.store.tables.columns import Base
from models.store.tables.feed_tables import FeedPlace, FeedRow, FeedVersion, columns, event_of
from models.store.tables.plan_tables import RosterRecord
from models.store.tables.words import FeedKind

_SECOND = dt.timedelta(seconds=1)
_NEAR = dt.timedelta(minutes=1)
"""How far before the last change a publication may be without a clock that was set back."""
_BATCH = 500
"""Keys asked for at once; databases limit the parameters of a query."""

Calendar = tuple[FeedKind, str]
"""Whose calendar: kind and id."""


class EventChange(NamedTuple):
    """An event as it was, none if it is new, and as it is, perhaps cancelled."""

    was: FeedEvent | None
    now: FeedEvent


def write_events(
    session: Session, record: RosterRecord, planned: Collection[FeedEvent], at: dt.datetime
) -> list[EventChange]:
    """Bring the calendars to what an area now publishes for a month; nothing after a withdrawal.

    Return what changes in them.

    Raises
    ------
    TakenError
        Slots or visits stand in the published roster of another area or month.
    """
    slots = {event.slot for event in planned}
    _refuse_taken(session, record, slots)
    before = _before(session, record, slots)
    changes = publish(before.values(), planned, at)
    _write(session, record, changes)
    touched = {c for event in changes for c in _touched(before.get(event.key), event)}
    _raise_versions(session, touched, at)
    return [EventChange(before.get(event.key), event) for event in changes]


def planned_changes(
    session: Session, record: RosterRecord, planned: Collection[FeedEvent], at: dt.datetime
) -> list[EventChange]:
    """Return what ``write_events`` would change."""
    before = _before(session, record, {event.slot for event in planned})
    return [EventChange(before.get(e.key), e) for e in publish(before.values(), planned, at)]


def calendars_of(event: FeedEvent) -> Iterator[Calendar]:
    """Yield in whose calendars an event stands; a trace stands in its place's alone."""
    if event.person:
        yield FeedKind.PERSON, event.person
    yield from ((FeedKind.SITE, site) for site in event.sites)
    if event.township:
        yield FeedKind.TOWNSHIP, event.township
    if event.village:
        yield FeedKind.VILLAGE, event.village
    if event.firm:
        yield FeedKind.FIRM, event.firm


def _touched(old: FeedEvent | None, new: FeedEvent) -> set[Calendar]:
    """Return the calendars that show a change: those it entered or left, if it is not revised."""
    was, now = set(calendars_of(old)) if old else set(), set(calendars_of(new))
    is_revised = old is None or old.sequence != new.sequence
    return was | now if is_revised else was ^ now


def _refuse_taken(session: Session, record: RosterRecord, slots: set[str]) -> None:
    others = or_(FeedRow.area != record.area, FeedRow.month != record.month)
    query = select(FeedRow.area, FeedRow.month).where(FeedRow.cancelled.is_(False), others)
    taken = [
        row
        for batch in _batches(slots)
        for row in session.execute(query.where(FeedRow.slot.in_(batch)))
    ]
    if taken:
        raise TakenError(len(taken), *taken[0])


def _before(session: Session, record: RosterRecord, slots: set[str]) -> dict[str, FeedEvent]:
    """Return the events of the roster's area and month, and all that there ever were of the slots."""
    own = FeedRow.area == record.area, FeedRow.month == record.month
    found = {e.key: e for e in map(event_of, session.scalars(select(FeedRow.body).where(*own)))}
    for batch in _batches(slots):
        wanted = session.scalars(select(FeedRow.body).where(FeedRow.slot.in_(batch)))
        found |= {event.key: event for event in map(event_of, wanted)}
    return found


def _write(session: Session, record: RosterRecord, changes: Sequence[FeedEvent]) -> None:
    """Write rows and places of events, in place of those that they had."""
    for batch in _batches(event.key for event in changes):
        session.execute(delete(FeedPlace).where(FeedPlace.key.in_(batch)))
        session.execute(delete(FeedRow).where(FeedRow.key.in_(batch)))
    whose = {"area": record.area, "month": record.month, "roster": record.id}
    _insert(session, FeedRow, [columns(event) | whose for event in changes])
    places = [
        {"kind": kind, "target": target, "key": event.key}
        for event in changes
        for kind, target in dict.fromkeys(calendars_of(event))
    ]
    _insert(session, FeedPlace, places)


def _raise_versions(session: Session, touched: set[Calendar], at: dt.datetime) -> None:
    """Raise the state of calendars; no two states have one second, which is all that HTTP tells."""
    changed = FeedVersion.changed
    later = case((changed < at, literal(at, changed.type)), else_=changed)
    raised = update(FeedVersion).values(tag=FeedVersion.tag + 1, changed=later)
    for kind in FeedKind:
        for batch in _batches(target for other, target in touched if other is kind):
            theirs = (FeedVersion.kind == kind, FeedVersion.target.in_(batch))
            near = select(FeedVersion).where(*theirs, changed > at - _SECOND, changed < at + _NEAR)
            known = set()
            for version in session.scalars(near, execution_options={"populate_existing": True}):
                version.tag += 1
                version.changed += _SECOND
                known.add(version.target)
            session.flush()
            query = raised.where(*theirs, FeedVersion.target.not_in(known))
            known |= set(session.scalars(query.returning(FeedVersion.target)))
            new = [target for target in batch if target not in known]
            first = {"kind": kind, "tag": 1, "changed": at}
            _insert(session, FeedVersion, [first | {"target": target} for target in new])


def _insert(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> None:
    # by the connection: an object of the session for each row would take several times as long
    if rows:
        session.connection().execute(insert(table), rows)


def _batches(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    return (ordered[first : first + _BATCH] for first in range(0, len(ordered), _BATCH))
