"""Keeps the events of the calendars equal to what is published.

An event lives for good under its key: what leaves the plan stays as cancelled. What a new plan
changes, and the revision of each, is ``models.formats.feed_changes``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from models.formats.feed_changes import publish
from models.formats.feed_event import FeedEvent
from models.store.errors import TakenError
from models.store.feed_tables import FeedPlace, FeedRow, FeedVersion
from models.store.plan_tables import RosterRecord
from models.store.words import FeedKind

_BATCH = 500
"""Keys asked for at once; databases limit the parameters of a query."""

Calendar = tuple[FeedKind, str]
"""Whose calendar: kind and id."""


def write_events(
    session: Session, record: RosterRecord, planned: Collection[FeedEvent], at: dt.datetime
) -> None:
    """Bring the calendars to what an area now publishes for a month; nothing after a withdrawal.

    Raises
    ------
    TakenError
        Slots or visits stand in the published roster of another area or month.
    """
    rows = _rows(session, record, {event.slot for event in planned})
    _refuse_taken(record, rows.values())
    before = {key: row.event for key, row in rows.items()}
    changes = publish(before.values(), planned, at)
    touched: set[Calendar] = set()
    for event in changes:
        row = rows.get(event.key) or FeedRow()
        row.keep(event)
        row.area, row.month, row.roster = record.area, record.month, record.id
        session.add(row)
        touched |= _touched(before.get(event.key), event)
    session.flush()
    _write_places(session, changes)
    _raise_versions(session, touched, at)


def calendars_of(event: FeedEvent) -> Iterator[Calendar]:
    """Yield in whose calendars an event stands; a trace stands in its place's alone."""
    if event.person:
        yield FeedKind.PERSON, event.person
    yield from ((FeedKind.SITE, site) for site in event.sites)
    if event.township:
        yield FeedKind.TOWNSHIP, event.township
    if event.village:
        yield FeedKind.VILLAGE, event.village


def _touched(old: FeedEvent | None, new: FeedEvent) -> set[Calendar]:
    """Return the calendars that show a change: those it entered or left, if it is not revised."""
    was, now = set(calendars_of(old)) if old else set(), set(calendars_of(new))
    is_revised = old is None or old.sequence != new.sequence
    return was | now if is_revised else was ^ now


def _refuse_taken(record: RosterRecord, rows: Iterable[FeedRow]) -> None:
    own = (record.area, record.month)
    taken = [row for row in rows if not row.cancelled and (row.area, row.month) != own]
    if taken:
        raise TakenError(len(taken), taken[0].area, taken[0].month)


def _rows(session: Session, record: RosterRecord, slots: set[str]) -> dict[str, FeedRow]:
    """Return the rows of the roster's area and month, and all that there ever were of the slots."""
    own = select(FeedRow).where(FeedRow.area == record.area, FeedRow.month == record.month)
    rows = {row.key: row for row in session.scalars(own)}
    rows.update((row.key, row) for row in _asked(session, FeedRow.slot, slots))
    return rows


def _asked(session: Session, column: object, values: Iterable[str]) -> Iterator[FeedRow]:
    for batch in _batches(values):
        yield from session.scalars(select(FeedRow).where(column.in_(batch)))  # type: ignore[attr-defined]


def _write_places(session: Session, changes: Iterable[FeedEvent]) -> None:
    places = {event.key: sorted(set(calendars_of(event))) for event in changes}
    for batch in _batches(places):
        session.execute(delete(FeedPlace).where(FeedPlace.key.in_(batch)))
    rows = [
        {"kind": kind, "target": target, "key": key}
        for key, calendars in places.items()
        for kind, target in calendars
    ]
    if rows:
        session.execute(insert(FeedPlace), rows)


def _raise_versions(session: Session, touched: set[Calendar], at: dt.datetime) -> None:
    for kind in FeedKind:
        targets = {target for other, target in touched if other is kind}
        known: dict[str, FeedVersion] = {}
        for batch in _batches(targets):
            query = select(FeedVersion).where(
                FeedVersion.kind == kind, FeedVersion.target.in_(batch)
            )
            known.update((row.target, row) for row in session.scalars(query))
        for target in targets:
            row = known.get(target) or FeedVersion(kind=kind, target=target, tag=0, changed=at)
            row.tag, row.changed = row.tag + 1, max(row.changed, at)
            session.add(row)
    session.flush()


def _batches(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    return (ordered[first : first + _BATCH] for first in range(0, len(ordered), _BATCH))
