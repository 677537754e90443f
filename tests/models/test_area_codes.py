from __future__ import annotations

import pytest

from models.area_codes import is_within

INSIDE = [
    ("320505001", "320505"),
    ("320505001", "320500"),
    ("320505001", "320000"),
    ("320505001001", "320505001"),
    ("320505001000", "320505001"),
    ("320505001", "320505001000"),
    ("320500", "320000"),
    ("419001100", "410000"),
    ("park", "park"),
]
OUTSIDE = [
    ("320505", "320505001"),
    ("320506001", "320505"),
    ("320000", "320500"),
    ("410105001", "320000"),
    ("32050", "320000"),
    ("park-1", "park"),
    ("320505-1", "320505"),
    ("３２０５０５", "320500"),
    ("000000", "park"),
    ("", "320500"),
    ("320505", ""),
]


@pytest.mark.parametrize(("area", "other"), INSIDE)
def test_codes_nest(area: str, other: str) -> None:
    assert is_within(area, other)


@pytest.mark.parametrize(("area", "other"), OUTSIDE)
def test_other_codes_do_not(area: str, other: str) -> None:
    assert not is_within(area, other)
