"""Large questions of location: sites exchanged one for one, with a bound from prices of demand.

The linear programme of a county of 1,300 villages has 1.7 million pairs and does not end in a minute.
Interchange (Teitz & Bart 1968, doi 10.1287/opre.16.5.955; all exchanges at once after Whitaker 1983,
doi 10.1080/03155986.1983.11731889), from plans built one best site after the other and shaken where
it stops, comes to within a fraction of a per cent. The bound is the Lagrangian one (Cornuéjols,
Fisher & Nemhauser 1977, doi 10.1287/mnsc.23.8.789): no better than the linear programme's, and seldom
much worse. Who is on duty at the sites is checked by a flow, exchange by exchange; the bound leaves
that out and so stays a bound.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.arrays import Flags, Floats, Ints

ROUNDS = 400
"""Steps of the prices."""
SHAKES = 12
"""Shakes in a row without a better plan after which the search ends."""
SHAKEN = 0.1
"""Share of the sites that a shake exchanges."""
WORTH = 1e-4
"""Gap below which a better plan is not looked for."""
PATIENCE = 15
"""Steps without a better bound after which the steps become half as long."""


@dataclass(frozen=True)
class Exchange:
    """A question of location as a table: what each demand costs at each site.

    ``cost`` is demand × site, ``stands`` says which sites are open anyway, ``new`` how many may be
    opened beside them. At least one site stands: let it be nobody's, at the price of what is left.
    ``may_open`` says of a set of new sites whether people can serve it; none of ``closed`` may open.
    """

    cost: Ints
    stands: Flags
    new: int
    may_open: Callable[[Ints], bool]
    closed: Flags

    def value(self, opened: Ints) -> int:
        """Return what a set of new sites costs."""
        return int(self.cost[:, self._open(opened)].min(axis=1).sum())

    def built(self) -> Ints:
        """Open the best site, then the best beside it, and so on, while that saves anything."""
        nearest = self.cost[:, self.stands].min(axis=1)
        opened: list[int] = []
        left = self._others()
        while len(opened) < self.new and len(left):
            saved = np.maximum(0, nearest[:, None] - self.cost[:, left]).sum(axis=0)
            best = int(saved.argmax())
            if saved[best] <= 0:
                break
            site, left = int(left[best]), np.delete(left, best)
            if self.may_open(np.array([*opened, site])):
                opened.append(site)
                nearest = np.minimum(nearest, self.cost[:, site])
        return np.array(opened, dtype=np.int64)

    def improved(self, opened: Ints, until: float) -> Ints:
        """Exchange one new site for another while that saves anything, best first."""
        barred: set[tuple[int, int]] = set()
        while len(opened) and time.monotonic() < until:
            change = self._changes(opened)
            for n, into in barred:
                change[n, into] = 0
            at, into = divmod(int(change.argmin()), change.shape[1])
            if change[at, into] >= 0:
                break
            swapped = opened.copy()
            swapped[at] = into
            if self.may_open(swapped):
                opened, barred = swapped, set()
            else:
                barred.add((at, into))
        return opened

    def searched(self, best: Ints, until: float, seed: int, enough: Callable[[int], bool]) -> Ints:
        """Return the best set found from one, shaken and improved again until it stays."""
        draw = np.random.default_rng(seed)
        value, idle = self.value(best), 0
        while idle < SHAKES and len(best) and not enough(value) and time.monotonic() < until:
            found = self.improved(self._shaken(best, draw), until)
            reached = self.value(found)
            idle = 0 if reached < value else idle + 1
            if reached < value:
                best, value = found, reached
        return best

    def bound(self, value: int, until: float) -> float:
        """Return what no set of sites can cost less than, given what one set costs.

        Formula: for prices p[v], sum_v p[v] + sum of r[j] over the sites that stand and the ``new``
        least of the others, with r[j] = sum_v min(0, cost[v, j] - p[v]); prices move along
        1 - (sites that would serve v).
        """
        price = np.sort(self.cost, axis=1)[:, :2].max(axis=1).astype(np.float64)
        best, scale, idle = -math.inf, 1.0, 0
        for _ in range(ROUNDS):
            below = np.minimum(0.0, self.cost - price[:, None])
            reduced = below.sum(axis=0)
            taken = self._cheapest(reduced)
            reached = float(price.sum() + reduced[taken].sum())
            idle = 0 if reached > best else idle + 1
            best = max(best, reached)
            if idle and idle % PATIENCE == 0:
                scale /= 2
            short = 1.0 - (below[:, taken] < 0).sum(axis=1)
            size = float(short @ short)
            if not size or value - best < 1 or time.monotonic() > until:
                break
            price += scale * 1.05 * max(1.0, value - reached) / size * short
        return min(float(value), math.ceil(best - 1e-6 * max(1.0, abs(best))))

    def _cheapest(self, reduced: Floats) -> Flags:
        """Return the sites that stand, and as many others as may be opened, the least first."""
        taken = self.stands.copy()
        others = self._others()
        taken[others[np.argsort(reduced[others], kind="stable")[: self.new]]] = True
        return taken

    def _changes(self, opened: Ints) -> Ints:
        """Return by how much the cost rises if the n-th new site gives way to each other site."""
        sites = np.flatnonzero(self._open(opened))
        order = np.argsort(self.cost[:, sites], axis=1, kind="stable")[:, :2]
        rows = np.arange(len(self.cost))
        first = self.cost[rows, sites[order[:, 0]]]
        second = self.cost[rows, sites[order[:, -1]]]
        nearest = sites[order[:, 0]]
        gain = np.minimum(0, self.cost - first[:, None]).sum(axis=0)
        lost = np.clip(self.cost, first[:, None], second[:, None]) - first[:, None]
        change = np.broadcast_to(gain, (len(opened), len(gain))).copy()
        for n, site in enumerate(opened.tolist()):
            change[n] += lost[nearest == site].sum(axis=0)
        change[:, sites] = 0
        change[:, self.closed] = 0
        return change

    def _shaken(self, opened: Ints, draw: np.random.Generator) -> Ints:
        """Return the set with some sites exchanged at random, if people can serve it."""
        others = np.setdiff1d(self._others(), opened)
        count = min(len(others), max(2, round(SHAKEN * len(opened))), len(opened))
        if not count:
            return opened
        shaken = opened.copy()
        shaken[draw.permutation(len(opened))[:count]] = draw.permutation(others)[:count]
        return shaken if self.may_open(shaken) else opened

    def _others(self) -> Ints:
        """Return the sites that may be opened."""
        return np.flatnonzero(~self.stands & ~self.closed)

    def _open(self, opened: Ints) -> Flags:
        is_open = self.stands.copy()
        is_open[opened] = True
        return is_open
