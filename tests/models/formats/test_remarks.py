"""Remarks: what is odd and planned all the same."""

from __future__ import annotations

from typing import Any

import pytest

from models.formats.intake.remarks import remarks
from tests.factories import tiny_instance

POST = {"id": "P", "site": "Z001", "name": "示例岗", "kind": "consultation"}


HELD = {"person": "L001", "kind": "consultation", "turns": 2}


def told(**changes: Any) -> list[tuple[str, str]]:
    ledger = [HELD | {"month": "2026-11"}]
    found = remarks(tiny_instance(**({"ledger": ledger} | changes)))
    assert all(remark.zh and remark.en and remark.mend_zh and remark.mend_en for remark in found)
    return [(remark.code, remark.value) for remark in found]


@pytest.mark.parametrize(
    ("hours", "count"),
    [
        ({}, 0),
        ({"pm_end": "18:00", "night_start": "17:00"}, 1),
        ({"pm_end": "18:00", "night_start": "18:00"}, 0),
        ({"am_end": "14:01"}, 1),
        ({"night_end": "09:01"}, 1),
        ({"am_end": "14:30", "pm_end": "21:00", "night_end": "09:30"}, 3),
    ],
)
def test_parts_that_overlap_are_told(hours, count):
    assert told(settings=hours) == [("parts_overlap", "")] * count


@pytest.mark.parametrize(
    ("hours", "is_told"),
    [
        ({"parts": ["am"], "end": "17:00"}, True),
        ({"parts": ["pm"], "start": "11:00"}, True),
        ({"parts": ["night"], "start": "00:00", "end": "08:00"}, True),
        ({"parts": ["am"], "start": "08:30", "end": "08:29"}, True),
        ({"parts": ["am"], "start": "12:30", "end": "13:30"}, True),
        ({"parts": ["am"], "start": "08:30", "end": "14:00"}, False),
        ({"parts": ["am", "pm"], "start": "08:30", "end": "17:30"}, False),
        ({"parts": ["pm"]}, False),
    ],
)
def test_posts_whose_hours_leave_their_part_are_told(hours, is_told):
    posts = [POST | {"recurrence": "工作日"} | hours]
    assert told(posts=posts) == [("post_leaves_part", "P")] * is_told


def test_what_is_held_inside_the_month_is_told():
    rows = [
        {"person": "L001", "date": f"2026-{day}", "part": "am"}
        for day in ("11-30", "12-01", "12-31")
    ]
    assert told(held_around=rows) == [("held_inside", "2026-12-01")]
    assert told(held_around=rows[:1]) == []


@pytest.mark.parametrize(
    ("rhythm", "holiday", "code"),
    [
        ("2026-12-06", "skip", "dates_off"),
        ("2026-12-04、2026-12-06", "next_workday", "dates_off"),
        ("2026-12-04", "skip", ""),
        ("2027-01-02", "skip", ""),
        ("周末", "skip", "post_always_skipped"),
        ("周末", "keep", ""),
        ("休息日", "skip", ""),
        ("周五、周六", "skip", ""),
    ],
)
def test_days_of_posts_that_are_not_worked_are_told(rhythm, holiday, code):
    posts = [POST | {"recurrence": rhythm, "holiday": holiday}]
    assert told(posts=posts) == ([(code, "P")] if code else [])


@pytest.mark.parametrize(
    ("months", "month", "is_told"),
    [
        ([], "2026-12", True),
        (["2026-11"], "2026-12", False),
        (["2026-12"], "2026-12", True),
        (["2026-10", "2026-12"], "2026-12", True),
        (["2026-12"], "2027-01", False),
        (["2026-12"], "2027-02", True),
    ],
)
def test_a_ledger_without_the_month_before_is_told(months, month, is_told):
    ledger = [HELD | {"month": past} for past in months]
    found = told(ledger=ledger, settings={"month": month})
    assert found == [("ledger_month_missing", "")] * is_told


def test_without_posts_no_ledger_is_missed():
    assert told(ledger=[], posts=[]) == []
