"""A hand-written programme: columns and rows for a question that is not a stage of a plan."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from models.arrays import Ints
from solver.engine.matrix import NO_BOUND, Fillers, Matrix

Entries = tuple[Ints, Ints, int | Ints]
"""Row within its family, column, coefficient."""

Priced = tuple[Ints, int | Ints]
"""Columns and the price of each."""


class Programme:
    """Collects whole columns and families of rows; ``matrix`` is what the engines read."""

    def __init__(self) -> None:
        self._lower: list[Ints] = []
        self._upper: list[Ints] = []
        self._entries: list[tuple[Ints, Ints, Ints]] = []
        self._low: list[Ints] = []
        self._high: list[Ints] = []
        self._columns = 0
        self._rows = 0

    def columns(self, upper: Ints, lower: int | Ints = 0) -> Ints:
        """Add columns and return their numbers."""
        first = self._columns
        self._columns += len(upper)
        self._upper.append(upper)
        self._lower.append(np.broadcast_to(lower, upper.shape))
        return np.arange(first, self._columns, dtype=np.int64)

    def at_least(self, low: Ints, *entries: Entries) -> None:
        """Add rows, sum of coefficient × column >= low."""
        self._add(low, np.full(len(low), NO_BOUND), entries)

    def at_most(self, high: Ints, *entries: Entries) -> None:
        """Add rows, sum of coefficient × column <= high."""
        self._add(np.full(len(high), -NO_BOUND), high, entries)

    def price(self, *priced: Priced) -> Ints:
        """Return the price of all columns: that of some with each, nothing for the others."""
        price = np.zeros(self._columns, dtype=np.int64)
        for columns, each in priced:
            price[columns] = each
        return price

    def matrix(self) -> Matrix:
        """Return the rows and bounds."""
        row, column, coef = (np.concatenate([e[n] for e in self._entries]) for n in range(3))
        shape = (self._rows, self._columns)
        rows = sparse.csr_array((coef.astype(np.float64), (row, column)), shape=shape)
        low, high, lower, upper = map(
            np.concatenate, (self._low, self._high, self._lower, self._upper)
        )
        return Matrix(rows, low, high, lower, upper, Fillers.none())

    def _add(self, low: Ints, high: Ints, entries: tuple[Entries, ...]) -> None:
        for row, column, coef in entries:
            self._entries.append((self._rows + row, column, np.broadcast_to(coef, row.shape)))
        self._rows += len(low)
        self._low.append(low)
        self._high.append(high)
