"""An id counts within a county; the licence tells who is the same beyond it."""

from __future__ import annotations

import pytest

from models.county_ids import county_of, id_of, person_key, person_marks, site_key, village_key
from tests.factories import tiny_content, tiny_instance


@pytest.mark.parametrize(
    ("area", "county"),
    [
        ("410105", "410105"),
        ("410105001", "410105"),
        ("410105001003", "410105"),
        ("410105000000", "410105"),
        ("410100", "410100"),  # a city is no county: it stands for itself
        ("410000000000", "410000000000"),
        ("东街", "东街"),
    ],
)
def test_official_codes_tell_the_county(area, county):
    assert county_of(tiny_instance(), area) == county


def test_without_official_codes_the_data_tell_it():
    content = tiny_content()
    names = {"410105": "county", "410105001": "east", "410105002": "west"}
    for row in content["areas"]:
        row["id"] = names[row["id"]]
        row["parent"] = names.get(row["parent"])
    instance = tiny_instance(areas=content["areas"])
    assert [county_of(instance, area) for area in names.values()] == ["county"] * 3


def test_keys_are_of_the_county_of_the_rows_own_area():
    instance = tiny_instance()
    assert person_key(instance, "L003") == "410105/L003"
    assert site_key(instance, "Z001") == "410105/Z001"
    assert village_key(instance, "410105001001") == "410105/410105001001"
    assert person_key(instance, "nobody") == "410105/nobody"
    assert [id_of(key) for key in ("410105/L003", "410105001")] == ["L003", "410105001"]


def test_equal_licence_numbers_have_the_same_mark_and_none_has_none():
    people = tiny_content()["people"]
    numbers = ["made-up a 1", "MADE-UPA1", "made-up 2", "", ""]
    for row, number in zip(people, numbers, strict=True):
        row["licence_no"] = number
    instance = tiny_instance(people=people)
    first, same, other, *without = (person_marks(instance, row["id"]).licence for row in people)
    assert first is not None
    assert (first == same, first == other, without) == (True, False, [None, None])
    assert "made-up" not in first
