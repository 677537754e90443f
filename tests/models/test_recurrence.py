from __future__ import annotations

import datetime as dt
import pickle
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lunar_python import Solar
from pydantic import BaseModel, TypeAdapter, ValidationError

from models.calendar import Calendar, month_days, next_month
from models.days.day_patterns import (
    LAST,
    Branches,
    Dates,
    DaysOfMonth,
    EveryDay,
    EveryNth,
    LastDigits,
    NthWeekday,
    RestDays,
    Weekdays,
    Workdays,
)
from models.days.lunar_days import BRANCHES, branch_index, lunar_day
from models.instance import DayOverride
from models.recurrence import Recurrence
from models.vocabulary import HolidayPolicy

CALENDAR = Calendar()
KEEP, SKIP = HolidayPolicy.KEEP, HolidayPolicy.SKIP
NEXT, PREVIOUS = HolidayPolicy.NEXT_WORKDAY, HolidayPolicy.PREVIOUS_WORKDAY


def _days(text: str, month: str, policy: HolidayPolicy = KEEP) -> list[int]:
    dates = Recurrence(text).dates(CALENDAR, month_days(month), policy)
    assert {f"{date:%Y-%m}" for date in dates} <= {month}
    return [date.day for date in dates]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("每天", "每天"),
        (" Daily ", "每天"),
        ("工作日", "工作日"),
        ("workdays", "工作日"),
        ("休息日", "休息日"),
        ("周末和节假日", "休息日"),
        ("周二、周四", "周二、周四"),
        ("星期二", "周二"),
        ("每周四，二", "周二、周四"),
        ("礼拜天", "周日"),
        ("周2/周４", "周二、周四"),
        ("周二和周四", "周二、周四"),
        ("周二\n周四", "周二、周四"),
        ("周一至周五", "周一、周二、周三、周四、周五"),
        ("周末", "周六、周日"),
        ("mon;thu", "周一、周四"),
        ("Tuesday, Wednesdays", "周二、周三"),
        ("Mon-Wed", "周一、周二、周三"),
        ("逢1、5、8", "逢1、5、8"),
        ("公历逢１；５；８", "逢1、5、8"),
        ("逢四", "逢4"),
        ("每月逢5日", "逢5"),
        ("逢二遇七", "逢2、7"),
        ("农历逢2、5", "农历逢2、5"),
        ("农历二五十", "农历逢2、5、10"),
        ("阴历逢0,5", "农历逢5、10"),
        ("逢辰、戌", "逢辰、戌"),
        ("戌辰日", "逢辰、戌"),
        ("丑巳酉", "逢丑、巳、酉"),
        ("逢龙、狗", "逢辰、戌"),
        ("每3天 自2026-01-01", "每3天 自2026-01-01"),
        ("每三天（自2026年1月1日起）", "每3天 自2026-01-01"),
        ("every 10 days from 2026/1/1", "每10天 自2026-01-01"),
        ("每月第1个周三", "每月第1个周三"),
        ("每月第一、三个星期三", "每月第1、3个周三"),
        ("每月最后一个周五", "每月最后一个周五"),
        ("每月最后1个周五", "每月最后一个周五"),
        ("每月最末周五", "每月最后一个周五"),
        ("每月倒数第一个星期五", "每月最后一个周五"),
        ("每月18日", "每月18日"),
        ("每月15号、5号、25号", "每月5、15、25日"),
        ("2026-12-18、2026-12-04", "2026-12-04、2026-12-18"),
        ("2026年12月4日; 2026.12.18 2026/12/4", "2026-12-04、2026-12-18"),
    ],
)
def test_recurrence_reads_what_clerks_write(text, canonical):
    assert Recurrence(text).text == canonical
    assert Recurrence(text) == Recurrence(canonical)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "recurrence_empty"),
        (" 　\n", "recurrence_empty"),
        ("有空就来", "recurrence_unknown"),
        ("午", "recurrence_unknown"),
        ("weekdays", "recurrence_unknown"),
        ("每隔3天", "recurrence_unknown"),
        ("2026-12-04 09:00", "recurrence_unknown"),
        ("周八", "recurrence_weekday"),
        ("周三下午", "recurrence_weekday"),
        ("周五至周一", "recurrence_weekday"),
        ("逢15", "recurrence_digit"),
        ("逢十五", "recurrence_digit"),
        ("农历逢辰", "recurrence_digit"),
        ("农历", "recurrence_unknown"),
        ("每3天", "recurrence_anchor"),
        ("每3天 自明天", "recurrence_anchor"),
        ("每0天 自2026-01-01", "recurrence_interval"),
        ("每367天 自2026-01-01", "recurrence_interval"),
        ("每3天 自2026-02-30", "recurrence_date"),
        ("2026-02-30", "recurrence_date"),
        ("每月第6个周三", "recurrence_ordinal"),
        ("每月第1、6个周三", "recurrence_ordinal"),
        ("每月32日", "recurrence_day"),
        ("每月0日", "recurrence_day"),
        ("周一、" * 3000, "recurrence_long"),
    ],
)
def test_recurrence_refuses_with_a_stable_code(text, code):
    with pytest.raises(ValueError, match=rf"^{code} 「"):
        Recurrence(text)


