"""The finished model of a stage as arrays: what every engine reads."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from models.arrays import Ints

NO_BOUND = np.iinfo(np.int64).max // 4
"""Stands for "no upper bound" of a row."""


@dataclass(frozen=True)
class Fillers:
    """Columns that follow from the others: slacks and steps, one entry each.

    ``before`` is how much of its row's need the row's earlier fillers take; ``sign`` +1 lifts
    the row to its low bound, -1 presses it down to its high bound.
    """

    row: Ints
    column: Ints
    before: Ints
    sign: Ints

    def among(self, rows: npt.NDArray[np.bool_], columns: npt.NDArray[np.bool_]) -> Fillers:
        """Return the fillers of kept rows and columns, numbered anew."""
        kept = columns[self.column]
        row, column = (
            (np.cumsum(rows) - 1)[self.row[kept]],
            (np.cumsum(columns) - 1)[self.column[kept]],
        )
        return Fillers(row, column, self.before[kept], self.sign[kept])


@dataclass(frozen=True)
class Matrix:
    """The finished model: ``low <= rows @ x <= high``, ``lower <= x <= upper``, x whole."""

    rows: sparse.csr_array
    low: Ints
    high: Ints
    lower: Ints
    upper: Ints
    fillers: Fillers

    def admits(self, values: Ints) -> bool:
        """Say whether ``values`` keep every row and bound, in whole-number arithmetic."""
        activity = np.rint(self.rows @ values).astype(np.int64)
        inside = (self.low <= activity).all() and (activity <= self.high).all()
        return bool(inside and (self.lower <= values).all() and (values <= self.upper).all())

    def with_row(self, price: Ints, low: int = -NO_BOUND, high: int = NO_BOUND) -> Matrix:
        """Return the matrix with one more row, ``low <= price @ x <= high``."""
        row = sparse.csr_array(price[None, :].astype(np.float64))
        rows = sparse.csr_array(sparse.vstack([self.rows, row], format="csr"))
        return replace(
            self, rows=rows, low=np.append(self.low, low), high=np.append(self.high, high)
        )

    def block(self, rows: Ints, columns: Ints) -> Matrix:
        """Return the rows and columns of a component, which nothing ties to the others."""
        kept_rows = np.zeros(len(self.low), dtype=bool)
        kept_columns = np.zeros(len(self.lower), dtype=bool)
        kept_rows[rows], kept_columns[columns] = True, True
        return Matrix(
            self.rows[rows][:, columns],
            self.low[rows],
            self.high[rows],
            self.lower[columns],
            self.upper[columns],
            self.fillers.among(kept_rows, kept_columns),
        )

    def close(self, values: Ints) -> Ints:
        """Return ``values`` with every slack and step set to the least its row needs.

        An engine that minimises one goal leaves the steps and slacks of the others anywhere.
        """
        fill, closed = self.fillers, values.copy()
        closed[fill.column] = 0
        activity = np.rint(self.rows @ closed).astype(np.int64)[fill.row]
        lacking, excess = self.low[fill.row] - activity, activity - self.high[fill.row]
        need = np.where(fill.sign > 0, lacking, excess) - fill.before
        closed[fill.column] = np.clip(need, self.lower[fill.column], self.upper[fill.column])
        return closed
