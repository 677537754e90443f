"""Solves the model as a mixed integer programme with HiGHS; also the limits of all engines.

HiGHS is reached through scipy, whose copy lives beside ortools in one process; the package
highspy does not (its symbols clash with ortools' own HiGHS).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from models.arrays import Flags, Ints
from solver.engine.interrupts import interruptible
from solver.engine.matrix import NO_BOUND, Matrix

WHOLE = 1e-6
"""A value this near a whole number is whole."""

CUT = 500_000
"""Columns beyond which counties that hang together are solved apart: the linear programme of
one goal takes about ten seconds at this size."""

GRACE = 10.0
"""Seconds at most that a goal whose turn comes when the time is up may have for its linear programme."""

NODES = 5000
"""Branch-and-bound nodes of a deterministic solve, in place of seconds."""


@dataclass(frozen=True)
class EngineResult:
    """An integer engine's answer: values (None: none found) and proven lower bound."""

    values: Ints | None
    bound: float


@dataclass(frozen=True)
class Effort:
    """How long an engine may work: seconds, or repeatable work units when deterministic.

    ``workers`` processes, or those of the ``cluster`` at an address, climb parts side by side;
    a stage whose counties hang together is cut at their borders beyond ``cut`` columns.
    ``grace`` seconds are what a goal whose turn comes late may still have for its first steps.
    """

    seconds: float
    deterministic: bool = False
    seed: int = 1
    workers: int = 1
    cluster: str = ""
    cut: int = CUT
    grace: float = GRACE


def branch(matrix: Matrix, price: Ints, effort: Effort) -> EngineResult:
    """Solve as a mixed integer programme with HiGHS."""
    if not len(price):
        return EngineResult(np.zeros(0, dtype=np.int64), 0.0)
    low = np.where(matrix.low <= -NO_BOUND, -np.inf, matrix.low)
    high = np.where(matrix.high >= NO_BOUND, np.inf, matrix.high)
    seconds = np.inf if effort.deterministic else effort.seconds
    nodes = NODES if effort.deterministic else np.iinfo(np.int32).max
    found = interruptible(
        lambda: milp(
            price,
            integrality=np.ones(len(price), dtype=np.int64),
            bounds=Bounds(matrix.lower, matrix.upper),
            constraints=LinearConstraint(matrix.rows, low, high),
            options={"mip_rel_gap": 0.0, "time_limit": seconds, "node_limit": nodes},
        )
    )
    bound = -np.inf if found.mip_dual_bound is None else float(found.mip_dual_bound)
    if np.isposinf(bound):  # "infeasible", which a rung never is: the present plan is feasible
        bound = -np.inf
    if found.x is None:
        return EngineResult(None, bound)
    return EngineResult(np.rint(found.x).astype(np.int64), bound)


def restrict(
    matrix: Matrix, price: Ints, values: Ints, free: Flags, asked: Flags | None = None
) -> tuple[Matrix, Ints, int]:
    """Return matrix and price over the free columns, the others fixed at ``values``, and their cost.

    Rows without a free column are left out, and those that are not ``asked``.
    """
    fixed = np.where(free, 0, values)
    activity = np.rint(matrix.rows @ fixed).astype(np.int64)
    rows = matrix.rows[:, np.flatnonzero(free)]
    used = np.diff(rows.indptr) > 0
    if asked is not None:
        used &= asked
    low = np.where(matrix.low <= -NO_BOUND, -NO_BOUND, matrix.low - activity)
    high = np.where(matrix.high >= NO_BOUND, NO_BOUND, matrix.high - activity)
    fillers = matrix.fillers.among(used, free)
    lower, upper = matrix.lower[free], matrix.upper[free]
    part = Matrix(rows[used], low[used], high[used], lower, upper, fillers)
    return part, price[free], int(price @ fixed)
