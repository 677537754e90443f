"""Which of two solves is better: only what the bounds prove.

The optimum of a goal lies between bound and value. Two solves differ where these spans are
disjoint, and are the same where both spans are the same single number; anything else is open. A
bound of a later goal is proven for what the earlier goals of its stage reached, so that nothing is
said of it where one of these is open; nor of a goal that the two sides do not measure alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from models.goals import LADDER, GoalResult
from scenarios.compare.result import GoalRow, Verdict
from scenarios.compare.side import BLOCKS, Key, Side

ROUNDING = 1e-6
"""How far a bound of a whole number may be off."""


@dataclass(frozen=True)
class Span:
    """Where the optimum of a goal lies: ``low`` is proven, ``high`` was reached."""

    low: int
    high: int

    @classmethod
    def of(cls, goal: GoalResult | None) -> Span:
        """Return the span of a goal; a goal nothing is charged on is 0, and is not reported."""
        if goal is None:
            return cls(0, 0)
        # values are whole numbers
        return cls(min(goal.value, math.ceil(goal.bound - ROUNDING)), goal.value)

    @property
    def is_closed(self) -> bool:
        """Whether the optimum is known."""
        return self.low == self.high

    def against(self, other: Span) -> Verdict:
        """Return what is known of this goal beside another solve's."""
        if self.high < other.low:
            return Verdict.BETTER
        if self.low > other.high:
            return Verdict.WORSE
        return Verdict.SAME if self.is_closed and other.is_closed else Verdict.OPEN


class Overall(NamedTuple):
    """What is known of two sides goal after goal, and the goal that decides it."""

    verdict: Verdict
    decided_by: str


def verdicts(side: Side, other: Side) -> dict[Key, Verdict]:
    """Return what is known of each goal beside another side's."""
    found: dict[Key, Verdict] = {}
    for stage in BLOCKS:
        is_known = True
        for goal in LADDER:
            key = stage, goal
            mine, theirs = (Span.of(known.goals.get(key)) for known in (side, other))
            if side.measures[key] != other.measures[key]:
                found[key] = Verdict.OTHER
            else:
                found[key] = mine.against(theirs) if is_known else Verdict.OPEN
            is_known = is_known and mine.is_closed and theirs.is_closed
    return found


def overall(side: Side, other: Side) -> Overall:
    """Return which is better goal after goal, of each goal the seats before the month.

    The first goal that is not proven the same decides; where it is not measured alike, the two
    have no common yardstick from there on, and nothing is said of which is better. Skipping such a
    goal could rank A before B, B before C and C before A.
    """
    known = verdicts(side, other)
    order = ((stage, goal) for goal in LADDER for stage in BLOCKS)
    first = next((key for key in order if known[key] is not Verdict.SAME), None)
    return Overall(known[first], _named(first)) if first else Overall(Verdict.SAME, "")


def ahead(sides: Sequence[Side]) -> list[list[int]]:
    """Return, for each, the positions of those that are proven better."""
    return [
        [n for n, other in enumerate(sides) if overall(other, side).verdict is Verdict.BETTER]
        for side in sides
    ]


def ranks(sides: Sequence[Side]) -> list[int]:
    """Return 1 + how many are proven better, for each; who cannot be told apart may share a rank."""
    return [1 + len(better) for better in ahead(sides)]


def goal_rows(side: Side, base: Side) -> Iterator[GoalRow]:
    """Yield every goal that either of the two has, beside the base's."""
    for (stage, goal), verdict in verdicts(side, base).items():
        mine, theirs = side.goals.get((stage, goal)), base.goals.get((stage, goal))
        if mine is None and theirs is None:
            continue
        yield GoalRow(
            stage=stage,
            name=goal.value,
            zh=goal.label,
            value=mine.value if mine else 0,
            bound=mine.bound if mine else 0,
            base_value=theirs.value if theirs else 0,
            base_bound=theirs.bound if theirs else 0,
            verdict=verdict,
        )


def _named(key: Key) -> str:
    return f"{key[0]} {key[1].value}"
