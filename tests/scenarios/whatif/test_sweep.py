"""Sweeps: every combination of a grid, the rows of a list, ranges, blanks filled with values."""

from __future__ import annotations

from typing import Any

import pytest

from models.messages import catalogue
from scenarios.whatif.sweep import MOST, SweepError, blanks, combinations, described, filled


def test_a_grid_means_every_combination_in_order():
    made = combinations({"grid": {"cap": [3, 4], "kind": ["a", "b"]}})
    assert made == [
        {"cap": 3, "kind": "a"},
        {"cap": 3, "kind": "b"},
        {"cap": 4, "kind": "a"},
        {"cap": 4, "kind": "b"},
    ]


def test_a_list_means_its_rows_and_nothing_means_once():
    rows = [{"cap": 3, "minutes": 60}, {"cap": 5, "minutes": 30}]
    assert combinations({"list": rows}) == rows
    assert combinations({"name": "x"}) == [{}]


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ({"from": 3, "to": 5}, [3, 4, 5]),
        ({"from": 20, "to": 60, "step": 20}, [20, 40, 60]),
        ({"from": 0.1, "to": 0.3, "step": 0.1}, [0.1, 0.2, 0.3]),
        ({"from": 1, "to": 2, "step": 0.5}, [1.0, 1.5, 2.0]),
        ({"from": 5, "to": 5}, [5]),
    ],
)
def test_a_range_takes_both_ends(given: dict[str, Any], values: list[Any]):
    assert combinations({"grid": {"x": given}}) == [{"x": value} for value in values]


@pytest.mark.parametrize(
    ("scenario", "path"),
    [
        ({"grid": {"x": [1]}, "list": [{"x": 1}]}, ("list",)),
        ({"grid": []}, ("grid",)),
        ({"grid": {}}, ("grid",)),
        ({"grid": {"x": 3}}, ("grid", "x")),
        ({"grid": {"x": []}}, ("grid", "x")),
        ({"grid": {"x": {"from": 3, "to": 1}}}, ("grid", "x")),
        ({"grid": {"x": {"from": 1, "to": 3, "step": 0}}}, ("grid", "x")),
        ({"grid": {"x": {"from": 1, "to": 3, "steps": 1}}}, ("grid", "x")),
        ({"grid": {"x": {"from": True, "to": 3}}}, ("grid", "x")),
        ({"grid": {"x": {"from": 1, "to": float("inf")}}}, ("grid", "x")),
        ({"grid": {"x": {"from": 1, "to": 10**12}}}, ("grid", "x")),
        ({"grid": {"x": list(range(40)), "y": list(range(40))}}, ("grid",)),
        ({"list": []}, ("list",)),
        ({"list": [3]}, ("list",)),
        ({"list": [{"x": 1}, {"y": 1}]}, ("list", 1)),
    ],
)
def test_what_is_no_sweep_says_where(scenario: dict[str, Any], path: tuple[Any, ...]):
    with pytest.raises(SweepError) as caught:
        combinations(scenario)
    assert caught.value.path == path
    assert caught.value.code in catalogue()


def test_the_largest_sweep_is_allowed():
    assert len(combinations({"grid": {"x": {"from": 1, "to": MOST}}})) == MOST


def test_a_blank_alone_becomes_the_value_and_within_a_text_its_words():
    values = {"cap": 3, "kinds": ["a", "b"]}
    table = {"most": "{cap}", "who": ["{kinds}", "x{cap}"], "how": {"k": "{kinds}!"}, "n": 4}
    assert filled(table, values) == {
        "most": 3,
        "who": [["a", "b"], "x3"],
        "how": {"k": "a、b!"},
        "n": 4,
    }
    assert sorted(blanks(table)) == ["cap", "cap", "kinds", "kinds"]
    assert filled("{other} {cap}", values) == "{other} 3"
    assert described({"cap": 3, "share": 0.5}) == "cap 3, share 0.5"
