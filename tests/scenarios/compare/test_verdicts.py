"""Verdicts: two solves are called different only where their bounds lie apart, and goals measured alike."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from models.goals import Goal, GoalResult
from models.instance import Instance
from models.report import Report, Status
from models.roster import Roster
from scenarios.compare.result import Verdict
from scenarios.compare.side import Side
from scenarios.compare.verdicts import Span, goal_rows, overall, ranks, verdicts
from tests.factories import tiny_content, tiny_instance

SPANS = [Span(low, high) for low in range(4) for high in range(low, 4)]


@pytest.mark.parametrize(("one", "other"), list(product(SPANS, SPANS)))
def test_a_verdict_is_what_holds_for_every_optimum_between_the_bounds(one: Span, other: Span):
    pairs = list(product(range(one.low, one.high + 1), range(other.low, other.high + 1)))
    expected = Verdict.OPEN
    if all(mine < theirs for mine, theirs in pairs):
        expected = Verdict.BETTER
    elif all(mine > theirs for mine, theirs in pairs):
        expected = Verdict.WORSE
    elif all(mine == theirs for mine, theirs in pairs):
        expected = Verdict.SAME
    assert one.against(other) is expected


@pytest.mark.parametrize(
    ("value", "bound", "span"),
    [
        (7, 7.0, (7, 7)),
        (7, 5.2, (6, 7)),
        (7, 6.9999999, (7, 7)),
        (7, 6.000001, (6, 7)),
        (0, 0.0, (0, 0)),
    ],
)
def test_a_span_takes_the_whole_numbers_of_its_bounds(
    value: int, bound: float, span: tuple[int, int]
):
    assert Span.of(_goal("seats", "travel", value, bound)) == Span(*span)
    assert Span.of(None) == Span(0, 0)


def _goal(stage: str, name: str, value: int, bound: float | None = None) -> GoalResult:
    low = float(value if bound is None else bound)
    return GoalResult(
        name=name,
        zh=Goal(name).label,
        stage=stage,
        value=value,
        bound=low,
        gap=value - low,
        seconds=0,
    )


def side(*goals: tuple[Any, ...], instance: Instance | None = None) -> Side:
    """Return a side that reached these goals: stage, name, value, bound."""
    results = tuple(_goal(*goal) for goal in goals)
    report = Report(status=Status.FEASIBLE, month="2026-12", goals=results)
    return Side(instance or tiny_instance(), Roster(month="2026-12"), report)


def test_goals_decide_in_their_order_seats_before_the_month():
    base = side(("seats", "coverage", 1), ("seats", "travel", 9), ("month", "coverage", 2))
    near = side(("seats", "coverage", 1), ("seats", "travel", 5), ("month", "coverage", 3))
    assert overall(near, base) == (Verdict.WORSE, "month coverage")
    assert overall(base, near) == (Verdict.BETTER, "month coverage")
    late = side(("seats", "coverage", 1), ("seats", "travel", 5), ("month", "coverage", 2))
    assert overall(late, base) == (Verdict.BETTER, "seats travel")
    assert overall(base, base) == (Verdict.SAME, "")


def test_nothing_is_said_after_a_goal_that_is_open():
    base = side(("seats", "stability", 4), ("seats", "travel", 9))
    open_one = side(("seats", "stability", 5, 3.0), ("seats", "travel", 1))
    known = verdicts(open_one, base)
    assert known["seats", Goal.STABILITY] is Verdict.OPEN
    # 1 is far below 9, but it is the least for 5 changes of adviser, not for 3
    assert known["seats", Goal.TRAVEL] is Verdict.OPEN
    assert known["month", Goal.TRAVEL] is Verdict.SAME
    assert overall(open_one, base) == (Verdict.OPEN, "seats stability")
    apart = side(("seats", "stability", 9, 5.0), ("seats", "travel", 1))
    assert verdicts(apart, base)["seats", Goal.STABILITY] is Verdict.WORSE
    assert verdicts(apart, base)["seats", Goal.TRAVEL] is Verdict.OPEN


def test_a_rank_counts_who_is_proven_better():
    best, open_one, worst = (
        side(("seats", "coverage", 1)),
        side(("seats", "coverage", 3, 1.0)),
        side(("seats", "coverage", 4)),
    )
    assert ranks([worst, open_one, best, best]) == [4, 1, 1, 1]


def changed(**tables: Any) -> Instance:
    return tiny_instance(**tables)


def _villages(**more: Any) -> list[dict[str, Any]]:
    first, *others = tiny_content()["villages"]
    return [first | more, *others]


@pytest.mark.parametrize(
    ("instance", "apart"),
    [
        (
            changed(rules=[{"rule": "villages_per_adviser", "field": "most", "value": "4"}]),
            "seats overload",
        ),
        (
            changed(rules=[{"rule": "service_circle", "field": "town_minutes", "value": "9"}]),
            "seats waivable",
        ),
        (changed(posts=tiny_content()["posts"][:2]), "month coverage"),
        (changed(villages=_villages(adviser="L001")), "seats stability"),
        (changed(villages=_villages(priority=1)), "seats priority"),
        (
            changed(wishes=[{"person": "L001", "attitude": "avoid", "weekday": 1}]),
            "seats preference",
        ),
    ],
)
def test_what_is_not_measured_alike_is_not_compared(instance: Instance, apart: str):
    stage, name = apart.split()
    goals = [(s, goal.value, 3) for s in ("seats", "month") for goal in list(Goal)[:-1]]
    lower = [(s, n, 3 - ((s, n) == (stage, name))) for s, n, _ in goals]
    base, other = side(*goals), side(*lower, instance=instance)
    assert overall(other, base) == (Verdict.OTHER, apart)
    assert verdicts(other, base)[stage, Goal(name)] is Verdict.OTHER


def test_slower_ways_fewer_people_and_tighter_limits_are_compared():
    hours = [{"rule": "monthly_hours", "field": "lawyer", "value": "20"}]
    people = tiny_content()["people"][:3]
    slow = changed(settings={"country_kmh": 20}, people=people, rules=hours)
    base, other = side(("seats", "travel", 5)), side(("seats", "travel", 9), instance=slow)
    assert overall(other, base) == (Verdict.WORSE, "seats travel")


def test_rows_show_both_spans():
    base, other = side(("seats", "travel", 5)), side(("month", "travel", 9, 8.5))
    rows = {row.stage: row for row in goal_rows(other, base)}
    assert (rows["seats"].value, rows["seats"].base_value, rows["seats"].verdict) == (
        0,
        5,
        "better",
    )
    assert (rows["month"].bound, rows["month"].base_bound, rows["month"].verdict) == (
        8.5,
        0,
        "worse",
    )
    assert len(rows) == 2
