"""Builds a first plan, one demand after the other, quickly and before any engine starts.

Which demand comes first decides how many are served where hours bind: the largest first, those
that few can serve first, or those that the last try left over first. Each order takes a fraction
of a second on a city, so several are tried and the best plan is kept, goal by goal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from models.arrays import Flags, Floats, Ints
from models.goals import Goal
from solver.engine.matrix import NO_BOUND, Matrix

WORK = 500_000
"""Entries that may be looked at in all tries after the first: about an eighth of a second."""

ROUNDS = 8
"""How often what a try left over is put first."""

FULL = (Goal.PRIORITY, Goal.COVERAGE, Goal.TIERS, Goal.OVERLOAD, Goal.WAIVABLE)
"""Goals whose floor, once reached, no other order can better."""

Prices = Sequence[tuple[Goal, Ints]]


@dataclass(frozen=True)
class Demands:
    """What a plan is built from.

    ``row`` are the rows to fill, as a careful person would go through them, and ``rank`` orders
    their columns, least first. ``kept`` marks rows with a slack that is not used while any column
    does without; rows without slack always hold.
    """

    row: Ints
    rank: Ints
    kept: Flags


def construct(matrix: Matrix, prices: Prices, start: Ints, demands: Demands) -> Ints:
    """Return the best plan, goal by goal, of those built from ``start``, which is admitted.

    The first is the one that fills ``demands`` just as they come, so the answer is never worse.
    """
    best, worth = start, _worth(prices, start)
    floor = _worth([(goal, price) for goal, price in prices if goal in FULL], matrix.lower)
    sheet = _Filling(matrix, start, demands)
    tries = 1 + WORK // max(1, sheet.size)
    for _, values in zip(range(tries), _plans(sheet, prices), strict=False):
        plan = matrix.close(values)
        if _worth(prices, plan) < worth and matrix.admits(plan):
            best, worth = plan, _worth(prices, plan)
        if worth[: len(floor)] == floor:
            break
    return best


def better(prices: Prices, plan: Ints, other: Ints) -> Ints:
    """Return the better of two plans, goal by goal; the first of equals."""
    return other if _worth(prices, other) < _worth(prices, plan) else plan


def _worth(prices: Prices, plan: Ints) -> list[int]:
    return [int(price @ plan) for _, price in prices]


def _plans(sheet: _Filling, prices: Prices) -> Iterator[Ints]:
    """Yield what each order makes, the plain one first, at last with what was left over first."""
    plain = np.arange(len(sheet.row))
    yield sheet.filled(plain, sheet.nearest)
    needs = -sheet.needs()
    dear = np.stack([-sheet.price_of_lack(price) for _, price in reversed(prices)])
    large, rare = np.lexsort((needs, *dear)), np.lexsort((needs, sheet.width, *dear))
    for order in (large, rare):
        yield sheet.filled(order, sheet.nearest)
        yield sheet.filled(order, sheet.roomiest)
    for begun in (plain, large, rare):
        order = begun
        for _ in range(ROUNDS):
            yield sheet.filled(order, sheet.nearest)
            left = np.isin(order, sheet.lacking)
            order = np.concatenate([order[left], order[~left]])


class _Filling:
    """The choices made and how much of every limit is used, while a plan is built."""

    def __init__(self, matrix: Matrix, start: Ints, demands: Demands) -> None:
        self.row = demands.row
        self._matrix, self._start = matrix, start.copy()
        self._start[matrix.fillers.column] = 0
        is_choice = matrix.upper > 0
        is_choice[matrix.fillers.column] = False
        members = sparse.csr_array(matrix.unmarked[self.row])
        kept = is_choice[members.indices]
        at = np.repeat(np.arange(len(self.row)), np.diff(members.indptr))[kept]
        self.column = members.indices[kept].astype(np.int64)
        self._first = np.searchsorted(at, np.arange(len(self.row) + 1))
        self.width = np.diff(self._first)
        self._rank = demands.rank[self.column]
        self._lay_out(demands.kept)
        self.lacking = self.row[:0]

    def _lay_out(self, kept: Flags) -> None:
        """Lay out the limits of every column, demand by demand, after its demand's own row."""
        matrix = self._matrix
        soft = np.zeros(len(matrix.high), dtype=bool)
        soft[matrix.fillers.row] = True
        hard = (matrix.high < NO_BOUND) & ~soft
        binds = hard | (kept & (matrix.high < NO_BOUND))
        asked = np.flatnonzero(binds | np.isin(np.arange(len(soft)), self.row))
        entries = sparse.csc_array(matrix.unmarked[asked])[:, self.column]
        self._span = entries.indptr.astype(np.int64)
        self._limit = asked[entries.indices]
        self._coef = np.rint(entries.data).astype(np.int64)
        self._rise = np.maximum(self._coef, 0)
        self._is_hard = hard[self._limit]
        self._high = np.where(binds, matrix.high, NO_BOUND)
        self.size = len(self._limit)

    def needs(self) -> Floats:
        """Return the share of its tightest limit that the easiest column of each demand takes."""
        share = self._rise / np.maximum(1, self._high[self._limit])
        needs: Floats = np.ones(len(self.row))
        demand = np.repeat(np.arange(len(self.row)), self.width)
        np.minimum.at(needs, demand, _reduced(np.maximum, share, self._span))
        return needs

    def price_of_lack(self, price: Ints) -> Ints:
        """Return what a goal charges for a unit missing of each demand."""
        of_row = np.zeros(len(self._matrix.low), dtype=np.int64)
        lifting = self._matrix.fillers.sign > 0
        np.maximum.at(
            of_row,
            self._matrix.fillers.row[lifting],
            price[self._matrix.fillers.column[lifting]],
        )
        return of_row[self.row]

    def filled(self, order: Ints, pick: Callable[[int, int], Floats | Ints]) -> Ints:
        """Fill the demands in order, each with the free columns that ``pick`` ranks first."""
        self._values = self._start.copy()
        self._used = np.rint(self._matrix.unmarked @ self._values).astype(np.int64)
        lacking = []
        for demand in order.tolist():
            if not self._fill(demand, pick):
                lacking.append(demand)
        self.lacking = np.array(lacking, dtype=np.int64)
        return self._values

    def nearest(self, first: int, last: int) -> Ints:
        """Rank columns as the demands say."""
        return self._rank[first:last]

    def roomiest(self, first: int, last: int) -> Floats:
        """Rank columns by the room they leave in their tightest limit, most first."""
        span = slice(self._span[first], self._span[last])
        limit = self._limit[span]
        high = self._high[limit]
        share = (self._used[limit] + self._rise[span]) / np.maximum(1, high)
        taken: Floats = _reduced(np.maximum, share, self._span[first : last + 1] - span.start)
        return taken

    def _fill(self, demand: int, pick: Callable[[int, int], Floats | Ints]) -> bool:
        """Take columns until the row is served; say if it is."""
        row, low = self.row[demand], self._matrix.low[self.row[demand]]
        first, last = int(self._first[demand]), int(self._first[demand + 1])
        while self._used[row] < low:
            careful, free = self._free(first, last)
            if not free.any():
                return False
            at = np.flatnonzero(careful if careful.any() else free)
            self._take(first + int(at[np.argmin(pick(first, last)[at])]))
        return True

    def _free(self, first: int, last: int) -> tuple[Flags, Flags]:
        """Return which columns all limits admit, and which the hard limits do."""
        span = slice(self._span[first], self._span[last])
        limit = self._limit[span]
        over = self._used[limit] + self._rise[span] > self._high[limit]
        each = self._span[first : last + 1] - span.start
        taken = self._values[self.column[first:last]] > 0
        hard = _reduced(np.logical_or, over & self._is_hard[span], each) | taken
        return ~(hard | _reduced(np.logical_or, over, each)), ~hard

    def _take(self, at: int) -> None:
        span = slice(self._span[at], self._span[at + 1])
        self._used[self._limit[span]] += self._coef[span]
        self._values[self.column[at]] = 1


def _reduced(how: np.ufunc, values: Any, spans: Ints) -> Any:
    """Reduce each span of values, none of which is empty."""
    return how.reduceat(values, spans[:-1]) if len(spans) > 1 else values[:0]
