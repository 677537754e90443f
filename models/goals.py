"""The ladder of goals: their order, and how much a later goal may worsen an earlier one.

Each rung is solved to its own bound; later rungs may not worsen it beyond its tolerance.
A ladder instead of one sum of huge weights: a weight of 20,000 for an uncovered village
stalled every engine tried.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from models.vocabulary import Term


class Goal(Term):
    """A rung; members are listed in the order in which they are solved."""

    PRIORITY = "priority", "重点村居"
    COVERAGE = "coverage", "覆盖"
    TIERS = "tiers", "动用后备力量"
    OVERLOAD = "overload", "超出村居上限"
    WAIVABLE = "waivable", "原则性规则"
    STABILITY = "stability", "稳定"
    FAIRNESS = "fairness", "公平"
    TRAVEL = "travel", "路途与专业匹配"
    PREFERENCE = "preference", "意愿"
    LIKENESS = "likeness", "与起始方案相近"
    """No goal of rules: of plans equally good, the one nearest to the plan that a solve started from."""


LADDER: tuple[Goal, ...] = tuple(goal for goal in Goal if goal is not Goal.LIKENESS)
"""Goals of rules, in the order in which they are reached."""

TOLERANCE: dict[Goal, int] = dict.fromkeys(Goal, 0)
"""How many units of a goal later rungs may give back, in the goal's own units."""


class GoalResult(BaseModel):
    """One rung of the ladder: value reached, proven lower bound, relative gap."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    zh: str
    stage: str
    value: int
    bound: float
    gap: float = Field(description="(value - bound) / max(1, |value|)")
    seconds: float
    engine: str = ""
    is_cut: bool = Field(
        False,
        description="counties that share people were solved apart, then their borders improved; "
        "bound holds for plans that cross borders too",
    )
    border_gain: int = Field(
        0,
        description="units won by moving people across borders after the counties were solved; "
        "negative where that won units of an earlier goal",
    )
