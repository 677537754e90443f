"""The finished model of a stage as arrays: what every engine reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from models.arrays import Flags, Ints

NO_BOUND = np.iinfo(np.int64).max // 4
"""Stands for "no upper bound" of a row."""


@dataclass(frozen=True)
class Fillers:
    """Columns that follow from the others: slacks and steps, one entry each.

    ``before`` is how much of its row's need the row's earlier fillers take; ``sign`` +1 lifts
    the row to its low bound, -1 presses it down to its high bound. ``is_mark`` tells marks, which
    other rows count in place of the choices that set them: they are filled first.
    """

    row: Ints
    column: Ints
    before: Ints
    sign: Ints
    is_mark: Flags

    def among(self, rows: Flags, columns: Flags) -> Fillers:
        """Return the fillers of kept rows and columns, numbered anew."""
        kept = columns[self.column]
        row, column = (
            (np.cumsum(rows) - 1)[self.row[kept]],
            (np.cumsum(columns) - 1)[self.column[kept]],
        )
        return Fillers(row, column, self.before[kept], self.sign[kept], self.is_mark[kept])

    @classmethod
    def none(cls) -> Fillers:
        """Return no fillers."""
        empty = np.zeros(0, dtype=np.int64)
        return cls(empty, empty, empty, empty, empty.astype(bool))

    @classmethod
    def joined(cls, parts: Sequence[Fillers]) -> Fillers:
        """Return the fillers of all parts, in order."""
        names = [field.name for field in fields(cls)]
        every = (cls.none(), *parts)
        return cls(*(np.concatenate([getattr(part, name) for part in every]) for name in names))


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
        """Return ``values`` with every mark, slack and step set to the least its row needs.

        An engine that minimises one goal leaves the steps and slacks of the others anywhere.
        ``values`` may be several plans, one a column.
        """
        fill, closed = self.fillers, values.copy().reshape(len(values), values[:1].size)
        closed[fill.column] = 0
        for at in (np.flatnonzero(fill.is_mark), np.flatnonzero(~fill.is_mark)):
            if len(at):
                self._fill(closed, at)
        return closed.reshape(values.shape)

    def _fill(self, closed: Ints, at: Ints) -> None:
        """Set some of the fillers to the least that their rows need."""
        row, column = self.fillers.row[at], self.fillers.column[at]
        activity = np.rint(self.rows @ closed).astype(np.int64)[row]
        lacking, excess = self.low[row, None] - activity, activity - self.high[row, None]
        need = np.where(self.fillers.sign[at, None] > 0, lacking, excess)
        need -= self.fillers.before[at, None]
        closed[column] = np.clip(need, self.lower[column, None], self.upper[column, None])

    def with_fillers(self, columns: Flags) -> Flags:
        """Return the columns with the marks that they set and the slacks and steps of all their rows."""
        whole = columns.copy()
        for at in (self.fillers.is_mark, ~self.fillers.is_mark):
            if at.any():
                touched = (abs(self.rows) @ whole.astype(np.float64)) > 0
                whole[self.fillers.column[at & touched[self.fillers.row]]] = True
        return whole

    @cached_property
    def unmarked(self) -> sparse.csr_array:
        """The rows with each mark counted at the choices that may set it, as if each alone did."""
        marks = np.flatnonzero(self.fillers.is_mark)
        if not len(marks):
            return self.rows
        row, column = self.fillers.row[marks], self.fillers.column[marks]
        setting = sparse.csr_array(self.rows[row])
        setting.data = np.maximum(setting.data, 0)
        put = sparse.csr_array(
            (np.ones(len(marks)), (column, np.arange(len(marks)))),
            shape=(self.rows.shape[1], len(marks)),
        )
        return sparse.csr_array(self.rows + self.rows @ put @ setting)
