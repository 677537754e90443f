"""Appointments: everything a roster asks somebody to do in its month, each with an id that stays.

The id is made of what is planned (kind, post or place, date, part, person), so that the same
roster always has the same ids, and an edit elsewhere changes none of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from models.calendar import month_days
from models.instance import Instance
from models.roster import Roster, Visit
from models.slots import PART_ORDER, Slot, expand, visit_hours
from models.vocabulary import Mode, Part, Term

LECTURE_HOURS = 1.0
"""Hours of a lecture; it is held on a visit and takes none of its own time (an assumption)."""


class AppointmentKind(Term):
    """What somebody is to do."""

    DUTY = "duty", "值班"
    STANDBY = "standby", "备班"
    VISIT = "visit", "走访"
    LECTURE = "lecture", "讲座"
    MEDIATION = "mediation", "调解席位"


@dataclass(frozen=True, slots=True)
class Appointment:
    """One thing one person is to do: ``place`` is a village or site, ``area`` where it lies.

    A mediator's seat is of the whole month: its day is the first, its hours are not known.
    ``slot`` is that of a duty or standby.
    """

    id: str
    kind: AppointmentKind
    person: str
    place: str
    area: str
    day: dt.date
    part: Part | None
    hours: float
    mode: Mode
    slot: Slot | None = None


def appointments(instance: Instance, roster: Roster) -> tuple[Appointment, ...]:
    """Return everything a roster asks for, in order of day, part, kind and place.

    Duties without a slot in the month, as in rosters never checked, are left out.
    """
    found = [*_duties(instance, roster), *_visits(instance, roster), *_seats(instance, roster)]
    return tuple(sorted(found, key=_order))


def described(instance: Instance, thing: Appointment) -> str:
    """Return an appointment as a clerk reads it."""
    place = instance.village_by_id.get(thing.place) or instance.site_by_id.get(thing.place)
    person = instance.person_by_id.get(thing.person)
    when = f"{thing.day:%Y-%m}" if thing.part is None else f"{thing.day} {thing.part.label}"
    post = thing.slot.post.name if thing.slot is not None else ""
    names = (place.name if place else thing.place, post, person.name if person else thing.person)
    return " ".join(filter(None, (when, thing.kind.label, *names)))


def _duties(instance: Instance, roster: Roster) -> Iterator[Appointment]:
    slots = {slot.id: slot for slot in expand(instance, roster.month)}
    for duty in roster.duties:
        slot = slots.get(duty.slot)
        if slot is not None:
            kind = AppointmentKind.STANDBY if duty.standby else AppointmentKind.DUTY
            yield Appointment(
                id=f"{kind.value}/{duty.slot}/{duty.person}",
                kind=kind,
                person=duty.person,
                place=slot.site.id,
                area=slot.site.area,
                day=duty.date,
                part=duty.part,
                hours=slot.hours,
                mode=slot.post.mode,
                slot=slot,
            )


def _visits(instance: Instance, roster: Roster) -> Iterator[Appointment]:
    for visit in roster.visits:
        length = visit_hours(instance.settings, instance.village_by_id.get(visit.village))
        yield _visit(instance, visit, AppointmentKind.VISIT, length)
        if visit.lecture:
            yield _visit(instance, visit, AppointmentKind.LECTURE, LECTURE_HOURS)


def _visit(instance: Instance, visit: Visit, kind: AppointmentKind, hours: float) -> Appointment:
    when = f"{visit.date:%Y%m%d}{visit.part.value}"
    return Appointment(
        id=f"{kind.value}/{visit.village}@{when}/{visit.person}",
        kind=kind,
        person=visit.person,
        place=visit.village,
        area=instance.village_by_id[visit.village].area,
        day=visit.date,
        part=visit.part,
        hours=hours,
        mode=Mode.ONSITE,
    )


def _seats(instance: Instance, roster: Roster) -> Iterator[Appointment]:
    kind, first = AppointmentKind.MEDIATION, month_days(roster.month)[0]
    for seat in roster.mediators:
        yield Appointment(
            id=f"{kind.value}/{seat.site}@{first:%Y%m}/{seat.person}",
            kind=kind,
            person=seat.person,
            place=seat.site,
            area=instance.site_by_id[seat.site].area,
            day=first,
            part=None,
            hours=0.0,
            mode=Mode.ONSITE,
        )


def _order(thing: Appointment) -> tuple[object, ...]:
    part = -1 if thing.part is None else PART_ORDER[thing.part]
    return thing.day, part, list(AppointmentKind).index(thing.kind), thing.place, thing.id
