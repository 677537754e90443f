"""A solve starts from what is published of its month: what is past stays, and the rest where possible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Session

from api.actions.planning import rules_of
from models.calendar import month_days
from models.instance import Instance
from models.issues import InputError
from models.people import Person, Pin
from models.roster import Roster
from models.store.plans.roster_queries import get_roster, published_roster
from models.vocabulary import PinKind, Strength
from solver.answers.precheck import precheck
from solver.modelling.facts import Facts

KEPT_SEATS = (PinKind.ADVISER, PinKind.MEDIATOR)


def from_published(
    session: Session, instance: Instance, area: str, month: str, today: dt.date
) -> Instance:
    """Return the data with pins of what is published for the month; as they are where nothing is.

    Advisers and mediators in office keep their seats, since a change is a new contract, and what lies
    before ``today`` is fixed; other duties and visits are kept where that costs nothing else. Where
    fixing breaks a hard rule, such as leave that was entered later, all of it is only preferred.
    """
    record = published_roster(session, area, month)
    if record is None:
        return instance
    pins = tuple(_pins(instance, get_roster(session, record.id), today))
    settings = instance.settings.model_copy(update={"month": month})
    fixed = instance.model_copy(update={"settings": settings, "pins": (*instance.pins, *pins)})
    if not _is_possible(fixed):
        pins = tuple(pin.model_copy(update={"strength": Strength.KEEP}) for pin in pins)
    return instance.model_copy(update={"pins": (*instance.pins, *pins)})


def _pins(instance: Instance, roster: Roster, today: dt.date) -> Iterator[Pin]:
    """Yield a pin for each published row that the data can still mean and do not pin themselves."""
    pinned = {(pin.kind, pin.target, pin.date, pin.part) for pin in instance.pins}
    known = {*instance.village_by_id, *instance.site_by_id, *instance.post_by_id}
    first = month_days(roster.month)[0]
    for pin in _rows(roster):
        person = instance.person_by_id.get(pin.person or "")
        is_pinned = (pin.kind, pin.target, pin.date, pin.part) in pinned
        if person is None or is_pinned or pin.target not in known:
            continue
        if _is_in_office(person, pin.date or first):
            is_fixed = pin.date < today if pin.date is not None else pin.kind in KEPT_SEATS
            strength = Strength.FIXED if is_fixed else Strength.KEEP
            yield pin.model_copy(update={"strength": strength})


def _is_in_office(person: Person, day: dt.date) -> bool:
    has_begun = person.active_from is None or person.active_from <= day
    return has_begun and (person.active_to is None or day <= person.active_to)


def _rows(roster: Roster) -> Iterator[Pin]:
    for seat in roster.advisers:
        yield Pin(kind=PinKind.ADVISER, target=seat.village, person=seat.person)
    for post in roster.mediators:
        yield Pin(kind=PinKind.MEDIATOR, target=post.site, person=post.person)
    for duty in roster.duties:
        if duty.person:
            kind = PinKind.STANDBY if duty.standby else PinKind.DUTY
            at = {"date": duty.date, "part": duty.part}
            yield Pin(kind=kind, target=duty.post, person=duty.person, **at)
    for visit in roster.visits:
        at = {"date": visit.date, "part": visit.part}
        yield Pin(kind=PinKind.VISIT, target=visit.village, person=visit.person, **at)


def _is_possible(instance: Instance) -> bool:
    """Whether the fixed pins break no hard rule among themselves."""
    try:
        precheck(Facts(instance, instance.settings.month), rules_of(instance))
    except InputError:
        return False
    return True
