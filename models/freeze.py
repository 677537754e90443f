"""Freezing: turns parts of a roster into pins, so that the next plan keeps them unchanged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from models.calendar import month_days
from models.instance import Instance
from models.people import Pin
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, Visit
from models.slots import expand
from models.vocabulary import PinKind, Strength

Pinned = AdviserSeat | MediatorSeat | Duty | Visit
"""A row of a roster that can be pinned; where a village's station is cannot."""


@dataclass(frozen=True)
class Freeze:
    """What is frozen: the duties and visits that meet every condition given; none means any.

    Parameters
    ----------
    first, last
        Days, both included; without sites and people nothing is added on them any more.
    sites
        Ids: duties there, and nobody is added to their slots.
    people
        Ids: what they hold; they may be given more.
    slots
        Ids of single slots, whatever the other conditions are; nobody is added to them.
    seats
        Standing seats too: of the sites and people, of all if none are given.
    strength
        Fixed, or to be kept where possible.
    """

    first: dt.date | None = None
    last: dt.date | None = None
    sites: frozenset[str] = field(default_factory=frozenset)
    people: frozenset[str] = field(default_factory=frozenset)
    slots: frozenset[str] = field(default_factory=frozenset)
    seats: bool = False
    strength: Strength = Strength.FIXED

    @property
    def is_dated(self) -> bool:
        """Whether duties and visits are included, beyond single slots."""
        return any((self.first, self.last, self.sites, self.people))

    def holds(self, day: dt.date) -> bool:
        """Whether a day is included."""
        return (self.first or day) <= day <= (self.last or day)


def pin_of(row: Pinned, strength: Strength = Strength.FIXED) -> Pin:
    """Return the pin that keeps a row."""
    match row:
        case AdviserSeat():
            return Pin(
                kind=PinKind.ADVISER, target=row.village, person=row.person, strength=strength
            )
        case MediatorSeat():
            return Pin(kind=PinKind.MEDIATOR, target=row.site, person=row.person, strength=strength)
        case Duty():
            kind, target = PinKind.STANDBY if row.standby else PinKind.DUTY, row.post
        case Visit():
            kind, target = PinKind.VISIT, row.village
    return Pin(
        kind=kind,
        target=target,
        person=row.person,
        date=row.date,
        part=row.part,
        strength=strength,
    )


def frozen(instance: Instance, roster: Roster, freeze: Freeze) -> tuple[Pin, ...]:
    """Return the pins of what is frozen, each once: those of people, then those that name nobody."""
    held = (pin_of(row, freeze.strength) for row in _rows(instance, roster, freeze))
    return tuple(dict.fromkeys((*held, *_shut(instance, roster, freeze))))


def _rows(instance: Instance, roster: Roster, freeze: Freeze) -> Iterator[Pinned]:
    sites, people = freeze.sites, freeze.people
    if freeze.seats:
        is_any = not (sites or people)
        yield from (row for row in roster.advisers if is_any or row.person in people)
        yield from (
            row for row in roster.mediators if is_any or row.person in people or row.site in sites
        )
    for duty in roster.duties:
        post = instance.post_by_id.get(duty.post)
        is_there = not sites or (post is not None and post.site in sites)
        is_meant = freeze.is_dated and is_there and _is_meant(duty, freeze)
        if is_meant or duty.slot in freeze.slots:
            yield duty
    if freeze.is_dated and not sites:
        yield from (visit for visit in roster.visits if _is_meant(visit, freeze))


def _is_meant(row: Duty | Visit, freeze: Freeze) -> bool:
    return freeze.holds(row.date) and (not freeze.people or row.person in freeze.people)


def _shut(instance: Instance, roster: Roster, freeze: Freeze) -> Iterator[Pin]:
    """Yield the pins that name nobody: of slots, of the posts of a site, of whole days."""
    duty_kinds = (PinKind.DUTY, PinKind.STANDBY)
    if freeze.slots or freeze.sites:
        for slot in expand(instance, roster.month):
            here = slot.site.id in freeze.sites and freeze.holds(slot.date) and not freeze.people
            if here or slot.id in freeze.slots:
                for kind in duty_kinds:
                    yield Pin(
                        kind=kind,
                        target=slot.post.id,
                        date=slot.date,
                        part=slot.part,
                        strength=freeze.strength,
                    )
    if freeze.is_dated and not (freeze.sites or freeze.people):
        for day in filter(freeze.holds, month_days(roster.month)):
            for kind in (*duty_kinds, PinKind.VISIT):
                yield Pin(kind=kind, date=day, strength=freeze.strength)
