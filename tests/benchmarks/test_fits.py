from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.fits import Country, makespan, power_law


@given(st.floats(0.01, 100), st.floats(-2, 3))
def test_exact_power_law_is_found_without_error(factor, exponent):
    sizes = [250, 500, 1000, 4000]
    fit = power_law(sizes, [factor * size**exponent for size in sizes])
    assert fit is not None
    assert fit.exponent == pytest.approx(exponent, abs=1e-9)
    assert fit.factor == pytest.approx(factor, rel=1e-6)
    assert fit.error == pytest.approx(0, abs=1e-6)


def test_standard_error_is_that_of_the_textbook():
    # log2: x = 0, 1, 2, 3; y = 0, 1, 2, 4: slope 1.3, residuals .2 -.1 -.4 .3, sum e² = .3
    fit = power_law([1, 2, 4, 8], [1, 2, 4, 16])
    assert fit is not None
    assert fit.exponent == pytest.approx(1.3)
    assert fit.error == pytest.approx((0.3 / 2 / 5) ** 0.5)


@pytest.mark.parametrize("sizes", [[], [5], [5, 7], [5, 5, 7, 7]])
def test_two_sizes_make_no_curve(sizes):
    assert power_law(sizes, [1.0] * len(sizes)) is None


def test_longest_first_on_grahams_example():
    # Graham 1969: 5 5 4 4 3 3 3 on three machines ends at 11, the best possible at 9
    assert makespan([3, 5, 4, 3, 5, 3, 4], 3) == 11


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(1, 3))
def test_longest_first_is_within_a_third_of_the_best(jobs, slots):
    loads = (
        max(sum(j for j, at in zip(jobs, places, strict=True) if at == n) for n in range(slots))
        for places in product(range(slots), repeat=len(jobs))
    )
    best = min(loads)
    assert best <= makespan(jobs, slots) <= best * (4 / 3 - 1 / (3 * slots)) + 1e-9


def test_country_is_drawn_from_what_was_measured():
    jobs = Country(counties=10, villages=2000).jobs([100, 100], [7.0, 7.0], exponent=1.5)
    assert jobs == pytest.approx([7.0 * 2**1.5] * 10)


def test_one_machine_takes_as_long_as_all_counties_on_its_cores():
    jobs = [4.0] * 10
    assert (makespan(jobs, 2), makespan(jobs, 20)) == (20.0, 4.0)
