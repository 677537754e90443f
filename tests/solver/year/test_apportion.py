"""Largest remainder: whole shares that add up, each within one of its quota."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.year.apportion import apportion

WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=12)


@given(st.integers(0, 10**9), WEIGHTS)
def test_shares_add_up_and_keep_their_quota(total, weights):
    shares = apportion(total, weights)
    assert sum(shares) == total
    if sum(weights):
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share - Fraction(total * weight, sum(weights))) < 1


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (10, [6, 3, 1], [6, 3, 1]),
        (5, [0, 0], [3, 2]),
        (7, [], []),
        (21, [Fraction(43, 100), Fraction(53, 100), Fraction(4, 100)], [9, 11, 1]),
    ],
)
def test_known_splits(total, weights, shares):
    assert apportion(total, weights) == shares


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, [1, -1])])
def test_nothing_is_negative(total, weights):
    with pytest.raises(ValueError, match="negative"):
        apportion(total, weights)
