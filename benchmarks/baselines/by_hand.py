"""A clerk's plan: the nearest free person for each village, then slot by slot in date order.

This clerk is a careful one: never breaks a hard rule, keeps the caps that hold 原则上 as long as
anyone can, sees everybody's leave and knows every distance. What the clerk does not do is look
ahead or change an earlier line.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from models.arrays import Flags, Ints
from models.report import Level
from solver.engine.matrix import NO_BOUND, Matrix
from solver.modelling.demand import DemandRule
from solver.modelling.model import Model
from solver.modelling.stages import pinned_start


def by_hand(model: Model, matrix: Matrix, seconds: float) -> Ints | None:
    """Fill every demand in date order with the nearest free person; needs no time limit."""
    sheet = _Sheet(model, matrix)
    for row in demands(model, matrix):
        for is_careful in (True, False):
            sheet.fill(row, is_careful)
    return matrix.close(sheet.values)


def demands(model: Model, matrix: Matrix) -> Iterator[int]:
    """Yield the rows that ask for service: seats, then duties by date, then visits.

    A row stands at its last half day: a visit may be on any, so visits come after the duties.
    """
    half = _by_column(model, matrix, "half", -1)
    owner = dict(zip(matrix.fillers.column.tolist(), matrix.fillers.row.tolist(), strict=True))
    rows: set[int] = set()
    for term in model.terms:
        if isinstance(term.rule, DemandRule):
            rows |= {owner[column] for column in term.column.tolist() if column in owner}
    lifted = {row for row in rows if matrix.low[row] > -NO_BOUND}
    last = {row: int(half[_members(matrix, row)].max(initial=-1)) for row in lifted}
    yield from sorted(lifted, key=lambda row: (last[row], row))


class _Sheet:
    """The clerk's sheet: the choices made, and how much of every limit is used."""

    def __init__(self, model: Model, matrix: Matrix) -> None:
        self.values = pinned_start(model, matrix)
        self.values[matrix.fillers.column] = 0
        self._matrix = matrix
        self._far = _by_column(model, matrix, "minutes", NO_BOUND)
        self._half = _by_column(model, matrix, "half", 0)
        self._choice = self._far < NO_BOUND
        self._of_column = sparse.csc_array(matrix.unmarked)
        self._used = np.rint(matrix.unmarked @ self.values).astype(np.int64)
        self._hard, self._waivable = _limits(model, matrix)

    def fill(self, row: int, is_careful: bool) -> None:
        """Take the nearest free ones, the earliest of equals, until the row is served."""
        members = _members(self._matrix, row)
        members = members[self._choice[members]]
        for column in members[np.lexsort((members, self._half[members], self._far[members]))]:
            if self._used[row] >= self._matrix.low[row]:
                return
            if self.values[column] == 0 and self._is_free(column, is_careful):
                rows, coefs = self._rows_of(column)
                self._used[rows] += coefs
                self.values[column] = 1

    def _is_free(self, column: int, is_careful: bool) -> bool:
        rows, coefs = self._rows_of(column)
        limits = self._hard[rows] | self._waivable[rows] if is_careful else self._hard[rows]
        room = self._used[rows] + np.maximum(coefs, 0) <= self._matrix.high[rows]
        return bool(self._matrix.upper[column] > 0 and room[limits].all())

    def _rows_of(self, column: int) -> tuple[Ints, Ints]:
        span = slice(self._of_column.indptr[column], self._of_column.indptr[column + 1])
        rows = self._of_column.indices[span].astype(np.int64)
        return rows, np.rint(self._of_column.data[span]).astype(np.int64)


def _limits(model: Model, matrix: Matrix) -> tuple[Flags, Flags]:
    """Return which rows are hard limits and which hold 原则上."""
    limited = matrix.high < NO_BOUND
    soft = np.zeros(len(limited), dtype=bool)
    soft[matrix.fillers.row] = True
    waivable = [t.column for t in model.terms if t.rule.level is Level.WAIVABLE]
    priced = np.isin(matrix.fillers.column, np.concatenate([*waivable, np.zeros(0, np.int64)]))
    held = np.zeros(len(limited), dtype=bool)
    held[matrix.fillers.row[priced]] = True
    return limited & ~soft, limited & held


def _by_column(model: Model, matrix: Matrix, name: str, otherwise: int) -> Ints:
    """Return a field of the choices by column; columns that are no choice have ``otherwise``."""
    found = np.full(len(matrix.upper), otherwise, dtype=np.int64)
    for choices in model.choices.values():
        found[choices.column] = getattr(choices, name)
    return found


def _members(matrix: Matrix, row: int) -> Ints:
    span = slice(matrix.rows.indptr[row], matrix.rows.indptr[row + 1])
    return matrix.rows.indices[span].astype(np.int64)
