"""The columns that a rung of the ladder may still move, and which of them are neighbours."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np

from models.arrays import Flags, Ints
from solver.engine.highs import restrict
from solver.engine.matrix import NO_BOUND, Matrix

FEW_REGIONS = 4
"""A person may serve so many counties; a row across more is a goal that is held."""


class Rung:
    """The columns a rung may still move, and the rows that bind them, as a smaller matrix.

    ``rows`` are the numbers of the rows in the whole.
    """

    def __init__(self, matrix: Matrix, price: Ints) -> None:
        movable: Flags = matrix.lower < matrix.upper
        idle_rows, idle_columns = idle(matrix, price)
        movable &= ~idle_columns
        self.free = np.flatnonzero(movable)
        self.whole_price = price
        self.part, self.price, self.offset = restrict(
            matrix, price, matrix.lower, movable, ~idle_rows
        )
        touched = np.diff(matrix.rows[:, self.free].indptr) > 0
        self.rows = np.flatnonzero(touched & ~idle_rows)
        self._still = matrix.lower

    def lift(self, values: Ints) -> Ints:
        """Return values of all columns from those of the free ones."""
        lifted = self._still.copy()
        lifted[self.free] = values
        return lifted


def idle(matrix: Matrix, price: Ints) -> tuple[Flags, Flags]:
    """Return the rows that bind no choice as long as their fillers cost nothing, and these fillers.

    Such are the soft rows of other goals: whatever is chosen, their slacks or steps make up for it.
    """
    fillers, rows = matrix.fillers, matrix.rows
    is_shared = np.bincount(rows.indices, minlength=len(price)) > 1  # a mark, or held by a row
    filling = np.zeros(len(price), dtype=bool)
    filling[fillers.column] = True
    filling &= ~is_shared
    at_cost: Flags = (price != 0) | is_shared
    soft = np.zeros(len(matrix.low), dtype=bool)
    soft[fillers.row] = True
    soft[fillers.row[at_cost[fillers.column]]] = False
    up, down = rows.maximum(0), rows.minimum(0)
    drawn = np.where(filling, matrix.upper, matrix.lower)
    most, least = up @ matrix.upper + down @ drawn, up @ drawn + down @ matrix.upper
    is_met = (matrix.low <= -NO_BOUND) & (most <= matrix.high)
    is_met |= (matrix.high >= NO_BOUND) & (least >= matrix.low)
    idle_columns = np.zeros(len(price), dtype=bool)
    idle_columns[fillers.column[(soft & is_met)[fillers.row]]] = True
    return soft & is_met, idle_columns


def one_hop(matrix: Matrix, columns: Flags, longest: int) -> Flags:
    """Return the columns and all that share a row of up to ``longest`` with one of them."""
    free = columns.copy()
    touched = (abs(matrix.rows) @ free.astype(np.float64)) > 0
    near = touched & (np.diff(matrix.rows.indptr) <= longest)
    free[matrix.rows[np.flatnonzero(near)].indices] = True
    return free


def neighbourhoods(matrix: Matrix, regions: Ints) -> list[frozenset[int]]:
    """Return each region alone, then those that share a row in pairs, the most closely tied first.

    Rows across more than a few regions (goals that are held) tie nobody.
    """
    entries = matrix.rows.tocoo()
    of_entry = regions[entries.col]
    known = of_entry >= 0
    if not known.any():
        return []
    ties = np.unique(np.stack([entries.row[known], of_entry[known]]), axis=1)
    alone = [frozenset({int(region)}) for region in np.unique(ties[1])]
    pairs: Counter[frozenset[int]] = Counter()
    for members in np.split(ties[1], np.flatnonzero(np.diff(ties[0])) + 1):
        if 1 < len(members) <= FEW_REGIONS:
            pairs.update(map(frozenset, itertools.combinations(members.tolist(), 2)))
    return alone + [pair for pair, _ in pairs.most_common()]
