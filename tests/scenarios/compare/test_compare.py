"""Comparisons of small instances whose answers are known by hand."""

from __future__ import annotations

from typing import Any

import pytest

from models.instance import Instance
from models.report import UnmetKind
from scenarios.compare.result import Load, Verdict
from tests.factories import tiny_content, tiny_instance
from tests.scenarios.asking import ONE, asked, beside

ADVISERS = 'stage = "advisers"'
EAST = ("410105001001", "410105001002")


def two_lawyers(**more: Any) -> Instance:
    """L001 advises the eastern villages, L002 the western; both sit in the east. No posts."""
    content = tiny_content()
    for number, village in enumerate(content["villages"]):
        village["adviser"] = "L001" if number < 2 else "L002"
    return tiny_instance(
        people=content["people"][:2], villages=content["villages"], sites=[], posts=[], **more
    )


def test_who_leaves_leaves_villages_to_those_who_stay():
    row = beside(two_lawyers(), 'do = "remove_people"\npeople = ["L002"]', ADVISERS)
    changes = [(c.village[-6:], c.before, c.after, c.after_name, c.has_left) for c in row.advisers]
    assert changes == [
        ("002001", "L002", "L001", "例甲", True),
        ("002002", "L002", "L001", "例甲", True),
    ]
    (stays, left) = row.people
    assert (
        stays.person,
        stays.base and stays.base.villages,
        stays.load and stays.load.villages,
    ) == (
        "L001",
        2,
        4,
    )
    assert (left.person, left.base, left.load) == ("L002", Load(villages=2), None)
    assert (row.verdict, row.decided_by, row.unmet) == (Verdict.OTHER, "seats stability", ())


def test_what_nobody_can_take_is_listed_with_what_the_base_left_empty():
    change = 'do = "cap"\nmost = 1\nhard = true'
    row = beside(two_lawyers(), change, ADVISERS)
    assert [(lack.kind, lack.missing, lack.base_missing) for lack in row.unmet] == [
        (UnmetKind.ADVISER, 1, 0)
    ] * 2
    assert all(lack.reasons for lack in row.unmet)
    assert (row.verdict, row.decided_by) == (Verdict.WORSE, "seats coverage")
    strict = [{"rule": "villages_per_adviser", "field": "level", "value": "hard"}]
    tight = [{"rule": "villages_per_adviser", "field": "most", "value": "1"}]
    back = beside(two_lawyers(rules=[*strict, *tight]), 'do = "cap"\nmost = 2', ADVISERS)
    assert (back.unmet, len(back.now_met), back.verdict) == ((), 2, Verdict.BETTER)
    assert {(lack.missing, lack.base_missing) for lack in back.now_met} == {(0, 1)}


def test_townships_stand_beside_the_base():
    base, row = asked(two_lawyers(), ONE + 'do = "cap"\nmost = 1\nhard = true', ADVISERS).scenarios
    assert [(t.name, t.villages, t.advised) for t in base.townships] == [
        ("示例东街道", 2, 2),
        ("示例西乡", 2, 2),
    ]
    assert sum(town.advised for town in row.townships) == 2
    # the month is not planned: that is not 0
    assert {(t.visited, t.duty_seats, t.duties_held) for t in row.townships} == {(None,) * 3}
    assert "effective_coverage_percent" not in row.kpis
    assert row.kpis["adviser_coverage_percent"] == 50
    assert row.asked == {"villages": 4, "priority_villages": 0, "mediator_seats": 0}


@pytest.fixture(scope="module")
def whole() -> Any:
    """The tiny county planned wholly, its centre's post asked for twice as many people."""
    change = 'do = "posts"\nposts = ["Z000-咨询"]\nhead_count = 2'
    return asked(tiny_instance(), ONE + change)


def test_a_whole_plan_has_every_figure(whole: Any):
    base, row = whole.scenarios
    centre, east, west = row.townships
    assert (centre.villages, centre.duty_seats, east.duty_seats, west.duty_seats) == (0, 92, 10, 5)
    assert (base.asked["duty_seats"], row.asked["duty_seats"]) == (61, 107)
    assert row.kpis["duty_seats"] == 107
    # more is asked for: what the month reached is not measured alike, the seats are the same
    known = {(goal.stage, goal.name): goal.verdict for goal in row.goals}
    assert known["month", "coverage"] is Verdict.OTHER
    assert known["seats", "coverage"] is Verdict.SAME
    assert (row.verdict, row.decided_by) == (Verdict.OTHER, "month coverage")
    assert (base.rank, row.rank) == (1, 1)


