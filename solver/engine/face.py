"""The plans as good as the one in hand: what a linear programme's duals say of all of them.

With duals y and reduced costs d, a plan x costs the programme's objective, plus |y[i]| for each unit
that row i keeps off the side it presses on, plus |d[j]| for each unit that column j moves off its
bound. Rows and columns are whole, so where one unit costs more than the gap, nothing moves.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.arrays import Flags, Floats
from solver.engine.linear import Relaxed
from solver.engine.matrix import Matrix
from solver.engine.rung import Rung

SLACK = 1e-4
"""How far a dual or a reduced cost may be off."""

MARGIN = 0.01
"""How far the cost of a whole plan may be off."""


def face(matrix: Matrix, rung: Rung, relaxed: Relaxed, gap: float) -> tuple[Matrix, bool]:
    """Return the matrix held to plans that cost no more than the present one, and whether that is exact.

    Parameters
    ----------
    matrix
        The whole that ``rung`` was taken from.
    relaxed
        The linear programme's answer on the rung.
    gap
        How much more the present plan costs than the programme's objective.

    Every plan as good stays. Exact means that no other is left, so that the goal needs no row of its
    own: what may still move adds up to less than a unit.
    """
    duals, reduced = relaxed.duals, relaxed.reduced
    stuck_rows, stuck = np.abs(duals) > gap + SLACK, np.abs(reduced) > gap + SLACK
    low, high = matrix.low.copy(), matrix.high.copy()
    at_low, at_high = rung.rows[stuck_rows & (duals > 0)], rung.rows[stuck_rows & (duals < 0)]
    high[at_low], low[at_high] = low[at_low], high[at_high]
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    dear, cheap = rung.free[stuck & (reduced > 0)], rung.free[stuck & (reduced < 0)]
    upper[dear], lower[cheap] = lower[dear], upper[cheap]
    may_add = _may_add(rung.part, np.where(stuck_rows, 0.0, duals), np.where(stuck, 0.0, reduced))
    held = replace(matrix, low=low, high=high, lower=lower, upper=upper)
    return held, may_add < 1 + gap - MARGIN


def _may_add(part: Matrix, duals: Floats, reduced: Floats) -> float:
    """Return what rows and columns that are not stuck may add at most to a plan's cost."""
    moved = float(np.abs(reduced) @ (part.upper - part.lower))
    pressing: Flags = duals != 0
    if not pressing.any():
        return moved
    rows = part.rows[np.flatnonzero(pressing)]
    up, down = rows.maximum(0), rows.minimum(0)
    most, least = up @ part.upper + down @ part.lower, up @ part.lower + down @ part.upper
    off = np.where(duals[pressing] > 0, most - part.low[pressing], part.high[pressing] - least)
    return moved + float(np.abs(duals[pressing]) @ np.maximum(off, 0))