def test_refusal_shows_no_control_characters_and_little_text():
    with pytest.raises(ValueError, match="recurrence_unknown") as caught:
        Recurrence("\x1b[31m坏\u2028" + "长" * 500)
    assert str(caught.value) == f"recurrence_unknown 「[31m坏{'长' * 33}」"


def _subsets(low: int, high: int) -> st.SearchStrategy[tuple[int, ...]]:
    numbers = st.sets(st.integers(low, high), min_size=1)
    return numbers.map(lambda chosen: tuple(sorted(chosen)))


_DATES = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))
PATTERNS = st.one_of(
    st.builds(EveryDay),
    st.builds(Workdays),
    st.builds(Weekdays, _subsets(1, 7)),
    st.builds(LastDigits, _subsets(0, 9), st.booleans()),
    st.builds(Branches, _subsets(0, 11)),
    st.builds(EveryNth, st.integers(1, 366), _DATES),
    st.builds(NthWeekday, st.just((LAST,)) | _subsets(1, 5), st.integers(1, 7)),
    st.builds(DaysOfMonth, _subsets(1, 31)),
    st.builds(Dates, st.sets(_DATES, min_size=1).map(lambda chosen: tuple(sorted(chosen)))),
)


@settings(max_examples=300, deadline=None)
@given(PATTERNS)
def test_canonical_text_reads_back_as_the_same_pattern(pattern):
    recurrence = Recurrence(str(pattern))
    assert recurrence.pattern == pattern
    assert Recurrence(recurrence.text) == recurrence


CODES = ("unknown", "weekday", "digit", "interval", "anchor", "ordinal", "day", "date")


def _outcome(text: str) -> tuple[str, str]:
    """Return the code of the refusal and the text refused, or no code and the canonical text."""
    try:
        return "", Recurrence(text).text
    except ValueError as error:
        return str(error).split()[0].removeprefix("recurrence_"), text


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="每天周一二十逢农历辰戌第个月日自、,;/ 0159-mon\n", max_size=20))
def test_any_text_is_read_or_refused_with_a_code(text):
    code, canonical = _outcome(text)
    assert code in {"", "empty", *CODES}
    assert _outcome(canonical) == (code, canonical)


def test_recurrence_is_a_field_of_pydantic_models():
    class Market(BaseModel):
        days: Recurrence

    market = Market.model_validate_json('{"days": "星期二"}')
    assert market == Market(days=Recurrence("周二"))
    assert market.model_dump() == {"days": "周二"}
    assert market.model_dump_json() == '{"days":"周二"}'
    for mode in ("validation", "serialization"):
        schema = TypeAdapter(Recurrence).json_schema(mode=mode)
        assert schema == {"type": "string"}


