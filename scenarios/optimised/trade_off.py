"""How much of one goal buys how much of another: the curve between two, point by point.

By epsilon-constraint (Haimes, Lasdon & Wismer 1971): the first goal is bounded, the second
minimised, then the first again, which makes the point efficient. The goals above both are held at
their optimum; those between and below are ignored.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from pydantic import Field

from models.goals import LADDER, Goal
from models.instance import Instance
from models.issues import InputError, Issue, Sentence
from models.messages import issue
from scenarios.optimised.answer import Answer, AnswerPart
from scenarios.optimised.climb import HeldStage, above, no_goals_of_rules, stage_of
from solver.engine.highs import Effort
from solver.engine.ladder import relative_gap
from solver.limits import Stage
from solver.modelling.rule import Rule


class Point(AnswerPart):
    """One plan on the curve: the values of both goals, and what is proven.

    With the first goal at most ``allowed`` the second cannot be less than ``bound``; with the second
    no worse the first cannot be less than ``first_bound``.
    """

    allowed: int
    first: int
    first_bound: float
    value: int = Field(description="what the second goal comes to")
    bound: float
    gap: float = Field(description="the greater relative gap of the two goals")
    is_efficient: bool = Field(description="no other point is as good in both and better in one")


class TradeOff(Answer):
    """The curve between two goals, from the best of the first to the best of the second."""

    first: Goal
    second: Goal
    held: dict[Goal, int] = Field(description="the goals above both, and what they are held at")
    points: tuple[Point, ...]


def trade_off(
    instance: Instance,
    rules: Iterable[Rule],
    effort: Effort,
    goals: tuple[Goal, Goal] = (Goal.STABILITY, Goal.TRAVEL),
    points: int = 9,
    stage: Stage = Stage.ADVISERS,
) -> TradeOff:
    """Return ``points`` points between the two ends, evenly spaced in the first goal.

    Parameters
    ----------
    instance
        What to plan with.
    rules
        Enabled rules; the rung of each says to which goal it belongs.
    effort
        Limits of the whole curve.
    goals
        First and second goal, in their own units (weight × amount).
    points
        How many at most, from 2; fewer where the first goal has fewer whole values between its ends.
    stage
        The seats of advisers, or the month with today's advisers.

    Raises
    ------
    InputError
        When the goals are the same, fewer than 2 points are asked for, or fixed pins break hard
        rules among themselves.
    """
    issues = list(_issues(goals, points))
    if issues:
        raise InputError(issues)
    first, second = goals
    effort = replace(effort, seconds=effort.seconds / (points + 2))
    ladder = above(min(goals, key=LADDER.index))
    held, _ = stage_of(instance, rules, stage).climb(ladder, effort)
    found = _efficient(_curve(held, goals, points, effort))
    return TradeOff(
        first=first,
        second=second,
        held={goal: held.value(goal) for goal in ladder},
        points=found,
        lines=tuple(_lines(first, second, found)),
    )


def _curve(
    held: HeldStage, goals: tuple[Goal, Goal], points: int, effort: Effort
) -> Iterator[Point]:
    """Yield the points; each plan is where the next begins, which may use more of the first goal."""
    first, second = goals
    plan, least = held.climb([first], effort)
    end, _ = held.climb([second, first], effort)
    most = max(plan.value(first), end.value(first))
    steps = np.linspace(plan.value(first), most, points).round().astype(int)
    for allowed in np.unique(steps).tolist():
        begun = end if allowed >= end.value(first) else plan
        start = replace(held, values=begun.values).holding(first, allowed)
        plan, reached = start.climb([second, first], effort)
        value, bound = plan.value(second), reached[second]
        first_bound = max(least[first], reached[first])
        yield Point(
            allowed=allowed,
            first=plan.value(first),
            first_bound=first_bound,
            value=value,
            bound=bound,
            gap=max(relative_gap(value, bound), relative_gap(plan.value(first), first_bound)),
            is_efficient=True,
        )


def _efficient(curve: Iterable[Point]) -> tuple[Point, ...]:
    """Return the points without repetitions, the efficient ones marked."""
    points = list({(point.first, point.value): point for point in curve}.values())

    def is_beaten(point: Point) -> bool:
        return any(
            other.first <= point.first and other.value <= point.value and other is not point
            for other in points
        )

    return tuple(p.model_copy(update={"is_efficient": not is_beaten(p)}) for p in points)


def _lines(first: Goal, second: Goal, points: Sequence[Point]) -> Iterator[Sentence]:
    efficient = sum(point.is_efficient for point in points)
    open_points = sum(point.gap > 0 for point in points)
    proof = "，各点均已证明" if not open_points else f"，其中 {open_points} 点尚有差距"
    proof_en = "all proven" if not open_points else f"{open_points} with a gap"
    yield Sentence(
        zh=f"{first.label}与{second.label}的取舍：{len(points)} 点，有效 {efficient} 点{proof}",
        en=f"{first.value} against {second.value}: {len(points)} points, {efficient} efficient, {proof_en}",
    )
    for before, point in zip((None, *points), points, strict=False):
        mark = "" if point.is_efficient else "（不有效）"
        mark_en = "" if point.is_efficient else " (not efficient)"
        bound = "" if point.gap == 0 else f"（界 {point.first_bound:g}、{point.bound:g}）"
        bound_en = "" if point.gap == 0 else f" (bounds {point.first_bound:g}, {point.bound:g})"
        rate, rate_en = _rate(before, point, first.label, second.label)
        yield Sentence(
            zh=f"  {first.label} {point.first}，{second.label} {point.value}{bound}{mark}{rate}",
            en=f"{first.value} {point.first}, {second.value} {point.value}{bound_en}{mark_en}{rate_en}",
        )


def _rate(before: Point | None, point: Point, first: str, second: str) -> tuple[str, str]:
    """Say what a unit of the first goal gained since the previous point."""
    if before is None or point.first <= before.first:
        return "", ""
    rate = (before.value - point.value) / (point.first - before.first)
    return (
        f"；{first}目标每放宽 1，{second}目标值降 {in_digits(rate)}",
        f"; {in_digits(rate)} for each unit given",
    )


def in_digits(rate: float) -> str:
    """Return a rate to one decimal, or to its first digit where that lies further behind the point."""
    is_small = 0 < abs(rate) < 1
    digits = -math.floor(math.log10(abs(rate))) if is_small else 1
    return f"{rate:.{digits}f}"


def _issues(goals: tuple[Goal, Goal], points: int) -> Iterator[Issue]:
    yield from no_goals_of_rules(goals)
    if goals[0] is goals[1]:
        yield issue("same_goal", value=goals[0].value)
    if points < 2:
        yield issue("too_few_points", value=str(points))
