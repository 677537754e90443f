"""One weighted sum in place of the ladder: plain CP-SAT, and HiGHS on the whole model.

Both are given the very rows, columns and prices that zhiban's ladder climbs. The two stages stay
apart for them too, because a visit is made by the adviser whom stage A chose.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.baselines.weights import WEIGHTS
from models.arrays import Ints
from models.instance import Instance
from models.roster import Roster
from solver.answers.precheck import with_implied_pins
from solver.engine.cp_sat import build
from solver.engine.highs import Effort, branch
from solver.engine.matrix import Matrix
from solver.modelling.facts import Facts
from solver.modelling.model import Model
from solver.modelling.rule import Rule
from solver.modelling.stages import month_model, pinned_start, read_roster, seats_model

SEATS_SHARE = 0.4
"""Share of the time limit for the seats, as zhiban's own."""

Settle = Callable[[Model, Matrix, float], Ints | None]
"""Returns values of a stage within some seconds, None when none were found."""


def plan(instance: Instance, rules: tuple[Rule, ...], seconds: float, settle: Settle) -> Roster:
    """Plan seats, then the month; a stage without an answer keeps what is pinned."""
    month, began = instance.settings.month, time.monotonic()
    facts = Facts(with_implied_pins(instance), month)
    roster = Roster(month=month, instance=instance.content_hash)
    for share in (SEATS_SHARE, 1.0):
        is_seats = share == SEATS_SHARE
        model = (
            seats_model(facts, rules) if is_seats else month_model(facts, rules, roster.advisers)
        )
        matrix = model.matrix()
        left = max(1.0, share * (seconds - (time.monotonic() - began)))
        values = settle(model, matrix, left)
        if values is None:
            values = pinned_start(model, matrix)
        roster = read_roster(facts, rules, [(model, values)], roster)
    return roster


def weighted_price(model: Model) -> Ints:
    """Return one price per column: each goal ten times the next."""
    prices = [weight * model.price(goal) for goal, weight in WEIGHTS.items()]
    return np.asarray(np.sum(prices, axis=0), dtype=np.int64)


def plain_cp_sat(model: Model, matrix: Matrix, seconds: float) -> Ints | None:
    """Minimise the weighted sum with CP-SAT as it comes: all its defaults but the time limit."""
    began = time.monotonic()
    programme, columns = build(matrix, weighted_price(model))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(1.0, seconds - (time.monotonic() - began))
    if solver.solve(programme) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return np.array([solver.value(column) for column in columns], dtype=np.int64)


def whole_highs(model: Model, matrix: Matrix, seconds: float) -> Ints | None:
    """Minimise the weighted sum with HiGHS on the whole model."""
    return branch(matrix, weighted_price(model), Effort(seconds)).values