@pytest.mark.parametrize(
    ("value", "code"), [("周八", "recurrence_weekday"), (5, "recurrence_type int")]
)
def test_recurrence_field_reports_the_code_of_a_bad_value(value, code):
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Recurrence).validate_python(value)
    (error,) = caught.value.errors()
    assert error["type"] == "value_error"
    assert str(error["ctx"]["error"]).startswith(code)


def test_recurrence_is_hashable_frozen_and_survives_pickling():
    recurrence = Recurrence("周四、周二")
    assert {recurrence, Recurrence("周二、周四")} == {recurrence}
    assert pickle.loads(pickle.dumps(recurrence)).pattern == recurrence.pattern
    with pytest.raises(AttributeError):
        recurrence.text = "每天"


@pytest.mark.parametrize(
    ("text", "month", "expected"),
    [
        ("周二、周四", "2026-12", [1, 3, 8, 10, 15, 17, 22, 24, 29, 31]),
        ("逢四", "2026-12", [4, 14, 24]),
        ("逢10", "2026-12", [10, 20, 30]),
        ("逢1、5", "2026-02", [1, 5, 11, 15, 21, 25]),
        # Lunar 2026-1-1 is 2026-02-17; the 12th month before it has 29 days.
        ("农历逢1", "2026-02", [8, 17, 27]),
        ("农历二五十", "2026-03", [3, 8, 10, 13, 18, 20, 23, 28, 30]),
        ("每3天 自2026-12-05", "2026-12", [5, 8, 11, 14, 17, 20, 23, 26, 29]),
        ("每7天 自2026-11-30", "2026-12", [7, 14, 21, 28]),
        ("每月第1个周三", "2026-12", [2]),
        ("每月第1个周二", "2026-12", [1]),
        ("每月第1个周一", "2026-12", [7]),
        ("每月第2、5个周二", "2026-12", [8, 29]),
        ("每月第5个周五", "2026-12", []),
        ("每月最后一个周五", "2026-12", [25]),
        ("每月最后一个周四", "2026-12", [31]),
        ("每月18日", "2026-12", [18]),
        ("每月31日", "2026-11", []),
        ("2026-12-04、2026-12-18、2027-01-04", "2026-12", [4, 18]),
        ("逢辰、戌", "2024-02", [4, 10, 16, 22, 28]),  # lunar 2024-1-1, 10 February, is 甲辰
    ],
)
def test_recurrence_falls_on_its_days(text, month, expected):
    assert _days(text, month) == expected


def test_stem_branch_days_agree_with_the_lunar_library():
    first = dt.date(2024, 2, 10)
    assert BRANCHES[branch_index(first)] == "辰"
    for offset in range(-4000, 4000, 37):
        day = first + dt.timedelta(days=offset)
        lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
        assert BRANCHES[branch_index(day)] == lunar.getDayZhi()


@pytest.mark.parametrize("day", ["2024-02-10", "2026-02-17"])
def test_lunar_new_year_is_the_first_day_of_its_month(day):
    assert lunar_day(dt.date.fromisoformat(day)) == 1


@pytest.mark.parametrize(("text", "gap"), [("逢辰、戌", 6), ("丑巳酉", 4), ("逢子", 12)])
def test_branch_markets_return_after_a_fixed_number_of_days(text, gap):
    days = [day for n in range(1, 13) for day in month_days(f"2026-{n:02d}")]
    dates = Recurrence(text).dates(CALENDAR, days, KEEP)
    gaps = {(after - before).days for before, after in pairwise(dates)}
    assert gaps == {gap}


@pytest.mark.parametrize(
    ("policy", "september", "october"),
    [
        (KEEP, [3, 10, 17, 24], [1, 8, 15, 22, 29]),
        (SKIP, [3, 10, 17, 24], [8, 15, 22, 29]),
        (NEXT, [3, 10, 17, 24], [8, 15, 22, 29]),  # 10-01 is moved to 10-08, which is there
        (PREVIOUS, [3, 10, 17, 24, 30], [8, 15, 22, 29]),  # 10-01 is moved to 09-30
    ],
)
def test_policy_says_what_happens_to_thursdays_around_national_day(policy, september, october):
    assert _days("周四", "2026-09", policy) == september
    assert _days("周四", "2026-10", policy) == october


