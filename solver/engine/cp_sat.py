"""Solves the model with CP-SAT as it was defined.

It runs with one worker and ``linearization_level=2``: with 2 to 5 workers it never found a
bound on these models, and one worker repeats itself.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from ortools.sat.python import cp_model

from models.arrays import Ints
from solver.engine.highs import Effort, EngineResult
from solver.engine.interrupts import interruptible
from solver.engine.matrix import Matrix

OnSolution = Callable[[int, float], None]
"""Called with value and bound of each better solution."""


class _Watcher(cp_model.CpSolverSolutionCallback):
    """Passes value and bound of each solution on."""

    def __init__(self, on_solution: OnSolution) -> None:
        super().__init__()
        self._on_solution = on_solution

    def on_solution_callback(self) -> None:
        """Tell the listener."""
        self._on_solution(int(self.objective_value), self.best_objective_bound)


def constrain(
    matrix: Matrix,
    price: Ints,
    effort: Effort,
    hint: Ints | None = None,
    on_solution: OnSolution | None = None,
) -> EngineResult:
    """Minimise ``price @ x`` over the matrix; without values when none was found in time."""
    model, columns = build(matrix, price)
    if hint is not None:
        for column, value in zip(columns, hint.tolist(), strict=True):
            model.add_hint(column, value)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = effort.seed
    if effort.deterministic:
        solver.parameters.max_deterministic_time = max(1.0, effort.seconds)
    else:
        solver.parameters.max_time_in_seconds = effort.seconds
    # its own handler would swallow Ctrl-C and leave the default one behind, which kills
    solver.parameters.catch_sigint_signal = False
    watcher = _Watcher(on_solution) if on_solution else None
    status = interruptible(lambda: solver.solve(model, watcher), solver.stop_search)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return EngineResult(None, np.inf if status == cp_model.INFEASIBLE else -np.inf)
    values = np.array([solver.value(column) for column in columns], dtype=np.int64)
    return EngineResult(values, float(solver.best_objective_bound))


def build(matrix: Matrix, price: Ints) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """Return the CP-SAT model of a matrix and its variables, column by column."""
    model = cp_model.CpModel()
    bounds = zip(matrix.lower.tolist(), matrix.upper.tolist(), strict=True)
    columns = [model.new_int_var(low, high, "") for low, high in bounds]
    starts, members = matrix.rows.indptr.tolist(), matrix.rows.indices.tolist()
    coefs = np.rint(matrix.rows.data).astype(np.int64).tolist()
    lows, highs = matrix.low.tolist(), matrix.high.tolist()
    for row, (low, high) in enumerate(zip(lows, highs, strict=True)):
        span = slice(starts[row], starts[row + 1])
        terms = [columns[n] for n in members[span]]
        expression = cp_model.LinearExpr.weighted_sum(terms, coefs[span])
        model.add_linear_constraint(expression, low, high)
    priced = [(columns[n], int(price[n])) for n in np.flatnonzero(price)]
    terms, amounts = [c for c, _ in priced], [a for _, a in priced]
    model.minimize(cp_model.LinearExpr.weighted_sum(terms, amounts))
    return model, columns
