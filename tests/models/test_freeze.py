"""What of a roster becomes pins."""

from __future__ import annotations

import datetime as dt

import pytest

from models.freeze import Freeze, frozen, pin_of
from models.people import Pin
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, VillageStation, Visit
from models.vocabulary import Part, PinKind, Strength
from tests.factories import tiny_instance

INSTANCE = tiny_instance()
CENTRE, EAST = "Z000-咨询", "Z001-咨询"


def day(number: int) -> dt.date:
    return dt.date(2026, 12, number)


SEAT = AdviserSeat(village="410105001001", person="L001")
MEDIATOR = MediatorSeat(site="Z002", person="M001")
FIRST = Duty(post=CENTRE, date=day(1), part=Part.AM, person="L001")
STANDBY = Duty(post=EAST, date=day(1), part=Part.AM, person="L002", standby=True)
LATER = Duty(post=EAST, date=day(3), part=Part.AM, person="L001")
VISIT = Visit(village="410105001001", date=day(2), part=Part.PM, person="L001")
ROSTER = Roster(
    month="2026-12",
    advisers=(SEAT,),
    mediators=(MEDIATOR,),
    duties=(FIRST, STANDBY, LATER),
    visits=(VISIT,),
    stations=(VillageStation(village="410105001001"),),
)
DATED = (PinKind.DUTY, PinKind.STANDBY, PinKind.VISIT)


def split(freeze: Freeze) -> tuple[list[Pin], list[Pin]]:
    """Return the pins of people and those that name nobody."""
    pins = frozen(INSTANCE, ROSTER, freeze)
    assert len(set(pins)) == len(pins)
    return [p for p in pins if p.person], [p for p in pins if not p.person]


def pins(*rows: AdviserSeat | MediatorSeat | Duty | Visit) -> list[Pin]:
    return [pin_of(row) for row in rows]


def test_days_are_closed_and_what_is_on_them_is_kept() -> None:
    held, shut = split(Freeze(last=day(2)))
    assert held == pins(FIRST, STANDBY, VISIT)
    assert shut == [Pin(kind=kind, date=day(n)) for n in (1, 2) for kind in DATED]


def test_a_site_is_closed_slot_by_slot_and_visits_stay_free() -> None:
    held, shut = split(Freeze(first=day(1), last=day(3), sites=frozenset({"Z001"})))
    assert held == pins(STANDBY, LATER)
    slots = [day(1), day(3)]  # a Tuesday and a Thursday
    assert shut == [
        Pin(kind=kind, target=EAST, date=date, part=Part.AM)
        for date in slots
        for kind in (PinKind.DUTY, PinKind.STANDBY)
    ]


def test_a_person_keeps_what_he_holds_and_may_get_more() -> None:
    held, shut = split(Freeze(people=frozenset({"L001"}), seats=True))
    assert (held, shut) == (pins(SEAT, FIRST, LATER, VISIT), [])


def test_an_empty_slot_stays_empty() -> None:
    held, shut = split(Freeze(slots=frozenset({"Z002-调解@20261202am", LATER.slot})))
    assert held == pins(LATER)
    assert {(p.kind, p.target, p.date) for p in shut} == {
        (kind, target, date)
        for kind in (PinKind.DUTY, PinKind.STANDBY)
        for target, date in (("Z002-调解", day(2)), (EAST, day(3)))
    }


@pytest.mark.parametrize("strength", Strength)
def test_seats_alone_and_the_strength(strength: Strength) -> None:
    held, shut = split(Freeze(seats=True, strength=strength))
    assert (held, shut) == ([pin_of(SEAT, strength), pin_of(MEDIATOR, strength)], [])