def test_date_moved_past_the_end_of_a_month_is_found_in_the_next():
    # 2026-01-31 is a Saturday, 2026-02-02 the next workday.
    assert _days("2026-01-31", "2026-01", NEXT) == []
    assert _days("2026-01-31", "2026-02", NEXT) == [2]
    assert _days("2026-01-31", "2026-01", PREVIOUS) == [30]


def test_make_up_saturday_is_served_and_shifted_rest_day_is_not():
    assert _days("周六", "2026-02", SKIP) == [14, 28]
    assert _days("周一", "2026-02", SKIP) == [2, 9]


def test_workdays_ignore_the_policy_and_every_day_obeys_it():
    workdays = [day.day for day in CALENDAR.workdays("2026-10")]
    assert [_days("工作日", "2026-10", policy) for policy in HolidayPolicy] == [workdays] * 4
    assert _days("每天", "2026-10", KEEP) == list(range(1, 32))
    assert [_days("每天", "2026-10", policy) for policy in (SKIP, NEXT, PREVIOUS)] == [workdays] * 3


def test_rest_days_are_those_that_are_not_worked_whatever_the_policy():
    off = [1, 2, 3, 4, 5, 6, 7, 11, 17, 18, 24, 25, 31]
    assert [_days("休息日", "2026-10", policy) for policy in HolidayPolicy] == [off] * 4
    assert set(off) | set(_days("工作日", "2026-10")) == set(range(1, 32))


def test_dates_named_one_by_one_are_kept_or_moved_and_never_dropped():
    friday_and_sunday = "2026-12-04、2026-12-06"
    assert _days(friday_and_sunday, "2026-12", SKIP) == [4, 6]
    assert _days(friday_and_sunday, "2026-12", NEXT) == [4, 7]
    assert _days("2026-12-06", "2026-12", PREVIOUS) == [4]


def test_closure_longer_than_a_month_moves_dates_across_it():
    closed = [*month_days("2026-07"), *month_days("2026-08")]
    calendar = Calendar(DayOverride(date=day, is_workday=False) for day in closed)
    found = {
        month: Recurrence("每月10日").dates(calendar, month_days(month), NEXT)
        for month in ("2026-07", "2026-08", "2026-09")
    }
    september = [dt.date(2026, 9, 1), dt.date(2026, 9, 10)]
    assert found == {"2026-07": [], "2026-08": [], "2026-09": september}


def test_no_days_give_no_dates():
    assert [Recurrence("每天").dates(CALENDAR, [], policy) for policy in HolidayPolicy] == [[]] * 4


@settings(max_examples=120, deadline=None)
@given(
    PATTERNS.filter(lambda pattern: not isinstance(pattern, Workdays | RestDays)),
    st.integers(2025, 2027),
    st.integers(1, 12),
    st.sampled_from([NEXT, PREVIOUS]),
    st.sets(st.integers(-20, 80), max_size=40),
)
def test_consecutive_months_neither_lose_nor_double_a_date(pattern, year, number, policy, closed):
    first = dt.date(year, number, 1)
    calendar = Calendar(
        DayOverride(date=first + dt.timedelta(days=n), is_workday=False) for n in closed
    )
    month, following = f"{first:%Y-%m}", next_month(f"{first:%Y-%m}")
    recurrence = Recurrence(str(pattern))
    halves = [recurrence.dates(calendar, month_days(m), policy) for m in (month, following)]

    step = dt.timedelta(days=1 if policy is NEXT else -1)
    both = {*month_days(month), *month_days(following)}
    moved = set()
    for offset in range(-150, 250):  # wider than any closure drawn
        day = first + dt.timedelta(days=offset)
        if pattern.matches(day):
            while not calendar.is_workday(day):
                day += step
            moved.add(day)
    assert [*halves[0], *halves[1]] == sorted(moved & both)
