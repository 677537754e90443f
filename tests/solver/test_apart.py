"""Counties planned apart: what is said of the plan holds for plans that cross borders too."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models.instance import Instance
from solver.limits import Limits, Stage
from solver.profiles import load_rules
from solver.solve import solve

RULES = load_rules("default")
COUNTIES = ("C0", "C1", "C2")


def city(villages: list[int], people: list[int], crossing: list[int]) -> Instance:
    """Return three counties side by side: villages and advisers of each, and who serves the next too."""
    areas: list[dict[str, Any]] = [{"id": "C", "name": "示例市", "level": "city"}]
    rows, staff = [], []
    for n, code in enumerate(COUNTIES):
        point = {"lon": 113 + n / 5, "lat": 34.0}
        town = f"{code}T"
        areas.append({"id": code, "name": f"示例{n}县", "level": "county", "parent": "C"} | point)
        areas.append(
            {"id": town, "name": f"示例{n}镇", "level": "township", "parent": code} | point
        )
        rows += [
            {"id": f"{code}V{k}", "name": f"示例{n}{k}村", "area": town} | point
            for k in range(villages[n])
        ]
        staff += [
            {"id": f"{code}L{k}", "name": f"例{n}{k}", "kind": "lawyer", "area": town}
            | {"serves_areas": [code, COUNTIES[(n + 1) % 3]] if k < crossing[n] else [code]}
            | {"villages_max": 2}
            | point
            for k in range(people[n])
        ]
    return Instance.model_validate({"areas": areas, "villages": rows, "people": staff})


def three(most: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, most), min_size=3, max_size=3)


@settings(max_examples=10)
@given(three(6), three(3), three(3))
def test_bound_of_a_plan_apart_is_none_that_the_whole_beats(villages, people, crossing):
    instance = city(villages, people, crossing)
    settings_of = {"month": "2026-12", "stage": Stage.ADVISERS}
    whole = solve(instance, RULES, limits=Limits(20), **settings_of).report.goals
    apart = solve(instance, RULES, limits=Limits(20, cut=0), **settings_of).report.goals
    best = {goal.name: goal.value for goal in whole if goal.gap == 0}
    for goal in apart:
        if goal.name not in best:
            break
        assert goal.bound <= best[goal.name]
        assert goal.value >= best[goal.name]
        if goal.value > best[goal.name]:
            break  # what follows is bounded for plans as good so far


def test_counties_apart_claim_no_proof_that_a_neighbour_undoes():
    """All people live in one county and serve the next: alone, the other has nobody."""
    instance = city([2, 4, 0], [4, 0, 0], [4, 0, 0])
    report = solve(instance, RULES, "2026-12", Stage.ADVISERS, Limits(20, cut=0)).report
    coverage = next(goal for goal in report.goals if goal.name == "coverage")
    assert coverage.is_cut
    assert coverage.bound == 0
