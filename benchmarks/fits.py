"""Exponents of cost curves, and the time for many counties on many machines."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Power:
    """``cost = factor × size ** exponent``, with the standard error of the exponent."""

    factor: float
    exponent: float
    error: float


def power_law(size: Sequence[float], cost: Sequence[float]) -> Power | None:
    """Fit a power law by least squares on logarithms; None below three different sizes.

    With x = log size, y = log cost, n points and residuals e, the standard error is
    sqrt(sum e² / (n - 2) / sum (x - mean x)²).
    """
    x, y = np.log(np.asarray(size, dtype=float)), np.log(np.asarray(cost, dtype=float))
    if len(np.unique(x)) < 3:
        return None
    spread = x - x.mean()
    square = float(spread @ spread)
    exponent = float(spread @ y) / square
    start = float(y.mean() - exponent * x.mean())
    left = y - start - exponent * x
    error = float(np.sqrt(left @ left / (len(x) - 2) / square))
    return Power(float(np.exp(start)), exponent, error)


def makespan(seconds: Sequence[float], slots: int) -> float:
    """Return when the last job ends if the longest waiting one goes to the first free slot.

    Longest processing time first: at most 4/3 of the best possible (Graham 1969,
    doi 10.1137/0117039).
    """
    free = [0.0] * slots
    for job in sorted(seconds, reverse=True):
        heapq.heappush(free, heapq.heappop(free) + job)
    return max(free)


@dataclass(frozen=True)
class Country:
    """All of China on paper: 2,800 counties with about 600,000 villages."""

    counties: int = 2_800
    villages: int = 600_000
    cores_per_machine: int = 2
    machines: tuple[int, ...] = (1, 10, 50, 100)

    def jobs(
        self, villages: Sequence[float], seconds: Sequence[float], exponent: float
    ) -> list[float]:
        """Return seconds of each county, drawn from the measured ones with a fixed seed.

        Each drawn county is enlarged by the same factor until the villages add up, and its
        seconds grow with that factor to the power of ``exponent``.
        """
        drawn = np.random.default_rng(1).integers(len(seconds), size=self.counties)
        factor = self.villages / float(np.asarray(villages, dtype=float)[drawn].sum())
        return [float(s) for s in np.asarray(seconds, dtype=float)[drawn] * factor**exponent]
