"""Solves a stage down to a goal, with the goals above it held at the values they reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from models.arrays import Ints
from models.goals import LADDER, TOLERANCE, Goal
from models.instance import Instance
from models.issues import Issue
from models.messages import issue
from solver.answers.precheck import precheck, with_implied_pins
from solver.engine.highs import Effort
from solver.engine.ladder import Ladder
from solver.engine.matrix import Matrix
from solver.limits import Stage
from solver.modelling.facts import Facts
from solver.modelling.model import Model
from solver.modelling.rule import Rule
from solver.modelling.stages import month_model, seats_model
from solver.modelling.starts import constructed
from solver.solve import present_advisers


@dataclass(frozen=True)
class HeldStage:
    """A stage: its model, the matrix with some goals held, and the best plan found so far."""

    model: Model
    matrix: Matrix
    values: Ints

    def price(self, goal: Goal) -> Ints:
        """Return the price of each column on a rung."""
        return self.model.price(goal)

    def value(self, goal: Goal) -> int:
        """Return the value of a goal in the plan."""
        return int(self.price(goal) @ self.values)

    def climb(self, goals: Sequence[Goal], effort: Effort) -> tuple[HeldStage, dict[Goal, float]]:
        """Solve goals one after the other and hold each; also return the bound of each."""
        ladder = Ladder("asked", self.matrix, self.values, effort, lambda _: None)
        ladder.climb((goal, self.price(goal)) for goal in goals)
        bounds = dict.fromkeys(goals, 0.0) | {Goal[r.name.upper()]: r.bound for r in ladder.results}
        reached = replace(self, values=ladder.values)
        for goal in goals:
            reached = reached.holding(goal, reached.value(goal) + TOLERANCE[goal])
        return reached, bounds

    def holding(self, goal: Goal, most: int) -> HeldStage:
        """Return the stage with a goal held to ``most``; the plan may break it."""
        return replace(self, matrix=self.matrix.with_row(self.price(goal), high=most))


def stage_of(instance: Instance, rules: Iterable[Rule], stage: Stage) -> HeldStage:
    """Return a stage with nothing held, and a plan built by simple rules around the fixed pins.

    The month is asked about with the advisers that the villages have today.

    Raises
    ------
    InputError
        When fixed pins break hard rules among themselves.
    """
    known = tuple(rules)
    facts = Facts(with_implied_pins(instance), instance.settings.month)
    precheck(facts, known)
    is_month = stage is Stage.MONTH
    seats = present_advisers(facts) if is_month else ()
    model = month_model(facts, known, seats) if is_month else seats_model(facts, known)
    matrix = model.matrix()
    prices = [(goal, model.price(goal)) for goal in LADDER]
    return HeldStage(model, matrix, constructed(model, matrix, prices))


def no_goals_of_rules(goals: Iterable[Goal]) -> Iterator[Issue]:
    """Yield an issue for each goal that no rule can have."""
    for goal in goals:
        if goal not in LADDER:
            known = ", ".join(known.value for known in LADDER)
            yield issue("no_goal_of_rules", value=goal.value, known=known)


def above(goal: Goal) -> list[Goal]:
    """Return the goals that are solved before a goal."""
    return list(LADDER[: LADDER.index(goal)])
