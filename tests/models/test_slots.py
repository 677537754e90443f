from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from models.calendar import Calendar
from models.instance import Settings
from models.places import Village
from models.slots import expand, market_days, part_times, post_times, visit_times
from models.vocabulary import DayClass, Part
from tests.factories import tiny_instance

CHINA = dt.timezone(dt.timedelta(hours=8))


def _post(**changes: Any) -> dict[str, Any]:
    row = {"id": "P", "site": "Z001", "name": "示例岗", "kind": "consultation"}
    return row | {"recurrence": "2026-12-10", "parts": ["am"]} | changes


def _spans(posts: list[dict[str, Any]], month: str = "2026-12") -> list[tuple[str, str, str]]:
    slots = expand(tiny_instance(posts=posts), month)
    return [(slot.id, f"{slot.start:%d %H:%M}", f"{slot.end:%d %H:%M}") for slot in slots]


def test_slots_take_their_times_from_the_settings():
    assert _spans([_post(parts=["night", "am", "pm", "am"])]) == [
        ("P@20261210am", "10 09:00", "10 12:00"),
        ("P@20261210pm", "10 14:00", "10 17:00"),
        ("P@20261210night", "10 20:00", "11 08:00"),
    ]


def test_slot_times_are_aware_and_eight_hours_ahead():
    (slot,) = expand(tiny_instance(posts=[_post()]), "2026-12")
    assert slot.start == dt.datetime(2026, 12, 10, 9, tzinfo=CHINA)
    assert slot.end == dt.datetime(2026, 12, 10, 12, tzinfo=CHINA)
    assert slot.start.tzname() == "CST"
    assert slot.hours == 3


@pytest.mark.parametrize(
    ("parts", "start", "end", "expected"),
    [
        (["am"], "08:30", "11:00", [("10 08:30", "10 11:00")]),
        (["am"], "08:30", None, [("10 08:30", "10 12:00")]),
        (["am", "pm"], "08:30", "17:30", [("10 08:30", "10 12:00"), ("10 14:00", "10 17:30")]),
        (["night"], "18:00", "06:00", [("10 18:00", "11 06:00")]),
        (["night"], "08:00", "08:00", [("10 08:00", "11 08:00")]),
        (["pm"], None, "16:00", [("10 14:00", "10 16:00")]),
    ],
)
def test_own_times_of_a_post_hold_at_the_edges_of_its_day(parts, start, end, expected):
    spans = _spans([_post(parts=parts, start=start, end=end)])
    assert [span[1:] for span in spans] == expected


def test_slots_are_sorted_by_date_part_site_and_post():
    two_days = "2026-12-10、2026-12-11"
    posts = [
        _post(id="C", site="Z002", recurrence=two_days),
        _post(id="B", site="Z001", recurrence=two_days, parts=["night", "am"]),
        _post(id="A", site="Z001", recurrence=two_days),
    ]
    one_day = ["A@{}am", "B@{}am", "C@{}am", "B@{}night"]
    ids = [slot.id for slot in expand(tiny_instance(posts=posts), "2026-12")]
    assert ids == [text.format(day) for day in ("20261210", "20261211") for text in one_day]


def test_workday_post_is_served_on_the_workdays_of_the_notice():
    slots = expand(tiny_instance(posts=[_post(recurrence="工作日", parts=["am", "pm"])]), "2026-02")
    assert len(slots) == 32
    assert {slot.day_class for slot in slots} == {DayClass.WORKDAY}


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("skip", [8, 15, 22, 29]),
        ("next_workday", [8, 15, 22, 29]),
        ("previous_workday", [8, 15, 22, 29]),
        ("keep", [1, 8, 15, 22, 29]),
    ],
)
def test_slots_respect_the_holiday_policy_of_the_post(policy, expected):
    posts = [_post(recurrence="周四", holiday=policy)]
    slots = expand(tiny_instance(posts=posts), "2026-10")
    assert [slot.date.day for slot in slots] == expected


def test_day_of_a_slot_is_classed_for_fairness():
    posts = [_post(recurrence="2026-10-01、2026-10-09、2026-10-11", holiday="keep")]
    classes = [slot.day_class for slot in expand(tiny_instance(posts=posts), "2026-10")]
    assert classes == [DayClass.HOLIDAY, DayClass.WORKDAY, DayClass.WEEKEND]


def test_overrides_of_the_office_decide_on_slots():
    days = [{"date": "2026-12-10", "is_workday": False}]
    posts = [_post(recurrence="周四"), _post(id="Q", recurrence="2026-12-10")]
    found = [
        (s.post.id, s.date.day) for s in expand(tiny_instance(posts=posts, days=days), "2026-12")
    ]
    assert found == [("P", 3), ("Q", 10), ("P", 17), ("P", 24), ("P", 31)]


def test_post_has_slots_only_while_it_is_valid():
    posts = [_post(recurrence="工作日", valid_from="2026-12-30", valid_to="2027-01-04")]
    instance = tiny_instance(posts=posts)
    found = {
        month: [slot.date.day for slot in expand(instance, month)]
        for month in ("2026-11", "2026-12", "2027-01", "2027-02")
    }
    # 2027-01-01 is a statutory holiday, the 2nd and 3rd a weekend.
    assert found == {"2026-11": [], "2026-12": [30, 31], "2027-01": [4], "2027-02": []}


def test_post_of_an_unknown_site_is_refused():
    with pytest.raises(KeyError, match="nowhere"):
        expand(tiny_instance(posts=[_post(site="nowhere")]), "2026-12")


def test_slots_carry_post_and_site_and_can_be_hashed():
    instance = tiny_instance(posts=[_post(mix={"lawyer": 1})])
    (slot,) = expand(instance, "2026-12")
    assert (slot.post, slot.site) == (instance.posts[0], instance.site_by_id["Z001"])
    assert {slot} == set(expand(instance, "2026-12"))


def test_market_days_are_held_on_rest_days_too():
    village = Village(id="V", name="示例村", area="A", market="逢1、5")
    found = market_days(village, Calendar(), "2026-10")
    assert sorted(day.day for day in found) == [1, 5, 11, 15, 21, 25, 31]


def test_village_without_market_has_no_market_days():
    village = Village(id="V", name="示例村", area="A")
    assert market_days(village, Calendar(), "2026-10") == frozenset()


def test_duty_outside_the_parts_of_its_post_takes_the_usual_times():
    instance = tiny_instance(posts=[_post(start="08:30")])
    day = dt.date(2026, 12, 10)
    usual = part_times(Settings(), day, Part.PM)
    assert post_times(instance.settings, instance.posts[0], day, Part.PM) == usual


def test_a_visit_lasts_what_it_counts_and_leaves_noon_free():
    day, village = dt.date(2026, 12, 7), tiny_instance().villages[0]
    settings = Settings()  # 09:00–12:00, 14:00–17:00, four hours a visit

    def clock(part: Part, **changes: Any) -> str:
        own = village.model_copy(update=changes)
        start, end = visit_times(settings, own, day, part)
        return f"{start:%H:%M}–{end:%H:%M}"

    assert clock(Part.AM) == "08:00–12:00"
    assert clock(Part.PM) == "14:00–18:00"
    assert clock(Part.AM, service_hours=2) == "09:00–11:00"
    assert clock(Part.PM, service_hours=2.5) == "14:00–16:30"
    assert clock(Part.AM, service_hours=8) == "08:00–12:00"
    settings = Settings(am_start="08:30", am_end="12:30", visit_hours=3.5)
    assert clock(Part.AM) == "08:30–12:00"
