"""Rows of 上月末安排 that lie in the month to come: they are pins of it, where one post is meant."""

from __future__ import annotations

from models.instance import Instance
from models.people import HeldAround, Pin
from models.slots import Slot, clock_times, expand
from models.vocabulary import Mode, Part, PinKind


def pins_of(instance: Instance, month: str) -> tuple[Pin, ...]:
    """Return a fixed pin for each row settled in ``month`` that can only mean one post or village."""
    rows = [row for row in instance.held_around if f"{row.date:%Y-%m}" == month]
    slots = expand(instance, month) if rows else ()
    return tuple(pin for row in rows if (pin := _pin(instance, row, slots)) is not None)


def _pin(instance: Instance, row: HeldAround, slots: tuple[Slot, ...]) -> Pin | None:
    if row.kind is PinKind.VISIT:
        if row.place not in instance.village_by_id or row.part is None:
            return None
        return _fixed(row, str(row.place), row.part)
    meant = [slot for slot in slots if _may_mean(row, slot)]
    return _fixed(row, meant[0].post.id, meant[0].part) if len(meant) == 1 else None


def _may_mean(row: HeldAround, slot: Slot) -> bool:
    is_there = slot.site.id == row.place or (
        row.place is None and (slot.post.mode is not Mode.ONSITE or row.kind is PinKind.STANDBY)
    )
    if row.date != slot.date or not is_there:
        return False
    if row.start is not None and row.end is not None:
        return clock_times(row.date, row.start, row.end) == (slot.start, slot.end)
    return row.part is slot.part


def _fixed(row: HeldAround, target: str, part: Part) -> Pin:
    return Pin(kind=row.kind, target=target, person=row.person, date=row.date, part=part)
