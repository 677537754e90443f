"""An absence, and the instance that includes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.instance import Instance
from models.people import Leave, Pin
from models.report import DifferenceRow
from models.slots import leave_takes, visit_times
from models.vocabulary import Part, PinKind, Strength
from solver.modelling.borders import pin_times
from solver.modelling.choices import Block
from solver.modelling.facts import Facts
from solver.modelling.stages import Key


@dataclass(frozen=True)
class Absence:
    """Who is away, from ``first`` to ``last`` inclusive, ``part`` None meaning whole days."""

    person: str
    first: dt.date
    last: dt.date
    part: Part | None = None

    @property
    def leave(self) -> Leave:
        """The row of leave for it."""
        return Leave(person=self.person, first=self.first, last=self.last, part=self.part)


def with_absence(instance: Instance, absence: Absence) -> Instance:
    """Return the instance with the leave; what is fixed or frozen in its time is only asked for."""
    row = absence.leave

    def yielding(pin: Pin) -> Pin:
        is_in = pin.date is not None and absence.first <= pin.date <= absence.last
        if pin.date is not None and pin.part is not None:
            times = pin_times(instance, pin, pin.date, pin.part)
            is_in = leave_takes(instance.settings, row, pin.date, pin.part, times)
        meant = pin.person in (None, absence.person) and is_in
        return pin.model_copy(update={"strength": Strength.KEEP}) if meant else pin

    pins = tuple(map(yielding, instance.pins))
    return instance.model_copy(update={"leave": (*instance.leave, row), "pins": pins})


def with_seats_kept(instance: Instance, person: str, advisers: Mapping[str, str]) -> Instance:
    """Return the instance asking that a person keeps the villages (by id) that the roster gave.

    Who is away long would else look newly seated, since the input may know of no adviser.
    """
    known = {pin.target for pin in instance.pins if pin.kind is PinKind.ADVISER}
    known |= {village.id for village in instance.villages if village.adviser == person}
    pins = [
        Pin(kind=PinKind.ADVISER, target=village, person=person, strength=Strength.KEEP)
        for village, adviser in advisers.items()
        if adviser == person and village not in known
    ]
    return instance.model_copy(update={"pins": (*instance.pins, *pins)}) if pins else instance


def with_pins(instance: Instance, changes: Iterable[DifferenceRow]) -> Instance:
    """Return the instance asking to keep what was changed, which is how differences are shown."""
    known = {(p.kind, p.target, p.date, p.part, p.person) for p in instance.pins}
    pins = [
        Pin(
            kind=c.kind,
            target=c.target,
            date=c.date,
            part=c.part,
            person=c.before,
            strength=Strength.KEEP,
        )
        for c in changes
        if c.before and (c.kind, c.target, c.date, c.part, c.before) not in known
    ]
    return instance.model_copy(update={"pins": (*instance.pins, *pins)})


def frees(facts: Facts, absence: Absence, key: Key) -> bool:
    """Say whether a duty or visit, as a choice, reaches into the absence."""
    block, _, demand, half, _, later = key
    settings, (day, part) = facts.instance.settings, facts.half_date(half)
    if block is Block.VISITS:
        start = facts.start_of_stop(facts.villages[demand], half, later)
        times = visit_times(settings, facts.villages[demand], day, part, start)
    else:
        times = facts.slots[demand].start, facts.slots[demand].end
    return leave_takes(settings, absence.leave, day, part, times)
