"""Texts: what nets out, what fits, what never stands in them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from api.notices.texts import (
    MARK,
    WHOLE_PLAN,
    NetChange,
    digest_lines,
    fitted,
    net_changes,
    personal_head,
    personal_lines,
)
from models.calendar import ZONE


def facts(
    day: int, *, hour: int = 9, what: str = "示例岗", place: str = "示例中心"
) -> dict[str, Any]:
    start = dt.datetime(2026, 12, day, hour, tzinfo=ZONE)
    return {
        "kind": "值班",
        "what": what,
        "place": place,
        "start": start.isoformat(),
        "end": (start + dt.timedelta(hours=12)).isoformat(),
        "township": "",
    }


def change(key: str, was: int | None, now: int | None) -> dict[str, Any]:
    return {"key": key, "was": was and facts(was), "now": now and facts(now)}


STATES = st.lists(st.one_of(st.none(), st.integers(1, 3)), min_size=1, max_size=6)


@settings(max_examples=60)
@given(STATES, STATES)
def test_what_is_told_leads_from_what_was_told_last_to_what_is(
    one: list[int | None], other: list[int | None]
) -> None:
    told = []
    for key, states in (("a", one), ("b", other)):
        before = None
        for state in states:
            told.append(("例甲", [change(key, before, state)]))
            before = state
    found = {(c.was and c.was["start"], c.now and c.now["start"]) for c in net_changes(told)}
    wanted = {(None, facts(states[-1])["start"]) for states in (one, other) if states[-1]}
    assert found == wanted


def test_a_move_says_from_where_to_where() -> None:
    moved = net_changes([("例甲", [change("a", 7, 8)])])
    assert personal_lines(moved) == [
        "调整为 12月8日（周二）09:00–21:00 值班：示例岗（示例中心）；"
        "原为 12月7日（周一）09:00–21:00 值班：示例岗（示例中心）"
    ]
    assert personal_head("例甲", moved) == "【值班】例甲，您的安排有变动："


def test_a_night_ends_the_next_day_and_a_village_is_named_once() -> None:
    night = facts(7, hour=20, what="示例三村", place="示例西乡 示例三村")
    line = personal_lines([NetChange("例甲", None, night)])[0]
    assert line == "新增 12月7日（周一）20:00–次日08:00 值班：示例西乡 示例三村"


def test_a_whole_plan_is_counted_for_a_group() -> None:
    many = [NetChange(f"例{n % 7}", None, facts(1 + n % 28)) for n in range(WHOLE_PLAN + 1)]
    assert digest_lines("示例县2026年12月", many) == [
        "【值班】示例县2026年12月值班安排已公示，涉及 7 人、61 项。",
        "详情见值班日历。",
    ]


@settings(max_examples=60)
@given(st.lists(st.text("值班示例0–9（）", max_size=40), max_size=60), st.integers(60, 600))
def test_a_text_keeps_its_head_within_its_length_and_counts_what_it_leaves_out(
    lines: list[str], most: int
) -> None:
    head = f"{MARK}示例"
    text = fitted([head, *lines], most)
    assert len(text.encode()) <= most
    assert text.startswith(head)
    shown = text.split("\n")
    if shown != [head, *lines]:
        assert f"另有 {len(lines) + 2 - len(shown)} 行未列出" in shown[-1]


def test_a_number_that_somebody_typed_into_a_name_is_hidden() -> None:
    text = fitted([f"{MARK}例甲 139 0000 0000，您有以下安排："], None)
    assert "0000" not in text
    assert text.startswith(MARK)
