"""Apportionment by largest remainder (Hamilton): whole shares that add up exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def apportion(total: int, weights: Sequence[float | int | Fraction]) -> list[int]:
    """Split ``total`` by ``weights`` into whole numbers whose sum is ``total``.

    Formula: the quota of i is total × w[i] / sum(w); each gets the whole part of its quota, and what
    is left goes one by one to the largest remainders, the first of equals. Weights that are all
    zero count as equal; without any weights there is nothing to give.

    Raises
    ------
    ValueError
        A weight or the total is negative.
    """
    exact = [Fraction(weight) for weight in weights]
    if total < 0 or any(weight < 0 for weight in exact):
        message = "neither total nor weights may be negative"
        raise ValueError(message)
    if not exact:
        return []
    whole = sum(exact)
    quotas = [total * w / whole if whole else Fraction(total, len(exact)) for w in exact]
    given = [int(quota) for quota in quotas]
    by_rest = sorted(range(len(quotas)), key=lambda n: (given[n] - quotas[n], n))
    for n in by_rest[: total - sum(given)]:
        given[n] += 1
    return given
