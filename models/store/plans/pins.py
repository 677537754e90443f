"""Pins of the office: assignments frozen or to be kept, beside those of the instance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from models.calendar import month_days
from models.people import Pin
from models.store.database.clock import now
from models.store.database.log import record
from models.store.database.paging import Page, newest_first
from models.store.tables.plan_tables import PinRecord


class Which(NamedTuple):
    """Which pins are meant: those that meet every condition given."""

    first: dt.date | None = None
    last: dt.date | None = None
    person: str | None = None
    target: str | None = None


def set_pin(session: Session, area: str, pin: Pin, *, by: str, why: str = "") -> None:
    """Pin an assignment in an area; the same assignment pinned again takes the new strength."""
    found = session.scalars(select(PinRecord).where(*_same(area, pin))).first()
    before = pin_of(found) if found else None
    if before == pin:
        return
    if found is None:
        session.add(_row(area, pin, by))
    else:
        found.strength = pin.strength
    _record(session, "set_pin", area, (before, pin), by, why)


def set_pins(
    session: Session, area: str, pins: Iterable[Pin], *, by: str, why: str = "", source: str = ""
) -> int:
    """Pin many assignments at once and return how many were new or changed; one entry of the log.

    Parameters
    ----------
    source
        What they were taken from, such as ``roster:7``.
    """
    known = {_key(pin_of(row)): row for row in _rows(session, area)}
    changed = 0
    for pin in pins:
        found = known.get(_key(pin))
        if found is None:
            known[_key(pin)] = row = _row(area, pin, by)
            session.add(row)
        elif found.strength is pin.strength:
            continue
        else:
            found.strength = pin.strength
        changed += 1
    if changed:
        after = {"pins": changed, "source": source}
        record(session, "set_pins", f"area:{area}", by=by, why=why, after=after)
    return changed


def remove_pin(session: Session, area: str, pin_id: int, *, by: str, why: str = "") -> bool:
    """Remove one pin of an area and return whether there was one."""
    asked = select(PinRecord).where(PinRecord.id == pin_id, PinRecord.area == area)
    found = session.scalars(asked).one_or_none()
    if found is None:
        return False
    _record(session, "remove_pin", area, (pin_of(found), None), by, why)
    session.delete(found)
    return True


def remove_same_pin(session: Session, area: str, pin: Pin, *, by: str) -> bool:
    """Remove the pin of an assignment, whatever its strength; return whether there was one."""
    found = session.scalars(select(PinRecord).where(*_same(area, pin))).first()
    return found is not None and remove_pin(session, area, found.id, by=by)


def remove_pins(session: Session, area: str, which: Which, *, by: str, why: str = "") -> int:
    """Remove the pins of an area that are meant and return how many there were."""
    asked = [PinRecord.area == area]
    asked += [PinRecord.date >= which.first] if which.first else []
    asked += [PinRecord.date <= which.last] if which.last else []
    asked += [PinRecord.person == which.person] if which.person else []
    asked += [PinRecord.target == which.target] if which.target else []
    gone = session.scalars(delete(PinRecord).where(*asked).returning(PinRecord.id)).all()
    if gone:
        before = {name: str(value) for name, value in which._asdict().items() if value}
        after = {"removed": len(gone)}
        record(session, "remove_pins", f"area:{area}", by=by, why=why, before=before, after=after)
    return len(gone)


def pins_of(session: Session, area: str, month: str | None = None) -> tuple[Pin, ...]:
    """Return the pins of an area; with ``month`` those of its days and of standing seats."""
    return tuple(map(pin_of, _rows(session, area, month)))


def pin_records(
    session: Session,
    area: str,
    month: str | None = None,
    *,
    before: int | None = None,
    limit: int = 50,
) -> Page[PinRecord]:
    """Return the records of pins, newest first."""
    query = select(PinRecord).where(*_asked(area, month))
    return newest_first(session, query, PinRecord.id, before, limit)


def pin_of(found: PinRecord) -> Pin:
    """Return the pin that was kept."""
    return Pin(
        kind=found.kind,
        target=found.target or None,
        person=found.person or None,
        date=found.date,
        part=found.part,
        strength=found.strength,
    )


def _rows(session: Session, area: str, month: str | None = None) -> list[PinRecord]:
    query = select(PinRecord).where(*_asked(area, month)).order_by(PinRecord.id)
    return list(session.scalars(query))


def _asked(area: str, month: str | None) -> list[ColumnElement[bool]]:
    if month is None:
        return [PinRecord.area == area]
    days = month_days(month)
    within = PinRecord.date.between(days[0], days[-1])
    return [PinRecord.area == area, or_(PinRecord.date.is_(None), within)]


def _row(area: str, pin: Pin, by: str) -> PinRecord:
    """Return the stored columns of a pin; a missing target or person is an empty text."""
    empty = {"target": pin.target or "", "person": pin.person or ""}
    return PinRecord(area=area, created_at=now(), created_by=by, **pin.model_dump() | empty)


def _same(area: str, pin: Pin) -> list[ColumnElement[bool]]:
    return [
        PinRecord.area == area,
        PinRecord.kind == pin.kind,
        PinRecord.target == (pin.target or ""),
        PinRecord.person == (pin.person or ""),
        PinRecord.date == pin.date,
        PinRecord.part == pin.part,
    ]


def _key(pin: Pin) -> tuple[object, ...]:
    return (pin.kind, pin.target, pin.person, pin.date, pin.part)


def _record(
    session: Session,
    action: str,
    area: str,
    change: tuple[Pin | None, Pin | None],
    by: str,
    why: str,
) -> None:
    before, after = (pin.model_dump(mode="json") if pin else None for pin in change)
    record(session, action, f"area:{area}", by=by, why=why, before=before, after=after)
