"""Keeps the rows of the calendars equal to what is published.

A row lives for good under its UID: what leaves the plan stays as cancelled, and SEQUENCE rises
when time, place or people change, when it is cancelled and when it comes back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from models.formats.feed_entries import Diary, Entry
from models.instance import Instance
from models.roster import Roster
from models.store.errors import TakenError
from models.store.feed_tables import FeedPlace, FeedRow, crew_text
from models.store.plan_tables import RosterRecord
from models.store.words import FeedKind

_BATCH = 500
"""UIDs asked for at once; databases limit the parameters of a query."""


@dataclass(slots=True)
class Wanted:
    """An entry that must stand in calendars: of a person, or of places."""

    entry: Entry
    person: str | None = None
    places: set[tuple[FeedKind, str]] = field(default_factory=set)


def wanted_entries(instance: Instance, roster: Roster) -> dict[str, Wanted]:
    """Return every entry of the calendars of a published roster, by UID."""
    diary = Diary(instance, roster, dt.datetime.min.replace(tzinfo=dt.UTC))
    wanted: dict[str, Wanted] = {}
    people = {duty.person for duty in roster.duties} | {visit.person for visit in roster.visits}
    for person in people:
        for entry in diary.of_person(person):
            wanted[entry.uid] = Wanted(entry, person)
    for visited in {visit.village for visit in roster.visits}:
        village = instance.village_by_id.get(visited)
        area = village.area if village else None
        _place(wanted, diary.of_village(visited), (FeedKind.VILLAGE, visited), area)
    visits = frozenset(wanted)
    for site in instance.sites:
        entries = diary.of_site(site.id)
        _place(wanted, entries, (FeedKind.SITE, site.id), None)
        duties = [entry for entry in entries if entry.uid not in visits]
        _place(wanted, duties, (FeedKind.TOWNSHIP, site.area), None)
    return wanted


def write_rows(
    session: Session, record: RosterRecord, instance: Instance, roster: Roster, at: dt.datetime
) -> None:
    """Bring the calendars to the newly published roster of an area and month.

    Raises
    ------
    TakenError
        Entries stand in the published roster of another area or month.
    """
    wanted = wanted_entries(instance, roster)
    rows = _rows(session, record, wanted)
    _refuse_taken(record, [rows[uid] for uid in wanted if uid in rows])
    for uid, row in rows.items():
        if uid in wanted:
            _update(row, record, wanted[uid], at)
        else:
            _cancel(row, at)
    new = [uid for uid in wanted if uid not in rows]
    session.add_all(_new_row(record, wanted[uid], at) for uid in new)
    session.flush()
    _write_places(session, wanted, kept=wanted.keys() & rows.keys())


def cancel_rows(session: Session, record: RosterRecord, at: dt.datetime) -> None:
    """Cancel what stands in the calendars for the area and month of a roster."""
    for row in _rows(session, record, {}).values():
        _cancel(row, at)


def _place(
    wanted: dict[str, Wanted],
    entries: Iterable[Entry],
    place: tuple[FeedKind, str],
    area: str | None,
) -> None:
    for entry in entries:
        found = wanted.setdefault(entry.uid, Wanted(entry))
        found.places.add(place)
        if area is not None:
            found.places.add((FeedKind.TOWNSHIP, area))


def _rows(session: Session, record: RosterRecord, wanted: dict[str, Wanted]) -> dict[str, FeedRow]:
    """Return the rows of the roster's area and month, and those of the UIDs that are wanted."""
    own = select(FeedRow).where(FeedRow.area == record.area, FeedRow.month == record.month)
    rows = {row.uid: row for row in session.scalars(own)}
    others = [uid for uid in wanted if uid not in rows]
    for first in range(0, len(others), _BATCH):
        query = select(FeedRow).where(FeedRow.uid.in_(others[first : first + _BATCH]))
        rows.update((row.uid, row) for row in session.scalars(query))
    return rows


def _refuse_taken(record: RosterRecord, rows: Iterable[FeedRow]) -> None:
    own = (record.area, record.month)
    taken = [row for row in rows if not row.cancelled and (row.area, row.month) != own]
    if taken:
        raise TakenError(len(taken), taken[0].area, taken[0].month)


def _new_row(record: RosterRecord, wanted: Wanted, at: dt.datetime) -> FeedRow:
    row = FeedRow(uid=wanted.entry.uid, sequence=0, last_modified=at, cancelled=False)
    _own(row, record)
    for name, value in (_significant(wanted) | _shown(wanted)).items():
        setattr(row, name, value)
    return row


def _update(row: FeedRow, record: RosterRecord, wanted: Wanted, at: dt.datetime) -> None:
    significant, shown = _significant(wanted), _shown(wanted)
    changed = {n: v for n, v in (significant | shown).items() if getattr(row, n) != v}
    if row.cancelled or changed.keys() & significant.keys():
        row.sequence += 1
    if row.cancelled or changed:
        row.last_modified = at
    row.cancelled = False
    _own(row, record)
    for name, value in changed.items():
        setattr(row, name, value)


def _cancel(row: FeedRow, at: dt.datetime) -> None:
    if not row.cancelled:
        row.cancelled = True
        row.sequence += 1
        row.last_modified = at


def _own(row: FeedRow, record: RosterRecord) -> None:
    row.area, row.month, row.roster = record.area, record.month, record.id


def _significant(wanted: Wanted) -> dict[str, object]:
    entry = wanted.entry
    return {
        "starts": entry.start,
        "ends": entry.end,
        "location": entry.location,
        "person": wanted.person,
        "crew": crew_text(entry.crew),
    }


def _shown(wanted: Wanted) -> dict[str, object]:
    entry = wanted.entry
    return {
        "summary": entry.summary,
        "description": entry.description,
        "is_busy": entry.is_busy,
    }


def _write_places(session: Session, wanted: dict[str, Wanted], kept: Iterable[str]) -> None:
    uids = sorted(kept)
    for first in range(0, len(uids), _BATCH):
        batch = FeedPlace.uid.in_(uids[first : first + _BATCH])
        session.execute(delete(FeedPlace).where(batch))
    places = [
        {"kind": kind, "target": target, "uid": uid}
        for uid, entry in wanted.items()
        for kind, target in sorted(entry.places)
    ]
    if places:
        session.execute(insert(FeedPlace), places)
