"""Slots go to firms first; firms, or in the end the office, name the people."""

from __future__ import annotations

import datetime as dt

import pytest

from models.issues import InputError
from models.people import Pin
from models.report import FirmShare
from models.roster import FirmNaming, Roster
from models.vocabulary import PinKind
from solver.changes.naming import named_by_office, with_names
from solver.profiles import load_rules
from solver.solve import Outcome, Stage, solve
from solver.verify import verify
from tests.factories import tiny_content, tiny_instance

RULES = load_rules("default")
LAWYERS = [
    {"id": f"L{n}", "name": f"例{n}", "kind": "lawyer", "area": "410105001", "firm": firm}
    for n, firm in enumerate(["F01"] * 6 + ["F02"] * 2 + ["F03"])
]
FIRMS = [*tiny_content()["firms"], tiny_content()["firms"][0] | {"id": "F03", "name": "示例三所"}]
POST = tiny_content()["posts"][0] | {"parts": ["am"], "firm_named": True}
SETTINGS = {"people": LAWYERS, "firms": FIRMS, "posts": [POST], "villages": []}


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return solve(tiny_instance(**SETTINGS), RULES, stage=Stage.MONTH)


def naming(roster: Roster, firm: str, person: str | None) -> FirmNaming:
    duty = next(duty for duty in roster.duties if duty.firm == firm)
    slot = {"post": duty.post, "date": duty.date, "part": duty.part}
    return FirmNaming(firm=firm, person=person, **slot)


def test_slots_go_to_firms_by_largest_remainder(outcome):
    shares = {row.firm: (row.listed, row.exact, row.due, row.given) for row in shares_of(outcome)}
    assert shares == {
        "F01": (6, 15.33, 15, 15),
        "F02": (2, 5.11, 5, 5),
        "F03": (1, 2.56, 3, 3),
    }
    firms = {person["id"]: person["firm"] for person in LAWYERS}
    assert all(duty.firm == firms[duty.person] for duty in outcome.roster.duties)
    assert outcome.report.breaches == ()


def shares_of(outcome: Outcome) -> tuple[FirmShare, ...]:
    return outcome.report.firm_shares


def test_a_firm_names_one_of_its_people_and_the_others_wait(outcome):
    instance, roster = tiny_instance(**SETTINGS), outcome.roster
    row = naming(roster, "F03", "L8")
    after = with_names(instance, RULES, roster, [row, naming(roster, "F01", None)])
    changed = set(after.duties) - set(roster.duties)
    assert [(duty.date, duty.person, duty.firm) for duty in changed] == [(row.date, "L8", None)]
    assert verify(instance, RULES, after).breaches == ()


def test_what_nobody_named_the_office_names(outcome):
    after = named_by_office(outcome.roster)
    assert {duty.firm for duty in after.duties} == {None}
    assert [duty.person for duty in after.duties] == [d.person for d in outcome.roster.duties]


@pytest.mark.parametrize(
    ("firm", "person", "change", "code"),
    [
        ("F03", "L0", {}, "naming_other_firm"),
        ("F03", "L8", {"firm": "F01"}, "naming_no_slot"),
        ("F03", "L8", {"date": dt.date(2026, 12, 5)}, "naming_no_slot"),
        ("F03", "nobody", {}, "naming_other_firm"),
    ],
)
def test_names_that_fit_no_waiting_slot_are_refused(outcome, firm, person, change, code):
    row = naming(outcome.roster, firm, person).model_copy(update=change)
    with pytest.raises(InputError) as refused:
        with_names(tiny_instance(**SETTINGS), RULES, outcome.roster, [row])
    assert [i.code for i in refused.value.issues] == [code]


def test_somebody_on_leave_cannot_be_named(outcome):
    row = naming(outcome.roster, "F02", "L6")
    other = next(d for d in outcome.roster.duties if d.date == row.date)
    named = "L7" if other.person == "L6" else "L6"
    leave = [{"person": named, "first": row.date, "last": row.date}]
    instance = tiny_instance(**SETTINGS, leave=leave)
    with pytest.raises(InputError) as refused:
        with_names(instance, RULES, outcome.roster, [row.model_copy(update={"person": named})])
    assert [i.code for i in refused.value.issues] == ["naming_breaks_rule"]


def test_whoever_is_pinned_is_named_already():
    day = dt.date(2026, 12, 8)
    pin = Pin(kind=PinKind.DUTY, target=POST["id"], person="L8", date=day, part="am")
    roster = solve(tiny_instance(**SETTINGS, pins=[pin]), RULES, stage=Stage.MONTH).roster
    (duty,) = [duty for duty in roster.duties if duty.date == day]
    assert (duty.person, duty.firm) == ("L8", None)
