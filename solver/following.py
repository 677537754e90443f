"""The month that follows a plan: the same office a month on, with the seats kept.

What was planned is taken as held: turns go into the ledger, lectures into their records. Advisers
and mediators who are still in office keep their seats, so that a replacement in the middle of a
term touches the seats of whoever left, and no others.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Iterator

from models.instance import Instance
from models.people import LectureRecord, LedgerEntry, Pin
from models.roster import Roster
from models.vocabulary import PinKind
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading

SEATS = (PinKind.ADVISER, PinKind.MEDIATOR)


def following(instance: Instance, roster: Roster) -> Instance:
    """Return the instance of the month after ``roster``, which it takes as held."""
    facts = Facts(instance, roster.month)
    plan = Reading(facts, roster)
    month = _month_after(roster.month)
    adviser_of = {seat.village: seat.person for seat in roster.advisers}
    villages = [
        v.model_copy(update={"adviser": adviser_of.get(v.id, v.adviser)}) for v in instance.villages
    ]
    dated = [pin for pin in instance.pins if pin.kind not in SEATS]
    held = [
        LectureRecord(village=visit.village, date=visit.date)
        for visit in roster.visits
        if visit.lecture
    ]
    changes = {
        "settings": instance.settings.model_copy(update={"month": month}),
        "villages": tuple(villages),
        "pins": (*dated, *_kept(facts, roster, month)),
        "ledger": (*instance.ledger, *_served(plan)),
        "lectures": (*instance.lectures, *held),
    }
    return instance.model_copy(update=changes)


def _kept(facts: Facts, roster: Roster, month: str) -> Iterator[Pin]:
    """Yield the seats of everybody who is in office on the first day of the month."""
    first, known = dt.date.fromisoformat(f"{month}-01"), facts.instance.person_by_id
    seats = [(PinKind.ADVISER, seat.village, seat.person) for seat in roster.advisers]
    seats += [(PinKind.MEDIATOR, seat.site, seat.person) for seat in roster.mediators]
    for kind, target, person in seats:
        if facts.is_active(known[person], first):
            yield Pin(kind=kind, target=target, person=person)


def _served(plan: Reading) -> Iterator[LedgerEntry]:
    """Yield the turns held and stood by for, as the ledger counts them."""
    turns: Counter[tuple[object, ...]] = Counter()
    for sitting in plan.sittings:
        slot = sitting.slot
        turns[sitting.person, slot.post.kind, slot.turn_class, slot.site.id, sitting.standby] += 1
    for (person, kind, day_class, site, standby), count in sorted(turns.items()):
        row = {"person": person, "kind": kind, "day_class": day_class, "site": site}
        counted = {"month": plan.roster.month, "standby": standby, "turns": count}
        yield LedgerEntry.model_validate(row | counted)


def _month_after(month: str) -> str:
    year, number = map(int, month.split("-"))
    days = calendar.monthrange(year, number)[1]
    return f"{dt.date(year, number, days) + dt.timedelta(days=1):%Y-%m}"
