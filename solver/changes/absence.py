"""An absence, and the instance that knows of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from models.instance import Instance
from models.people import Leave, Pin
from models.report import DifferenceRow
from models.vocabulary import Part, Strength
from solver.modelling.facts import PARTS, Facts


@dataclass(frozen=True)
class Absence:
    """Who is away, from ``first`` to ``last`` inclusive, ``part`` None meaning whole days."""

    person: str
    first: dt.date
    last: dt.date
    part: Part | None = None


def with_absence(instance: Instance, absence: Absence) -> Instance:
    """Return the instance with the leave; what is fixed or frozen in its time is only asked for."""
    row = Leave(person=absence.person, first=absence.first, last=absence.last, part=absence.part)

    def yielding(pin: Pin) -> Pin:
        is_in = pin.date is not None and absence.first <= pin.date <= absence.last
        is_part = None in (absence.part, pin.part) or absence.part is pin.part
        meant = pin.person in (None, absence.person) and is_in and is_part
        return pin.model_copy(update={"strength": Strength.KEEP}) if meant else pin

    pins = tuple(map(yielding, instance.pins))
    return instance.model_copy(update={"leave": (*instance.leave, row), "pins": pins})


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


def halves_of(facts: Facts, absence: Absence) -> frozenset[int]:
    """Return the half days of the month in the absence."""
    parts = PARTS if absence.part is None else (absence.part,)
    days = (day for day in facts.days if absence.first <= day <= absence.last)
    return frozenset(facts.half(day, part) for day in days for part in parts)
