"""Pins of the office: assignments frozen or to be kept, beside those of the instance."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from models.calendar import month_days
from models.people import Pin
from models.store.clock import now
from models.store.log import record
from models.store.plan_tables import PinRecord


def set_pin(session: Session, area: str, pin: Pin, *, by: str, why: str = "") -> None:
    """Pin an assignment in an area; the same assignment pinned again takes the new strength."""
    found = session.scalars(select(PinRecord).where(*_same(area, pin))).first()
    before = _pin(found) if found else None
    if before == pin:
        return
    if found is None:
        session.add(PinRecord(area=area, created_at=now(), created_by=by, **pin.model_dump()))
    else:
        found.strength = pin.strength
    _record(session, "set_pin", area, (before, pin), by, why)


def remove_pin(session: Session, area: str, pin: Pin, *, by: str, why: str = "") -> bool:
    """Remove the pin of an assignment, whatever its strength, and return whether there was one."""
    found = session.scalars(select(PinRecord).where(*_same(area, pin))).first()
    if found is None:
        return False
    _record(session, "remove_pin", area, (_pin(found), None), by, why)
    session.delete(found)
    return True


def pins_of(session: Session, area: str, month: str | None = None) -> tuple[Pin, ...]:
    """Return the pins of an area; with ``month`` those of its days and of standing seats."""
    query = select(PinRecord).where(PinRecord.area == area).order_by(PinRecord.id)
    if month is not None:
        days = month_days(month)
        within = PinRecord.date.between(days[0], days[-1])
        query = query.where(or_(PinRecord.date.is_(None), within))
    return tuple(map(_pin, session.scalars(query)))


def _same(area: str, pin: Pin) -> list[ColumnElement[bool]]:
    return [
        PinRecord.area == area,
        PinRecord.kind == pin.kind,
        PinRecord.target == pin.target,
        PinRecord.person == pin.person,
        PinRecord.date == pin.date,
        PinRecord.part == pin.part,
    ]


def _pin(found: PinRecord) -> Pin:
    return Pin(
        kind=found.kind,
        target=found.target,
        person=found.person,
        date=found.date,
        part=found.part,
        strength=found.strength,
    )


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
