"""Ways to fill a slot hold: applied, they break no hard rule that was kept before."""

from __future__ import annotations

import pytest

from models.report import Level, Reason
from models.roster import Roster
from solver.changes.candidates import rank
from solver.changes.ways import hand_overs, relaxations
from solver.check import check
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading
from solver.profiles import load_rules
from tests.api.service.county import duty
from tests.factories import tiny_instance

MONTH = "2026-12"
SLOT = "Z001-咨询@20261208am"
HELD = duty("Z000-咨询", 8, "L003")


def reading(*rules: dict[str, str]) -> tuple[Reading, tuple]:
    instance = tiny_instance(rules=list(rules))
    plan = Reading(Facts(instance, MONTH), Roster(month=MONTH, duties=(HELD,)))
    return plan, load_rules(instance.settings.profile, instance.rules)


def test_an_exchange_breaks_no_hard_rule():
    plan, rules = reading()
    refused = Reason(code="one_place_at_a_time", count=1, zh="", en="", people=("L003", "L001"))
    (found,) = hand_overs(plan, rules, SLOT, [refused])
    assert (found.person, found.slot) == ("L003", HELD.slot)
    duties = (
        HELD.model_copy(update={"person": found.successor.person}),
        duty("Z001-咨询", 8, "L003"),
    )
    after = check(plan.facts, rules, Roster(month=MONTH, duties=duties))
    assert [one for one in after.breaches if one.level is Level.HARD] == []


def test_nobody_who_is_free_that_day_is_exchanged():
    plan, rules = reading()
    assert hand_overs(plan, rules, "Z001-咨询@20261210am", []) == []


@pytest.mark.parametrize(("minutes", "is_given"), [("1", True), ("120", False)])
def test_relaxing_a_number_gives_whom_it_kept_away(minutes: str, is_given: bool):
    plan, rules = reading({"rule": "travel_limit", "field": "minutes", "value": minutes})
    ranking = rank(plan, rules, "slot", SLOT)
    found = [
        one
        for one in relaxations(plan, rules, "slot", SLOT, ranking)
        if one.rule.code == "travel_limit"
    ]
    assert [one.numbers for one in found] == [{"minutes": 1}] * is_given
    far = next((one.count for one in ranking.refused if one.code == "travel_limit"), 0)
    assert [0 < one.people <= far for one in found] == [True] * is_given
