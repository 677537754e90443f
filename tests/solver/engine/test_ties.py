"""Parts that only soft rows of the last goal tie together, held against every plan of the whole."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import sparse

from models.arrays import Ints
from models.goals import Goal
from solver.engine import parts as parts_module
from solver.engine.highs import Effort
from solver.engine.matrix import NO_BOUND, Fillers, Matrix
from solver.engine.parts import Parts
from solver.engine.split import StagePart

COUNTIES, VILLAGES, WEEKS = 3, 2, 2


def drawn(seed: int) -> StagePart:
    """Draw visits of villages to weeks: ways for the first goal, wishes and full weeks for the last.

    Each village has one visit; what a week holds over all counties is shared, and what goes beyond costs.
    """
    random = np.random.default_rng(seed)
    villages = COUNTIES * VILLAGES
    choices = villages * WEEKS
    village, week = np.divmod(np.arange(choices), WEEKS)
    most = random.integers(1, villages, WEEKS)
    each = sparse.csr_array((np.ones(choices), (village, np.arange(choices))))
    full = sparse.csr_array((np.ones(choices), (week, np.arange(choices))))
    county = sparse.csr_array((np.ones(choices), (village // VILLAGES, np.arange(choices))))
    slack = sparse.csr_array(-np.eye(WEEKS))
    rows = sparse.csr_array(sparse.block_array([[each, None], [county, None], [full, slack]]))
    low = np.concatenate(
        [np.ones(villages), np.full(COUNTIES, VILLAGES), np.full(WEEKS, -NO_BOUND)]
    )
    high = np.concatenate([np.ones(villages), np.full(COUNTIES, VILLAGES), most])
    upper = np.concatenate([np.ones(choices), villages - most]).astype(np.int64)
    weeks = np.arange(WEEKS)
    sign, unmarked = np.full(WEEKS, -1), np.zeros(WEEKS, dtype=bool)
    place = villages + COUNTIES + weeks, choices + weeks
    fillers = Fillers(*place, np.zeros_like(weeks), sign, unmarked)
    sides = low.astype(np.int64), high.astype(np.int64)
    matrix = Matrix(rows, *sides, np.zeros_like(upper), upper, fillers)
    way = np.concatenate([random.integers(0, 2, choices), np.zeros(WEEKS, dtype=np.int64)])
    wish = np.concatenate([random.integers(0, 3, choices), np.full(WEEKS, 2)])
    start = np.zeros_like(upper)
    start[:choices][week == 0] = 1
    labels = np.concatenate([village // VILLAGES, np.full(WEEKS, -1)])
    prices = [(Goal.TRAVEL, way), (Goal.PREFERENCE, wish)]
    columns = np.arange(len(upper), dtype=np.int64)
    return StagePart(columns, matrix, prices, matrix.close(start), labels, labels)


def best(whole: StagePart) -> list[int]:
    """Return the value of each goal, of all plans of the whole, one after the other."""
    week = itertools.product(range(WEEKS), repeat=COUNTIES * VILLAGES)
    plans = []
    for chosen in week:
        plan = np.zeros_like(whole.start)
        plan[np.arange(len(chosen)) * WEEKS + np.array(chosen)] = 1
        plans.append(whole.matrix.close(plan))
    worth = np.array([[int(price @ plan) for _, price in whole.prices] for plan in plans])
    first: Ints = worth[np.lexsort(worth.T[::-1])[0]]
    return [int(value) for value in first]


@pytest.mark.parametrize("seed", range(25))
def test_parts_apart_at_ties_reach_the_optimum_of_the_whole(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts_module, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr("solver.engine.split.SMALL", 1)
    whole = drawn(seed)
    parts = Parts("month", whole, Effort(30.0), lambda _: None)
    assert len(parts._parts) == COUNTIES
    parts.climb()
    assert whole.matrix.admits(parts.values)
    assert [result.value for result in parts.results] == best(whole)
    assert all(result.bound == result.value for result in parts.results)


def test_ties_bind_in_some_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the parts reach apart is not enough, or nothing above is tested."""
    monkeypatch.setattr(parts_module, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr("solver.engine.split.SMALL", 1)
    eased = 0
    for seed in range(25):
        parts = Parts("month", drawn(seed), Effort(30.0), lambda _: None)
        parts._climb_with(parts._one_by_one)
        eased += [result.value for result in parts.results] != best(drawn(seed))
        assert all(result.bound <= result.value for result in parts.results)
    assert eased >= 5