def test_money_is_counted_by_hand(whole: Any):
    base, _ = whole.scenarios
    visits, turns = base.kpis["lectures"], 0
    held = sum(town.duties_held for town in base.townships)
    mediations = min(5, base.townships[2].duties_held)
    turns = held - mediations
    # 4 villages of 1,500 a year; half days of lawyers and grassroots workers at 100; mediators have no rate
    assert base.money.villages == 500
    assert base.money.duties == 100 * turns
    assert (base.money.mediators, base.money.lectures, visits > 0) == (0, 0, True)
    assert base.money.total == 500 + 100 * turns
    assert base.money.per_village == round(base.money.total / 4, 2)
    assert (base.money.fund, base.money.left) == (None, None)
    assert [words.zh for words in base.money.uncounted] == ["专职调解员", "讲座（含在村居经费内）"]


def test_money_against_a_fund_does_not_change_the_plan():
    change = (
        'do = "budget"\nfund_year = 6000\nvillage_year = 1200\nlecture = 50\nmediator_month = 10'
    )
    _, row = asked(two_lawyers(), ONE + change, ADVISERS).scenarios
    assert (row.money.villages, row.money.total, row.money.per_village) == (400, 400, 100)
    assert (row.money.fund, row.money.left) == (500, 100)
    assert [words.en for words in row.money.uncounted] == [
        "duties and lectures (the month is not planned)"
    ]
    assert (row.verdict, row.advisers, row.people) == (Verdict.SAME, (), ())


def test_rules_that_are_not_the_base_s_are_marked():
    row = beside(two_lawyers(), 'do = "cap"\nmost = 1', ADVISERS)
    marked = {rule.rule: (rule.amount, rule.base_amount) for rule in row.rules if rule.is_other}
    # two villages each: one beyond the cap of 1, the second excess is none
    assert marked == {"villages_per_adviser": (2, 0), "even_excess": (0, 0)}
    off = beside(
        two_lawyers(), 'do = "rule"\nrule = "fair_load"\nfield = "weight"\nvalue = "0"', ADVISERS
    )
    gone = next(rule for rule in off.rules if rule.rule == "fair_load")
    assert (gone.amount, gone.is_other) == (None, True)


def test_seeds_have_rows_of_their_own_and_a_spread():
    text = """[[scenario]]
name = "少一人"
[[scenario.change]]
do = "remove_people"
count = 1
"""
    found = asked(two_lawyers(), text, ADVISERS + "\nseeds = [1, 2, 3]")
    assert [(row.name, row.seed, row.is_base) for row in found.scenarios] == [
        (name, seed, name == "基准") for seed in (1, 2, 3) for name in ("基准", "少一人")
    ]
    spread = next(s for s in found.spreads if (s.name, s.figure) == ("少一人", "advisers"))
    assert (spread.least, spread.mean, spread.most) == (1, 1, 1)
    assert asked(two_lawyers(), text, ADVISERS).spreads == ()


def test_a_scenario_the_solver_refuses_says_why_and_has_no_rank():
    pin = {"kind": "adviser", "target": EAST[0], "person": "L002"}
    instance = two_lawyers(pins=[pin])
    row = beside(instance, 'do = "circle"\neverywhere = 0\nhard = true', ADVISERS)
    assert (row.status, row.rank, row.verdict, row.goals) == ("refused", None, None, ())
    assert [issue.code for issue in row.issues] == ["pin_breaks_rule"]


def test_what_is_not_answered_yet_is_named():
    from scenarios.compare.compare import compare
    from tests.scenarios.asking import answered, prepared

    question, made, runs = prepared(two_lawyers(), ONE + 'do = "cap"\nmost = 1', ADVISERS)
    base = answered(runs[:1])
    found = compare(question, made, runs, base)
    assert ([row.name for row in found.scenarios], found.missing) == (["基准"], ("改",))


def test_notes_say_what_is_not_comparable_and_whose_the_rates_are():
    found = asked(two_lawyers(), ONE + 'do = "cap"\nmost = 1', ADVISERS)
    first, nearest, measures, rates = (note.zh for note in found.notes)
    assert first.startswith("目标值越小越好。")
    assert nearest.startswith("每个方案从基准方案出发求解")
    assert measures.endswith("比较与排名到此为止：改。")
    assert rates.startswith(
        "费用按费率计（元）：每村居每年 1500，每半天值班 100；费率取自文献，不是本地标准"
    )
    own = [{"rule": "rates", "field": "lecture", "value": "300"}]
    late = two_lawyers(rules=own, settings={"month": "2029-01"})
    notes = [note.zh for note in asked(late, ONE + 'do = "cap"\nmost = 1', ADVISERS).notes]
    assert notes[3:] == [
        "当月没有官方放假通知，工作日为推算。",
        "费用按费率计（元）：每村居每年 1500，每场讲座 300，每半天值班 100。",
    ]
