"""The ladder: goal after goal, each solved to its own bound and then held.

A rung goes: linear programme (bound, near-whole values) -> CP-SAT on what lies within one
hop of a fraction, the rest fixed -> HiGHS on the whole where a gap is left. Columns whose
reduced cost exceeds the gap can never move in a plan that good; they are fixed for the
rungs that follow, which therefore get smaller and smaller.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from models.report import GoalResult
from models.travel import Ints
from solver.choices import Flags
from solver.cp_sat import constrain
from solver.engines import WHOLE, Effort, Relaxed, branch, relax, restrict
from solver.goals import TOLERANCE, Goal
from solver.model import NO_BOUND, Matrix

HOP_SHARE = 0.4
"""Skip the neighbourhood step when it would free more than this share of all columns."""


@dataclass(frozen=True)
class Progress:
    """What a watcher sees while a rung is solved."""

    stage: str
    goal: Goal
    value: int
    bound: float
    seconds: float

    @property
    def gap(self) -> float:
        """(value - bound) / max(1, |value|)."""
        return relative_gap(self.value, self.bound)


OnProgress = Callable[[Progress], None]


def relative_gap(value: float, bound: float) -> float:
    """Return (value - bound) / max(1, |value|), never below 0."""
    return max(0.0, value - bound) / max(1.0, abs(value))


class Ladder:
    """Climbs the goals of one stage; ``values`` is always the best feasible plan so far.

    Parameters
    ----------
    stage
        Name shown with the goals.
    matrix
        Rows and bounds.
    start
        A feasible point.
    effort
        Limits for the whole stage.
    on_progress
        Told of every better value or bound.
    """

    def __init__(
        self, stage: str, matrix: Matrix, start: Ints, effort: Effort, on_progress: OnProgress
    ) -> None:
        self.stage = stage
        self.values = start
        self.results: list[GoalResult] = []
        self._matrix = matrix
        self._effort = effort
        self._began = time.monotonic()
        self._on_progress = on_progress

    def climb(self, prices: Iterable[tuple[Goal, Ints]]) -> None:
        """Solve each goal in turn and hold what it reached."""
        for goal, price in prices:
            if price.any():
                self._rung(goal, price)

    def _rung(self, goal: Goal, price: Ints) -> None:
        began = time.monotonic()
        value, floor = int(price @ self.values), int(price @ self._matrix.lower)
        bound, engine = float(floor), "bound"
        if value > floor:
            bound, engine = self._solve(goal, price)
        value = int(price @ self.values)
        seconds = time.monotonic() - began
        self.results.append(
            GoalResult(
                name=goal.value,
                zh=goal.label,
                stage=self.stage,
                value=value,
                bound=bound,
                gap=relative_gap(value, bound),
                seconds=round(seconds, 3),
                engine=engine,
            )
        )
        self._say(goal, price, bound)
        self._hold(price, value + TOLERANCE[goal])

    def _solve(self, goal: Goal, price: Ints) -> tuple[float, str]:
        relaxed = relax(self._matrix, price, self._left())
        if relaxed is None:
            return self._branch(price, float(price @ self._matrix.lower))
        self._say(goal, price, relaxed.bound)
        self._accept(price, np.rint(relaxed.values).astype(np.int64))
        engine = "LP"
        if int(price @ self.values) > relaxed.bound:
            engine = "LP+CP-SAT"
            self._repair(goal, price, relaxed)
        bound = float(relaxed.bound)
        if int(price @ self.values) > bound:
            bound, engine = self._branch(price, bound)
        self._prune(price, relaxed)
        return bound, engine

    def _repair(self, goal: Goal, price: Ints, relaxed: Relaxed) -> None:
        """Let CP-SAT round what is fractional and its neighbours."""
        free = one_hop(self._matrix, relaxed)
        if free.mean() > HOP_SHARE:
            return
        whole = np.rint(relaxed.values).astype(np.int64)
        part, part_price, offset = restrict(self._matrix, price, whole, free)

        def tell(value: int, _: float) -> None:
            self._tell(goal, value + offset, relaxed.bound)

        answer = constrain(part, part_price, self._left(0.3), on_solution=tell)
        if answer.values is not None:
            whole[free] = answer.values
            self._accept(price, whole)

    def _branch(self, price: Ints, bound: float) -> tuple[float, str]:
        free = self._matrix.lower < self._matrix.upper
        part, part_price, offset = restrict(self._matrix, price, self._matrix.lower, free)
        answer = branch(part, part_price, self._left(0.7))
        if answer.values is not None:
            values = self._matrix.lower.copy()
            values[free] = answer.values
            self._accept(price, values)
        proven = float(np.ceil(answer.bound - WHOLE)) + offset
        return max(bound, min(proven, float(price @ self.values))), "HiGHS"

    def _accept(self, price: Ints, values: Ints) -> None:
        """Keep ``values`` if they are better and hold every row in whole numbers."""
        if price @ values < price @ self.values and self._matrix.admits(values):
            self.values = values

    def _hold(self, price: Ints, most: int) -> None:
        """Bind all later rungs to ``price @ x <= most``."""
        matrix = self._matrix
        if most == int(price @ matrix.lower):
            upper = np.where(price > 0, matrix.lower, matrix.upper)
            self._matrix = replace(matrix, upper=upper)
            return
        row = sparse.csr_array(price[None, :].astype(np.float64))
        self._matrix = replace(
            matrix,
            rows=sparse.csr_array(sparse.vstack([matrix.rows, row], format="csr")),
            low=np.append(matrix.low, -NO_BOUND),
            high=np.append(matrix.high, most),
        )

    def _prune(self, price: Ints, relaxed: Relaxed) -> None:
        """Fix columns whose reduced cost no plan as good as this one can pay."""
        gap = float(price @ self.values) - relaxed.objective + 1e-4
        matrix = self._matrix
        upper = np.where(relaxed.reduced > gap, matrix.lower, matrix.upper)
        lower = np.where(relaxed.reduced < -gap, matrix.upper, matrix.lower)
        self._matrix = replace(matrix, lower=lower, upper=upper)

    def _left(self, share: float = 1.0) -> Effort:
        spent = 0.0 if self._effort.deterministic else time.monotonic() - self._began
        return replace(self._effort, seconds=max(0.5, share * (self._effort.seconds - spent)))

    def _say(self, goal: Goal, price: Ints, bound: float) -> None:
        self._tell(goal, int(price @ self.values), bound)

    def _tell(self, goal: Goal, value: int, bound: float) -> None:
        seconds = time.monotonic() - self._began
        self._on_progress(Progress(self.stage, goal, value, bound, seconds))


def one_hop(matrix: Matrix, relaxed: Relaxed) -> Flags:
    """Return the columns that are fractional or share a row with one that is."""
    fractional = np.abs(relaxed.values - np.rint(relaxed.values)) > WHOLE
    touched = (abs(matrix.rows) @ fractional.astype(np.float64)) > 0
    lengths = np.diff(matrix.rows.indptr)
    near = matrix.rows[np.flatnonzero(touched & (lengths < len(fractional) // 10))]
    free: Flags = fractional.copy()
    free[near.indices] = True
    return free & (matrix.lower < matrix.upper)
