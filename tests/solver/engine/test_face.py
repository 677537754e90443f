"""What a rung leaves out and what a face keeps, held against every plan of small programmes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import sparse

from models.arrays import Flags, Ints
from solver.engine.face import face
from solver.engine.highs import Effort, branch
from solver.engine.linear import relax
from solver.engine.matrix import NO_BOUND, Fillers, Matrix
from solver.engine.rung import Rung

CHOICES, HARD, SOFT = 7, 2, 3
SEEDS = range(60)


@dataclass(frozen=True)
class Drawn:
    """A small programme, all its plans, a row each, and the price of two goals."""

    matrix: Matrix
    plans: Ints
    first: Ints
    second: Ints


def drawn(seed: int) -> Drawn:
    """Draw choices, hard limits, soft rows either way with a slack each, and prices of both goals.

    The first goal prices some choices and one slack, the second the other slacks and choices.
    """
    random = np.random.default_rng(seed)
    coef = np.where(
        random.random((HARD + SOFT, CHOICES)) < 0.6,
        random.integers(1, 4, (HARD + SOFT, CHOICES)),
        0,
    )
    total = coef.sum(axis=1)
    side = (total * random.uniform(0.3, 0.7, HARD + SOFT)).astype(np.int64)
    asked = np.concatenate([np.zeros(HARD, dtype=bool), random.random(SOFT) < 0.5])
    low, high = np.where(asked, side, -NO_BOUND), np.where(asked, NO_BOUND, side)
    sign = np.where(asked[HARD:], 1, -1)
    need = np.where(asked[HARD:], side[HARD:], total[HARD:] - side[HARD:])
    slack = np.zeros((HARD + SOFT, SOFT), dtype=np.int64)
    slack[HARD + np.arange(SOFT), np.arange(SOFT)] = sign
    rows = sparse.csr_array(np.hstack([coef, slack]).astype(np.float64))
    upper = np.concatenate([np.ones(CHOICES, dtype=np.int64), need])
    soft = np.arange(SOFT)
    unmarked = np.zeros(SOFT, dtype=bool)
    fillers = Fillers(HARD + soft, CHOICES + soft, np.zeros(SOFT, dtype=np.int64), sign, unmarked)
    matrix = Matrix(rows, low, high, np.zeros_like(upper), upper, fillers)
    first, second = random.integers(-2, 4, (2, CHOICES + SOFT))
    first[CHOICES:], second[CHOICES:] = (3, 0, 0), (0, 2, 1)
    first[first < 0], second[second < 0] = 0, 0
    every = np.array(list(itertools.product(*(range(most + 1) for most in upper))), dtype=np.int64)
    return Drawn(matrix, every[admitted(matrix, every)], first, second)


def admitted(matrix: Matrix, plans: Ints) -> Flags:
    activity = np.rint(plans @ matrix.rows.T).astype(np.int64)
    inside = (activity >= matrix.low) & (activity <= matrix.high)
    bounded = (plans >= matrix.lower) & (plans <= matrix.upper)
    every: Flags = inside.all(axis=1) & bounded.all(axis=1)
    return every


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_rung_leaves_out_changes_no_optimum(seed: int) -> None:
    small = drawn(seed)
    for price in (small.first, small.second):
        rung = Rung(small.matrix, price)
        answer = branch(rung.part, rung.price, Effort(5))
        assert answer.values is not None
        plan = small.matrix.close(rung.lift(answer.values))
        assert small.matrix.admits(plan)
        assert price @ plan == (small.plans @ price).min()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_face_keeps_every_plan_as_good_and_no_other_where_it_says_so(seed: int) -> None:
    small = drawn(seed)
    rung = Rung(small.matrix, small.first)
    relaxed = relax(rung.part, rung.price, Effort(5))
    assert relaxed is not None
    cost = small.plans @ small.first
    for value in np.unique(cost)[:3].tolist():
        held, exact = face(small.matrix, rung, relaxed, value - relaxed.objective - rung.offset)
        kept = admitted(held, small.plans)
        assert kept[cost <= value].all()
        assert not exact or (cost[kept] <= value).all()


def test_rungs_leave_out_and_faces_are_exact_often_enough_to_be_tested() -> None:
    left_out, exact = 0, 0
    for seed in SEEDS:
        small = drawn(seed)
        rung = Rung(small.matrix, small.first)
        left_out += len(rung.part.low) < len(small.matrix.low)
        relaxed = relax(rung.part, rung.price, Effort(5))
        assert relaxed is not None
        gap = int((small.plans @ small.first).min()) - relaxed.objective - rung.offset
        exact += face(small.matrix, rung, relaxed, gap)[1]
    assert left_out > len(SEEDS) / 2
    assert exact > len(SEEDS) / 10
