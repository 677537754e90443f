"""How many can fall ill: small months in which the answer is known by counting."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest

from models.instance import Instance
from models.issues import InputError
from models.roster import AdviserSeat, Duty, Roster, Visit
from models.vocabulary import Part
from scenarios.optimised.resilience import Resilience, resilience
from solver.profiles import load_rules
from tests.factories import tiny_content

RULES = load_rules("default")
LAST = dt.date(2026, 12, 31)
POST, VILLAGE = "Z001-咨询", "410105001001"
MONTH = {"days": 31, "draws": 60}
"""Whoever is ill is away to the end of the month, where everything takes place."""


def town(people: list[str], **changes: Any) -> Instance:
    """Return the tiny county with one duty, on the last day, and some of its people."""
    content = tiny_content()
    posts = [post | {"recurrence": "2026-12-31"} for post in content["posts"] if post["id"] == POST]
    kept = [
        person | changes.get(person["id"], {})
        for person in content["people"]
        if person["id"] in people
    ]
    return Instance.model_validate(content | {"posts": posts, "people": kept})


def roster(*rows: Duty | Visit, adviser: str = "") -> Roster:
    duties = tuple(row for row in rows if isinstance(row, Duty))
    visits = tuple(row for row in rows if isinstance(row, Visit))
    advisers = (AdviserSeat(village=VILLAGE, person=adviser),) if adviser else ()
    return Roster(month="2026-12", duties=duties, visits=visits, advisers=advisers)


DUTY = Duty(post=POST, date=LAST, part=Part.AM, person="L001")
VISIT = Visit(village=VILLAGE, person="L001", date=LAST, part=Part.PM)


def shares(found: Resilience) -> list[float]:
    return [row.share for row in found.ill]


def test_a_duty_only_one_person_can_take_breaks_with_that_person() -> None:
    found = resilience(town(["L001", "M001"]), RULES, roster(DUTY), most=2, **MONTH)
    # of two people the mediator may not sit there: half the draws break at once, the others next
    assert found.value == 0
    assert shares(found)[1] == 0
    assert found.ill[0].low < 0.5 < found.ill[0].high
    assert [(row.target, row.draws) for row in found.broken] == [(POST, 60)]


def test_a_duty_two_people_can_take_breaks_when_both_are_ill() -> None:
    people = ["L001", "L002", "M001"]
    found = resilience(town(people), RULES, roster(DUTY), most=3, days=31, draws=200)
    assert (found.value, found.among) == (1, 3)
    assert (shares(found)[0], shares(found)[2]) == (1, 0)
    # two of three are ill: one pair in three is the pair that can sit there
    assert found.ill[1].low < 2 / 3 < found.ill[1].high


def test_a_village_keeps_an_adviser_while_somebody_has_room() -> None:
    people = ["L001", "L002"]
    visited = roster(VISIT, adviser="L001")
    assert shares(resilience(town(people), RULES, visited, most=2, **MONTH)) == [1, 0]
    full = town(people, L002={"villages_max": 0})
    found = resilience(full, RULES, visited, most=1, **MONTH)
    # the adviser is ill in half of the draws; ill for most of the month, in half of these, the other
    # makes the visit, and whoever is ill for less has nobody to stand in
    assert found.ill[0].low < 0.75 < found.ill[0].high
    assert [row.name for row in found.broken] == ["示例一社区"]


def test_a_short_absence_before_the_duty_is_harmless() -> None:
    found = resilience(town(["L001"]), RULES, roster(DUTY), most=1, draws=40, days=1)
    # one day of 31
    assert found.ill[0].held >= 36


def test_the_same_seed_gives_the_same_answer_and_shares_only_fall() -> None:
    instance, planned = town(["L001", "L002", "L003", "M001"]), roster(DUTY, VISIT, adviser="L001")
    found = resilience(instance, RULES, planned, most=4, draws=12, days=20, seed=3)
    again = resilience(instance, RULES, planned, most=4, draws=12, days=20, seed=3)
    assert found == again
    assert all(more.held <= fewer.held for fewer, more in pairwise(found.ill))
    # the draws do not depend on how many are asked about
    fewer = resilience(instance, RULES, planned, most=2, draws=12, days=20, seed=3)
    assert fewer.ill == found.ill[:2]
    assert found.seed == 3


def test_no_more_fall_ill_than_there_are() -> None:
    found = resilience(town(["L001", "L002"]), RULES, roster(DUTY), most=9, draws=2)
    assert [row.people for row in found.ill] == [1, 2]


def test_what_cannot_be_asked_is_told_at_once() -> None:
    with pytest.raises(InputError) as raised:
        resilience(town(["L001"]), RULES, roster(), most=0, draws=0, days=0, seed=-1)
    codes = [issue.code for issue in raised.value.issues]
    assert codes == ["empty_roster", *["resilience_number"] * 4]


def test_lines_tell_share_and_interval() -> None:
    found = resilience(town(["L001", "L002"]), RULES, roster(DUTY), most=1, draws=10)
    assert [line.zh for line in found.lines] == [
        "10 次模拟中，最多 1 人同时请假，每次都仍能全覆盖",
        "  1 人请假：100 % 能全覆盖（95 % 区间 72–100 %）",
    ]
