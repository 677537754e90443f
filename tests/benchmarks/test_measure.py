from __future__ import annotations

import pytest

from benchmarks.measure import Effort, goals_of, measured
from models.goals import LADDER
from tests.factories import tiny_instance

GOAL = {"stage": "seats", "name": "travel", "value": 7, "bound": 6.0, "gap": 1 / 7, "seconds": 0.5}


def test_missing_advisers_are_a_goal_of_their_own():
    goals = goals_of(
        {"goals": [GOAL], "shortage": {"missing": 9, "missing_bound": 8, "gap": 1 / 9}}
    )
    assert goals == [
        {
            **{"stage": "seats", "rung": "travel", "value": 7, "bound": 6.0, "gap": 1 / 7},
            "rung_seconds": 0.5,
        },
        {"stage": "shortage", "rung": "missing", "value": 9, "bound": 8, "gap": 1 / 9},
    ]


@pytest.mark.parametrize("report", [{"goals": []}, {"goals": [], "shortage": None}])
def test_nothing_is_missing_where_the_cap_holds(report):
    assert goals_of(report) == []


@pytest.mark.slow
def test_whole_command_gives_a_row_per_goal_and_is_verified():
    rows = measured(tiny_instance(), "tiny", Effort(seed=3, seconds=5))
    assert {(r.status, r.hard_breaches, r.gap, r.seed) for r in rows} == {("optimal", 0, 0.0, 3)}
    order = [goal.value for goal in LADDER]
    for stage in ("seats", "month"):
        rungs = [row.rung for row in rows if row.stage == stage]
        assert rungs == sorted(rungs, key=order.index)
        assert rungs
    first = rows[0]
    assert first.whole_seconds > (first.solve_seconds or 0) > 0
    assert first.peak_memory_mb > 50


def test_command_that_fails_has_one_row_saying_how():
    (row,) = measured(tiny_instance(), "tiny", Effort(workers=0))
    assert (row.status, row.rung, row.value, row.hard_breaches) == ("exit 2", "", None, None)
