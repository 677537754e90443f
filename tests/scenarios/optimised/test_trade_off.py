"""The curve between two goals: on tiny instances it is known by trying every plan."""

from __future__ import annotations

import pytest

from models.goals import Goal
from models.instance import Instance
from models.issues import InputError
from scenarios.optimised.trade_off import TradeOff, in_digits, trade_off
from solver.engine.highs import Effort
from solver.limits import Stage
from solver.modelling.choices import Block
from solver.profiles import load_rules
from tests.factories import tiny_instance
from tests.scenarios.optimised.enumeration import best_above, every_plan, seats

EFFORT = Effort(60)
RULES = tuple(rule for rule in load_rules("default") if Block.ADVISERS in rule.blocks)
KEEPING, FAIRNESS = (Goal.STABILITY, Goal.TRAVEL), (Goal.FAIRNESS, Goal.TRAVEL)


def town(seed: int, goals: tuple[Goal, Goal]) -> Instance:
    """Return a tiny town; where nobody is adviser yet, keeping advisers leaves fairness free."""
    return seats(seed, is_begun=goals is KEEPING)


def front(seed: int, goals: tuple[Goal, Goal]) -> set[tuple[int, int]]:
    """Return the efficient pairs of both goals among all plans that are best in the goals above."""
    first, second = goals
    plans = best_above(every_plan(town(seed, goals), RULES), first)
    pairs = {(costs[first], costs[second]) for costs in plans}
    return {
        one
        for one in pairs
        if not any(two != one and two[0] <= one[0] and two[1] <= one[1] for two in pairs)
    }


def efficient(found: TradeOff) -> list[tuple[int, int]]:
    return [(point.first, point.value) for point in found.points if point.is_efficient]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("goals", [KEEPING, FAIRNESS], ids=["keeping", "fairness"])
def test_curve_with_enough_points_is_the_whole_front(seed: int, goals: tuple[Goal, Goal]) -> None:
    found = trade_off(town(seed, goals), RULES, EFFORT, goals, points=30)
    assert len(found.points) > 1
    assert sorted(efficient(found)) == sorted(front(seed, goals))
    assert {point.gap for point in found.points} == {0}


@pytest.mark.parametrize("seed", range(3))
def test_few_points_lie_on_the_front_with_both_ends(seed: int) -> None:
    found, known = trade_off(seats(seed), RULES, EFFORT, KEEPING, points=2), front(seed, KEEPING)
    assert set(efficient(found)) <= known
    assert {min(known), max(known)} <= set(efficient(found))
    assert len(found.points) <= 2


def test_bounds_hold_for_what_is_allowed() -> None:
    found = trade_off(seats(1), RULES, EFFORT, KEEPING, points=30)
    plans = best_above(every_plan(seats(1), RULES), Goal.STABILITY)
    for point in found.points:
        allowed = [costs for costs in plans if costs[Goal.STABILITY] <= point.allowed]
        assert point.bound == min(costs[Goal.TRAVEL] for costs in allowed)


def test_goals_above_both_are_held_and_those_between_are_not() -> None:
    found = trade_off(seats(1), RULES, EFFORT, (Goal.TRAVEL, Goal.STABILITY))
    assert list(found.held) == [
        Goal.PRIORITY,
        Goal.COVERAGE,
        Goal.TIERS,
        Goal.OVERLOAD,
        Goal.WAIVABLE,
    ]
    kept = trade_off(seats(1), RULES, EFFORT, FAIRNESS)
    assert kept.held[Goal.STABILITY] == 0


def test_the_month_has_a_curve_too() -> None:
    found = trade_off(tiny_instance(), load_rules("default"), EFFORT, FAIRNESS, 3, Stage.MONTH)
    assert [point.gap for point in found.points] == [0] * len(found.points)
    values = [(point.first, -point.value) for point in found.points]
    assert values == sorted(values)


def test_lines_tell_the_points_and_the_rate() -> None:
    found = trade_off(seats(1), RULES, EFFORT, KEEPING, points=2)
    one, two = found.points
    assert found.lines[0].zh == "稳定与路途与专业匹配的取舍：2 点，有效 2 点，各点均已证明"
    rate = (one.value - two.value) / (two.first - one.first)
    assert found.lines[2].en == (
        f"stability {two.first}, travel {two.value}; {rate:.1f} for each unit given"
    )


@pytest.mark.parametrize(
    ("rate", "words"),
    [(0, "0.0"), (0.04, "0.04"), (-0.0049, "-0.005"), (0.1, "0.1"), (0.96, "1.0"), (12.34, "12.3")],
)
def test_a_small_rate_is_not_told_as_none(rate: float, words: str) -> None:
    assert in_digits(rate) == words


def test_what_cannot_be_asked_is_told_at_once() -> None:
    with pytest.raises(InputError) as raised:
        trade_off(seats(1), RULES, EFFORT, (Goal.TRAVEL, Goal.TRAVEL), points=1)
    assert [issue.code for issue in raised.value.issues] == ["same_goal", "too_few_points"]
