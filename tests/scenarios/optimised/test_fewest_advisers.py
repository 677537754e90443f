"""The fewest advisers: with the cap and without, and hired for real."""

from __future__ import annotations

import pytest

from models.instance import Instance
from models.issues import InputError
from models.people import Person
from models.vocabulary import PersonKind
from scenarios.optimised.fewest_advisers import FewestAdvisers, Hired, fewest_advisers
from solver.modelling.rule import Rule
from solver.profiles import load_rules
from solver.solve import Stage, solve
from tests.solver.counties import at, county

RULES = load_rules("default")
UNCAPPED = tuple(rule for rule in RULES if rule.code != "villages_per_adviser")


def where(hired: Hired | None) -> dict[str, int]:
    """Return new advisers by township, of an answer that is proven."""
    assert hired is not None
    assert (hired.value, hired.gap) == (hired.bound, 0)
    assert sum(row.advisers for row in hired.townships) == hired.value
    return {row.area: row.advisers for row in hired.townships}


def with_hired(instance: Instance, counts: dict[str, int]) -> Instance:
    """Return the instance with so many lawyers more at each seat, who serve the county."""
    new = tuple(
        Person(
            id=f"H{area}{n}", name="例新", kind=PersonKind.LAWYER, area=area, serves_areas=("C",)
        )
        for area, count in counts.items()
        for n in range(count)
    )
    return instance.model_copy(update={"people": (*instance.people, *new)})


def uncovered(instance: Instance, rules: tuple[Rule, ...]) -> tuple[int, int]:
    """Plan the seats; return villages without adviser and villages beyond the cap."""
    terms = solve(instance, rules, stage=Stage.ADVISERS).report.terms
    return terms["one_adviser_per_village"], terms.get("villages_per_adviser", 0)


def test_cap_and_hours_ask_for_different_numbers() -> None:
    # 48 h a month hold 12 villages of 4 h at the seat: one lawyer is enough by hours, not by the cap
    found = fewest_advisers(county({"A": 12, "B": 13}, [at("A"), at("B")]), RULES)
    assert (found.cap, found.villages) == (5, 25)
    assert where(found.within_cap) == {"A": 2, "B": 2}
    assert where(found.beyond_cap) == {"B": 1}


def test_hiring_as_told_covers_all_and_one_fewer_does_not() -> None:
    instance = county({"A": 13, "B": 7}, [at("A"), at("B")])
    counts = where(fewest_advisers(instance, RULES).within_cap)
    assert counts == {"A": 2, "B": 1}
    assert uncovered(with_hired(instance, counts), RULES) == (0, 0)
    for area in counts:
        fewer = counts | {area: counts[area] - 1}
        assert sum(uncovered(with_hired(instance, fewer), RULES)) > 0


def test_personal_caps_are_waived_with_the_cap() -> None:
    found = fewest_advisers(county({"A": 6}, [at("A", villages_max=1)]), RULES)
    assert (where(found.within_cap), where(found.beyond_cap)) == ({"A": 1}, {})


def test_without_the_rule_there_is_no_cap_to_hold() -> None:
    found = fewest_advisers(county({"A": 13}, [at("A")]), UNCAPPED)
    assert (found.cap, found.within_cap, where(found.beyond_cap)) == (None, None, {"A": 1})
    assert [line.en for line in found.lines] == [
        "with the hard rules held and villages not capped: 1 more adviser(s) (proven): 示例A乡 1"
    ]


def test_villages_beyond_everybody_are_told_apart() -> None:
    instance = county({"A": 2}, [at("A")])
    far = instance.villages[1].model_copy(update={"lon": 120.0})
    found = fewest_advisers(
        instance.model_copy(update={"villages": (instance.villages[0], far)}), RULES
    )
    assert found.out_of_reach == ("A1",)
    assert where(found.within_cap) == where(found.beyond_cap) == {}
    assert "1 个村居增加顾问也无人可任" in found.lines[-1].zh


def test_enough_people_are_said_to_be_enough() -> None:
    found = fewest_advisers(county({"A": 5}, [at("A")]), RULES)
    assert [line.zh for line in found.lines] == [
        "每人不超过 5 个村居：不缺顾问",
        "只遵守硬性规则、不计上限：不缺顾问",
    ]
    assert FewestAdvisers.model_validate_json(found.model_dump_json()) == found


def test_impossible_pins_are_an_issue() -> None:
    pin = {"kind": "adviser", "target": "A0", "person": "L0"}
    with pytest.raises(InputError):
        fewest_advisers(county({"A": 1}, [at("B")], pins=[pin]), RULES)
