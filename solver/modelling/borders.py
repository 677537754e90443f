"""Assignments just before and after the month, which are settled and cannot change.

It comes from the table of such things and from pins whose date lies outside the month; what both
tell counts once, with the hours and place of the pin.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from models.instance import Instance
from models.people import HeldAround, Pin
from models.slots import Times, clock_times, part_times, post_times, visit_times
from models.vocabulary import Mode, Part, PinKind

NEAR = dt.timedelta(days=14)
"""How far from the month rules look: the longest spacing there is."""


@dataclass(frozen=True)
class Settled:
    """A duty, standby or visit outside the month.

    ``place`` is a village or site id, None where nobody goes; ``kind`` says what it is; ``part`` is where
    it would be printed, ``post`` is known where a pin tells.
    """

    person: str
    day: dt.date
    start: dt.datetime
    end: dt.datetime
    kind: PinKind
    place: str | None
    part: Part
    post: str | None = None

    @property
    def is_turn(self) -> bool:
        """Whether it is a duty held."""
        return self.kind is PinKind.DUTY

    @property
    def is_night(self) -> bool:
        """Whether it is held in the hours from 22:00 to 06:00."""
        evening = dt.datetime.combine(self.start.date(), dt.time(22), self.start.tzinfo)
        reaches = self.end > evening or self.start.hour < 6
        return reaches and self.kind is not PinKind.STANDBY


def settled_around(instance: Instance, days: Sequence[dt.date]) -> dict[str, tuple[Settled, ...]]:
    """Return what each person holds near but outside some days, in order of time."""
    first, last = days[0], days[-1]
    found: dict[str, set[Settled]] = defaultdict(set)
    for thing in _each_once(_from_pins(instance), _from_table(instance)):
        if first - NEAR <= thing.day < first or last < thing.day <= last + NEAR:
            found[thing.person].add(thing)
    return {
        person: tuple(
            sorted(
                things, key=lambda t: (t.start, t.end, t.kind.value, t.place or "", t.post or "")
            )
        )
        for person, things in found.items()
    }


def _each_once(pinned: Iterable[Settled], table: Iterable[Settled]) -> Iterator[Settled]:
    """Yield pins, and the rows that tell of nothing pinned: nobody holds two things at a time."""
    known: dict[tuple[str, dt.date, PinKind], list[Settled]] = defaultdict(list)
    for pin in pinned:
        known[pin.person, pin.day, pin.kind].append(pin)
        yield pin
    for row in table:
        pins = known.get((row.person, row.day, row.kind), ())
        if not any(row.start < pin.end and pin.start < row.end for pin in pins):
            yield row


def _from_table(instance: Instance) -> Iterator[Settled]:
    for row in instance.held_around:
        times = _times_of_row(instance, row)
        part = row.part or _part_at(instance, times[0])
        yield Settled(row.person, row.date, *times, row.kind, row.place, part)


def _part_at(instance: Instance, start: dt.datetime) -> Part:
    """Return the part of the day in which something starts; before six is night."""
    settings, clock = instance.settings, f"{start:%H:%M}"
    if clock >= settings.night_start or clock < "06:00":
        return Part.NIGHT
    return Part.PM if clock >= settings.pm_start else Part.AM


def _times_of_row(instance: Instance, row: HeldAround) -> Times:
    if row.start is not None and row.end is not None:
        return clock_times(row.date, row.start, row.end)
    assert row.part is not None  # the row has hours or a part
    if row.kind is PinKind.VISIT:
        village = instance.village_by_id.get(row.place or "")
        return visit_times(instance.settings, village, row.date, row.part)
    return part_times(instance.settings, row.date, row.part)


def _from_pins(instance: Instance) -> Iterator[Settled]:
    dated = {PinKind.DUTY, PinKind.STANDBY, PinKind.VISIT}
    for pin in instance.pins:
        if pin.kind in dated and pin.person and pin.target and pin.date and pin.part:
            times = pin_times(instance, pin, pin.date, pin.part)
            place = _place_of_pin(instance, pin, pin.target)
            post = None if pin.kind is PinKind.VISIT else pin.target
            yield Settled(pin.person, pin.date, *times, pin.kind, place, pin.part, post)


def pin_times(instance: Instance, pin: Pin, date: dt.date, part: Part) -> Times:
    """Return start and end of a pin of a date and part."""
    post = instance.post_by_id.get(pin.target or "")
    if pin.kind is PinKind.VISIT:
        village = instance.village_by_id.get(pin.target or "")
        return visit_times(instance.settings, village, date, part)
    if post is None:
        return part_times(instance.settings, date, part)
    return post_times(instance.settings, post, date, part)


def _place_of_pin(instance: Instance, pin: Pin, target: str) -> str | None:
    if pin.kind is PinKind.VISIT:
        return target
    post = instance.post_by_id.get(target)
    goes = post is not None and post.mode is Mode.ONSITE and pin.kind is PinKind.DUTY
    return post.site if post is not None and goes else None
