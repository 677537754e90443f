from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from models.calendar import Calendar, month_days, next_month, previous_month, quarter
from models.instance import DayOverride
from models.vocabulary import DayClass

# Notice of the State Council General Office of 2025-11-04 for the year 2026.
OFF_2026 = {
    "元旦": [(1, 1), (1, 2), (1, 3)],
    "春节": [(2, day) for day in range(15, 24)],
    "清明节": [(4, 4), (4, 5), (4, 6)],
    "劳动节": [(5, day) for day in range(1, 6)],
    "端午节": [(6, 19), (6, 20), (6, 21)],
    "中秋节": [(9, 25), (9, 26), (9, 27)],
    "国庆节": [(10, day) for day in range(1, 8)],
}
MAKE_UP_2026 = {
    (1, 4): "元旦补班",
    (2, 14): "春节补班",
    (2, 28): "春节补班",
    (5, 9): "劳动节补班",
    (9, 20): "国庆节补班",
    (10, 10): "国庆节补班",
}


def _days_of(year: int) -> list[dt.date]:
    return [day for number in range(1, 13) for day in month_days(f"{year}-{number:02d}")]


def test_holidays_of_2026_are_those_of_the_notice():
    calendar = Calendar()
    expected = {dt.date(2026, *day): name for name, days in OFF_2026.items() for day in days}
    found = {
        day: calendar.holiday_name(day)
        for day in _days_of(2026)
        if calendar.day_class(day) is DayClass.HOLIDAY
    }
    assert found == expected


def test_weekend_workdays_of_2026_are_the_make_up_days_of_the_notice():
    calendar = Calendar()
    found = {
        (day.month, day.day): calendar.holiday_name(day)
        for day in _days_of(2026)
        if day.isoweekday() > 5 and calendar.is_workday(day)
    }
    assert found == MAKE_UP_2026


def test_workdays_of_2026_count_as_the_notice_gives_them():
    counts = [len(Calendar().workdays(f"2026-{number:02d}")) for number in range(1, 13)]
    assert counts == [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]
    assert sum(counts) == 248


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-02-14", DayClass.WORKDAY),
        ("2026-02-15", DayClass.HOLIDAY),
        ("2026-02-23", DayClass.HOLIDAY),
        ("2026-02-07", DayClass.WEEKEND),
        ("2026-02-09", DayClass.WORKDAY),
    ],
)
def test_day_class_tells_make_up_days_rest_days_and_weekends(day, expected):
    assert Calendar().day_class(dt.date.fromisoformat(day)) is expected


def test_ordinary_days_have_no_name():
    calendar = Calendar()
    assert [calendar.holiday_name(dt.date(2026, 3, day)) for day in (6, 7)] == ["", ""]


def test_years_without_notice_are_estimated_and_guess_no_make_up_days():
    calendar = Calendar()
    estimated = {year: calendar.is_estimated(dt.date(year, 3, 1)) for year in (2024, 2026, 2027)}
    weekend_workdays = [
        day for day in _days_of(2027) if day.isoweekday() > 5 and calendar.is_workday(day)
    ]
    assert estimated == {2024: False, 2026: False, 2027: True}
    assert weekend_workdays == []


def test_statutory_holidays_of_estimated_years_have_plain_names():
    calendar = Calendar()
    assert calendar.day_class(dt.date(2027, 2, 8)) is DayClass.HOLIDAY
    assert calendar.holiday_name(dt.date(2027, 2, 9)) == "春节"
    assert calendar.holiday_name(dt.date(2031, 10, 1)) == "中秋节、国庆节"


def test_override_wins_over_notice_and_estimate():
    rows = [
        DayOverride(date=dt.date(2026, 2, 15), is_workday=True, name="值守"),
        DayOverride(date=dt.date(2026, 3, 6), is_workday=False, name="停电"),
        DayOverride(date=dt.date(2027, 2, 6), is_workday=True),
    ]
    calendar = Calendar(rows)
    days = [row.date for row in rows]
    assert [calendar.day_class(day) for day in days] == [
        DayClass.WORKDAY,
        DayClass.HOLIDAY,
        DayClass.WORKDAY,
    ]
    assert [calendar.holiday_name(day) for day in days] == ["值守", "停电", ""]
    assert [calendar.is_estimated(day) for day in days] == [False, False, False]
    assert calendar.is_estimated(dt.date(2027, 2, 7))


def test_override_of_make_up_day_to_rest_makes_it_a_weekend_again():
    saturday = dt.date(2026, 2, 14)
    calendar = Calendar([DayOverride(date=saturday, is_workday=False)])
    assert calendar.day_class(saturday) is DayClass.WEEKEND
    assert calendar.holiday_name(saturday) == ""


