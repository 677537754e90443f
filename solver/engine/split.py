"""Splitting a stage: what shares no row is a part of its own; what is too large is cut at borders.

People serve inside their areas, so the model of a city falls into counties and mediators into
townships, and nothing is lost: goals are sums over parts. Where people serve several counties
the counties hang together. Up to ``CUT`` columns they are planned as one; beyond, everybody is
first kept to the county where they have most to choose from, and the borders are improved
afterwards, two counties at a time.

Soft rows of the last goals bind no goal before these. Where they alone tie counties together, as a
county's visits of each week do that advisers of three others make, the parts are climbed without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from models.arrays import Flags, Ints
from models.goals import Goal
from solver.engine.highs import CUT, restrict
from solver.engine.matrix import Matrix
from solver.engine.rung import idle

LAST = (Goal.PREFERENCE, Goal.LIKENESS)
"""Goals after which no other comes that rules price."""

SMALL = 3_000
"""Parts below this many columns are put together: a rung costs more to start than to solve."""

Prices = Sequence[tuple[Goal, Ints]]


@dataclass(frozen=True)
class StagePart:
    """Some columns of a stage, with everything a ladder needs.

    ``columns`` are numbers in the whole, ``regions`` the county of each column (-1: none).
    ``owners`` the person (-1: none). ``is_cut`` says that people were kept from the counties of other parts.
    """

    columns: Ints
    matrix: Matrix
    prices: Prices
    start: Ints
    regions: Ints
    owners: Ints
    is_cut: bool = False

    def only(self, free: Flags, values: Ints | None = None) -> StagePart:
        """Return the part over the free columns, the others held at ``values`` or the start."""
        held = self.start if values is None else values
        matrix, _, _ = restrict(self.matrix, held, held, free)
        prices = [(goal, price[free]) for goal, price in self.prices]
        labels = self.regions[free], self.owners[free]
        return StagePart(self.columns[free], matrix, prices, held[free], *labels, self.is_cut)


def split(whole: StagePart, most: int = CUT) -> list[StagePart]:
    """Return the parts of a stage, largest first; small ones are put together."""
    parts: list[StagePart] = []
    for part in components(whole):
        if len(part.columns) > most and (foreign := foreign_columns(part)).any():
            apart = replace(part.only(~foreign), is_cut=True)
            parts += components(apart)
        else:
            parts.append(part)
    return sorted(parts, key=lambda part: (-len(part.columns), int(part.columns[0])))


def ties(whole: StagePart) -> Flags:
    """Mark the soft rows of the last goals that alone keep parts of a stage together."""
    matrix = whole.matrix
    before = (price for goal, price in whole.prices if goal not in LAST)
    loose, fillers = idle(matrix, sum(before, np.zeros_like(matrix.lower)))
    binding = sparse.csr_array(matrix.rows[np.flatnonzero(~loose)])
    label = _labels(binding)[binding.shape[0] :]
    entries = matrix.rows.tocoo()
    asked = loose[entries.row] & ~fillers[entries.col]
    row, label = entries.row[asked], label[entries.col[asked]]
    least, most = np.full(len(loose), label.max(initial=0)), np.zeros(len(loose), dtype=np.int64)
    np.minimum.at(least, row, label)
    np.maximum.at(most, row, label)
    tying: Flags = least < most
    return tying


def without(whole: StagePart, rows: Flags) -> StagePart:
    """Return a stage without some rows and their slacks and steps."""
    if not rows.any():
        return whole
    fillers = whole.matrix.fillers
    kept = np.ones(len(whole.columns), dtype=bool)
    kept[fillers.column[rows[fillers.row]]] = False
    columns = np.flatnonzero(kept)
    return _block(whole, np.flatnonzero(~rows), columns)


def components(whole: StagePart) -> Iterator[StagePart]:
    """Yield what shares no row, largest first; small ones are put together."""
    for rows, columns in _groups(whole.matrix):
        yield _block(whole, rows, columns)


def _block(whole: StagePart, rows: Ints, columns: Ints) -> StagePart:
    prices = [(goal, price[columns]) for goal, price in whole.prices]
    labels = whole.regions[columns], whole.owners[columns]
    matrix, start = whole.matrix.block(rows, columns), whole.start[columns]
    return StagePart(whole.columns[columns], matrix, prices, start, *labels, whole.is_cut)


def foreign_columns(part: StagePart) -> Flags:
    """Mark choices outside the county in which their row, and so their person, has most.

    A choice already taken at the start (a pin) is never foreign.
    """
    entries = part.matrix.rows.tocoo()
    region = part.regions[entries.col]
    known = region >= 0
    row, column, region = entries.row[known], entries.col[known], region[known]
    width = int(region.max(initial=0)) + 1
    pairs, count = np.unique(row * width + region, return_counts=True)
    most = np.zeros(part.matrix.rows.shape[0], dtype=np.int64)
    np.maximum.at(most, pairs // width, count)
    home = np.full(len(most), width, dtype=np.int64)
    at_home = count == most[pairs // width]
    np.minimum.at(home, pairs[at_home] // width, pairs[at_home] % width)
    foreign: Flags = np.zeros(len(part.columns), dtype=bool)
    foreign[column[region != home[row]]] = True
    foreign &= part.start == 0
    return foreign


def _groups(matrix: Matrix) -> list[tuple[Ints, Ints]]:
    """Return row and column numbers by component, in a fixed order."""
    rows, columns = matrix.rows.shape
    if not columns:
        return []
    label = _labels(matrix.rows)
    number = _binned(label[rows:], int(label.max()) + 1)
    count = int(number.max()) + 1
    of_row, of_column = number[label[:rows]], number[label[rows:]]  # -1: a row of no column
    return list(zip(_members(of_row, count), _members(of_column, count), strict=True))


def _labels(matrix_rows: sparse.csr_array) -> Ints:
    """Return the component of each row, then of each column."""
    rows, columns = matrix_rows.shape
    ends = np.full(columns, matrix_rows.nnz)
    starts = np.append(matrix_rows.indptr, ends)
    links = np.ones(matrix_rows.nnz), matrix_rows.indices + rows, starts
    graph = sparse.csr_array(links, shape=(rows + columns, rows + columns))
    label: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return label


def _binned(label: Ints, labels: int) -> Ints:
    """Return a part for each label, largest first; labels of few columns share parts (-1: of none)."""
    names, first, count = np.unique(label, return_index=True, return_counts=True)
    order = np.lexsort((first, -count))
    number = np.full(labels, -1, dtype=np.int64)
    part, filled = -1, SMALL
    for at in order.tolist():
        if filled + count[at] > SMALL:
            part, filled = part + 1, 0
        filled += int(count[at])
        number[names[at]] = part
    return number


def _members(number: Ints, count: int) -> list[Ints]:
    """Return the positions of each number from 0 to ``count`` - 1, in order."""
    order = np.argsort(number, kind="stable")
    first = np.searchsorted(number[order], np.arange(count))
    return np.split(order, first)[1:]
