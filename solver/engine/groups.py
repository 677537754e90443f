"""Groups of people whose choices are re-optimised together, with the rest of the plan held.

Where hours bind, an engine on the whole finds no plan at all, and one that moves towards the linear
programme finds what that wastes. A few people who are near each other, what they hold and what
nobody holds is a programme solved in a moment, and the plan in hand is always its first answer
(large neighbourhood search: Shaw 1998, doi 10.1007/3-540-49481-2_30).
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from models.arrays import Flags, Floats, Ints
from solver.engine.matrix import NO_BOUND, Matrix

FAR = 1e9
"""Stands for a person who may have nothing of what a group is about."""

BLUR = 0.3
"""How far chance changes who is taken for near, so that groups of one person differ."""


class Groups:
    """Draws groups around what a plan still pays for.

    Parameters
    ----------
    matrix
        Rows and bounds of the columns that may move.
    owners
        Person of each column, -1 for slacks and steps.
    amounts
        How much of its person's tightest limit each column takes (minutes where hours count).
    seed
        Of the draws; the same groups come for the same plans.
    """

    def __init__(self, matrix: Matrix, owners: Ints, amounts: Ints, seed: int) -> None:
        self._matrix, self._owners, self._amounts = matrix, owners, amounts
        self._people = int(owners.max(initial=-1)) + 1
        asked = np.flatnonzero(matrix.low > -NO_BOUND)
        self._low = matrix.low[asked]
        self._asked = abs(sparse.csr_array(matrix.rows[asked]))
        self._by_column = sparse.csc_array(matrix.rows)
        self._random = np.random.default_rng(seed)

    def draw(self, values: Ints, price: Ints, size: int) -> tuple[Flags, Ints] | None:
        """Return the columns of ``size`` people around something priced, and what empties the first of them.

        The second breaks ties: hours gathered with one person make room for what fits nowhere. None
        where nobody can change what the plan pays for.
        """
        first = self._first(values, price)
        if first is None:
            return None
        first_person, about = first
        mine = (self._owners == first_person) & (values > 0)
        rows = (self._asked @ (mine | about).astype(np.float64)) > 0
        members = np.isin(self._owners, self._nearest(first_person, self._of(rows), size))
        held = (self._asked @ (members & (values > 0)).astype(np.float64)) > 0
        chosen = np.where(self._owners >= 0, values, 0)
        lacking = np.rint(self._asked @ chosen) < self._low
        free = members & self._of(held | lacking)
        emptied = np.where(free & (self._owners == first_person), self._amounts, 0)
        return self._matrix.with_fillers(free), emptied

    def _first(self, values: Ints, price: Ints) -> tuple[int, Flags] | None:
        """Draw something priced and somebody who has or may have what it is about; return both."""
        paid = price * (values - self._matrix.lower)
        priced = np.flatnonzero(paid > 0)
        if not len(priced):
            return None
        column = int(self._random.choice(priced, p=paid[priced] / paid[priced].sum()))
        about: Flags = np.zeros(len(values), dtype=bool)
        about[column] = True
        if self._owners[column] >= 0:
            return int(self._owners[column]), about
        span = slice(self._by_column.indptr[column], self._by_column.indptr[column + 1])
        near = [self._row(row) for row in self._by_column.indices[span].tolist()]
        people = np.unique(self._owners[min(near, key=len)])
        people = people[people >= 0]
        return (int(self._random.choice(people)), about) if len(people) else None

    def _row(self, row: int) -> Ints:
        rows = self._matrix.rows
        return rows.indices[rows.indptr[row] : rows.indptr[row + 1]].astype(np.int64)

    def _of(self, rows: Flags) -> Flags:
        """Mark the choices that serve some of the demands."""
        served: Flags = (self._asked.T @ rows.astype(np.float64)) > 0
        return served & (self._owners >= 0)

    def _nearest(self, first: int, columns: Flags, size: int) -> Ints:
        """Return the person and those who would serve the same with the least, more or less."""
        who = self._owners[columns]
        count = np.bincount(who, minlength=self._people)
        total = np.bincount(who, weights=self._amounts[columns], minlength=self._people)
        mean: Floats = np.where(count > 0, (total + 1) / np.maximum(count, 1), FAR)
        mean *= 1 + BLUR * self._random.random(self._people)
        mean[first] = -1
        nearest = np.argsort(mean, kind="stable")[:size]
        return nearest[mean[nearest] < FAR]


def amounts(matrix: Matrix) -> Ints:
    """Return how much of a limit each column takes at most, over all limits without slack."""
    limited = matrix.high < NO_BOUND
    limited[matrix.fillers.row] = False
    rows = sparse.csr_array(matrix.rows[np.flatnonzero(limited)])
    most = np.zeros(rows.shape[1])
    np.maximum.at(most, rows.indices, rows.data)
    return np.rint(most).astype(np.int64)