@pytest.mark.parametrize(
    ("day", "name", "expected"),
    [
        ("2026-03-07", "", DayClass.WEEKEND),
        ("2026-03-07", "地方节日", DayClass.HOLIDAY),
        ("2027-02-06", "", DayClass.HOLIDAY),  # lunar new year, a Saturday
        ("2027-02-11", "", DayClass.HOLIDAY),  # a Thursday
    ],
)
def test_override_to_rest_is_a_holiday_unless_it_is_a_plain_weekend(day, name, expected):
    override = DayOverride(date=dt.date.fromisoformat(day), is_workday=False, name=name)
    assert Calendar([override]).day_class(override.date) is expected


def test_calendars_do_not_share_overrides():
    day = dt.date(2026, 3, 6)
    changed = Calendar([DayOverride(date=day, is_workday=False)])
    assert (changed.is_workday(day), Calendar().is_workday(day)) == (False, True)


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        ("2026-01", ("2026-01", "2026-02", "2026-03")),
        ("2026-06", ("2026-04", "2026-05", "2026-06")),
        ("2026-11", ("2026-10", "2026-11", "2026-12")),
    ],
)
def test_quarter_holds_the_three_months_of_a_month(month, expected):
    assert quarter(month) == expected


def test_neighbour_months_cross_the_year():
    assert (next_month("2026-12"), previous_month("2026-01")) == ("2027-01", "2025-12")
    assert (next_month("2026-01"), previous_month("2026-03")) == ("2026-02", "2026-02")


@pytest.mark.parametrize(("month", "length"), [("2024-02", 29), ("2026-02", 28), ("2026-12", 31)])
def test_month_days_are_all_days_of_the_month(month, length):
    days = month_days(month)
    assert [day.isoformat() for day in days] == [f"{month}-{n:02d}" for n in range(1, length + 1)]


def test_reading_an_instance_loads_no_calendar_library():
    program = (
        "import sys; from models.instance import Instance; import models.slots;"
        "heavy = {'chinese_calendar', 'holidays', 'lunar_python', 'icalendar', 'pandas'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, check=True, cwd=root)
    assert done.stdout.decode().strip() == "[]"


def test_the_example_of_a_day_override_is_what_the_official_calendar_says():
    """A clerk who leaves the example row of the template in place plans no holiday as a workday."""
    examples = {name: field.examples[0] for name, field in DayOverride.model_fields.items()}
    day, calendar = dt.date.fromisoformat(examples["date"]), Calendar()
    assert not calendar.is_estimated(day)
    assert calendar.is_workday(day) == (examples["is_workday"] == "是")
    assert "春节" in examples["name"]
    assert "春节" in calendar.holiday_name(day)


def _off(*days: str, name: str = "") -> list[DayOverride]:
    return [
        DayOverride(date=dt.date.fromisoformat(day), is_workday=False, name=name) for day in days
    ]


@pytest.mark.parametrize(
    ("month", "rows", "is_estimated"),
    [
        ("2027-02", [], True),
        ("2027-02", ["2027-02-05"], True),
        ("2027-02", ["2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10"], False),
        ("2027-03", ["2027-02-08", "2027-02-09"], True),
        ("2026-02", [], False),  # there is a notice
    ],
)
def test_a_month_is_no_longer_estimated_when_its_days_off_are_entered(
    month: str, rows: list[str], is_estimated: bool
) -> None:
    assert Calendar(_off(*rows)).is_month_estimated(month) is is_estimated


def test_one_row_says_that_the_notice_of_a_year_is_entered() -> None:
    calendar = Calendar(_off("2027-01-01", name="2027 年放假通知已录入"))
    assert not any(calendar.is_month_estimated(f"2027-{n:02d}") for n in range(1, 13))
    assert calendar.is_month_estimated("2028-03")
    assert calendar.holiday_name(dt.date(2027, 1, 1)) == "元旦"


@pytest.mark.parametrize(
    ("month", "rows", "is_open"),
    [
        ("2026-12", [], True),
        ("2026-11", [], False),
        ("2025-12", [], False),  # the notice of 2026 is known
        ("2026-12", ["2026-12-31"], True),
        ("2026-12", ["2027-01-01"], False),
    ],
)
def test_last_days_of_december_wait_for_the_notice_of_the_next_year(
    month: str, rows: list[str], is_open: bool
) -> None:
    assert Calendar(_off(*rows)).last_days_open(month) is is_open
