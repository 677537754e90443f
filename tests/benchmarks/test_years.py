"""Months carried on: who is counted, what is due, what is drawn."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree

import pytest

from benchmarks.years.carried import closed
from benchmarks.years.county import MONTHS, county, months, staff
from benchmarks.years.section import draw
from models.instance import Instance
from tests.benchmarks.rows import month_closed


@pytest.fixture(scope="module")
def two_months():
    return list(itertools.islice(closed(1), 2))


def test_turns_add_up_from_month_to_month_and_differences_to_nothing(two_months):
    first, second = ({row.name: row for row in rows} for rows in two_months)
    assert all(second[name].turns >= row.turns for name, row in first.items())
    assert second["standby"].turns > first["standby"].turns
    for row in (*first.values(), *second.values()):
        assert row.most_below <= 0 <= row.most_above
        assert max(row.most_above, -row.most_below) <= 2


def test_somebody_comes_and_somebody_leaves_every_quarter():
    import numpy as np

    people = staff(np.random.default_rng(3))
    quarters = [months()[n : n + 3] for n in range(0, MONTHS, 3)]
    for field in ("active_from", "active_to"):
        told = [f"{person[field]:%Y-%m}" for person in people if field in person]
        assert [sum(month in quarter for month in told) for quarter in quarters] == [1] * 8
    assert isinstance(county(months()[0], people, [], []), Instance)


def test_picture_has_a_line_for_each_class_and_one_for_the_target(tmp_path):
    rows = [
        month_closed(name=name, month=month) for month in ("2025-11", "2025-12") for name in "ab"
    ]
    draw(rows, tmp_path / "picture.svg")
    shapes = [
        shape.tag.rpartition("}")[2] for shape in ElementTree.parse(tmp_path / "picture.svg").iter()
    ]
    assert shapes.count("polyline") == 3
