"""Seats and slots with more people than they ask for are listed, with who is too many."""

from __future__ import annotations

import datetime as dt

import pytest

from models.people import Pin
from models.report import UnmetKind
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster
from models.vocabulary import Part, PinKind
from solver.profiles import load_rules
from solver.solve import Stage, solve
from solver.verify import verify
from tests.factories import tiny_instance

DAY = dt.date(2026, 12, 8)


def duty(person: str, *, standby: bool = False) -> Duty:
    return Duty(post="Z001-咨询", date=DAY, part=Part.AM, person=person, standby=standby)


def listed(**rows: object) -> list[tuple[UnmetKind, str, tuple[str, ...]]]:
    roster = Roster.model_validate({"month": "2026-12", **rows})
    report = verify(tiny_instance(), load_rules("default"), roster)
    assert all(one.zh and one.en for one in report.overbooked)
    return [(one.kind, one.target, one.surplus) for one in report.overbooked]


@pytest.mark.parametrize(
    ("people", "surplus"),
    [
        ((), ()),
        (("L002",), ()),
        (("L002", "L001"), ("L001",)),
        (("L001", "L003", "L002"), ("L003", "L002")),
    ],
)
def test_those_listed_after_the_number_asked_for_are_too_many(people, surplus):
    told = [(UnmetKind.DUTY, "Z001-咨询", surplus)] if surplus else []
    assert listed(duties=tuple(duty(person) for person in people)) == told


def test_standbys_nobody_asked_for_are_too_many_and_no_holders():
    rows = (duty("L001"), duty("L002", standby=True))
    assert listed(duties=rows) == [(UnmetKind.STANDBY, "Z001-咨询", ("L002",))]


def test_a_second_adviser_and_mediators_beyond_the_bound_are_too_many():
    village = "410105001001"
    seats = tuple(AdviserSeat(village=village, person=p) for p in ("L003", "L001"))
    assert listed(advisers=seats) == [(UnmetKind.ADVISER, village, ("L001",))]
    bounded = [
        s.model_dump() | {"mediators_min": 0, "mediators_max": 0} for s in tiny_instance().sites
    ]
    roster = Roster(month="2026-12", mediators=(MediatorSeat(site="Z001", person="M001"),))
    report = verify(tiny_instance(sites=bounded), load_rules("default"), roster)
    assert [one.surplus for one in report.overbooked] == [("M001",)]


def test_fixed_pins_that_overbook_a_slot_are_named_with_date_and_people():
    pins = [
        Pin(kind=PinKind.DUTY, target="Z001-咨询", person=person, date=DAY, part=Part.AM)
        for person in ("L002", "L001")
    ]
    report = solve(
        tiny_instance(pins=pins, villages=[]), load_rules("default"), stage=Stage.MONTH
    ).report
    (told,) = report.overbooked
    assert (told.date, told.part, told.surplus) == (DAY, Part.AM, ("L002",))
    assert "2026-12-08 上午" in told.zh
    assert "排了 2 人，多出：例乙" in told.zh
