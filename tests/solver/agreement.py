"""Does the encoding of a rule say what its check says? Asked of a real CP-SAT model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.report import Level
from models.roster import Roster
from solver.cp_sat import constrain
from solver.engines import Effort
from solver.facts import Facts
from solver.model import Model
from solver.reading import Reading
from solver.rules.base import Rule
from solver.stages import month_model, roster_values, seats_model


def at_level(rule: Rule, level: Level) -> Rule:
    """Return the rule at a level; in this test even a demand may be hard."""
    return rule.model_copy(update={"level": level})


def disagreement(facts: Facts, rule: Rule, roster: Roster) -> str:
    """Return how model and check differ on a roster, empty if they agree.

    Both stages are asked and added up, since the check sees the whole roster at once.
    """
    breaches = list(rule.check(facts, Reading(facts, roster)))
    expected = rule.weight * sum(breach.amount for breach in breaches)
    stages = seats_model(facts, [rule]), month_model(facts, [rule], roster.advisers)
    costs = [cost_of(model, roster) for model in stages if model.rules]
    is_feasible = None not in costs
    found = f"check: {[(b.subject, b.amount) for b in breaches]}, model: {costs}"
    if rule.level is Level.HARD:
        return "" if is_feasible == (not breaches) else found
    return "" if is_feasible and sum(cost or 0 for cost in costs) == expected else found


def cost_of(model: Model, roster: Roster) -> int | None:
    """Return the least cost CP-SAT finds with all choices fixed to the roster, None if infeasible.

    Raises
    ------
    AssertionError
        When ``Model.close``, which fills slacks without a solver, gives another answer.
    """
    matrix = model.matrix()
    values = roster_values(model, matrix, roster)
    if values is None:
        return None
    decided = np.concatenate([choices.column for choices in model.choices.values()])
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    lower[decided] = upper[decided] = values[decided]
    (rule,) = model.rules
    price = model.price(rule.rung)
    answer = constrain(replace(matrix, lower=lower, upper=upper), price, Effort(seconds=30))
    is_admitted = matrix.admits(values)
    assert is_admitted == (answer.values is not None), "close and CP-SAT differ in feasibility"
    if answer.values is None:
        return None
    cost = int(price @ answer.values)
    assert cost == int(price @ values), "close and CP-SAT differ in cost"
    return cost
