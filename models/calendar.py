"""Days and months: official Chinese workdays with make-up days, day classes, quarters.

The State Council announces each year's days off and make-up workdays in the November
before. A year with a notice comes from ``chinesecalendar``; any other year has only its statutory
holidays (``holidays``) and is *estimated*: make-up workdays are not guessed. The office's own table
(``DayOverride``) overrides both.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from models.vocabulary import DayClass

if TYPE_CHECKING:
    # models.instance imports models.places, which imports models.recurrence, which needs us.
    from models.instance import DayOverride

ZONE = ZoneInfo("Asia/Shanghai")

_DAY = dt.timedelta(days=1)

ENTERED = "放假通知已录入"
"""What the name of an override says when the whole notice of its year has been entered."""

LAST_DAYS = 4
"""Days of December that a New Year holiday may reach."""

# The names of the State Council's notices where the library shortens them.
_NOTICE_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


def month_days(month: str) -> list[dt.date]:
    """Return every day of ``month`` (``YYYY-MM``), ascending."""
    first = dt.date.fromisoformat(f"{month}-01")
    days = (first + dt.timedelta(days=n) for n in range(31))
    return [day for day in days if day.month == first.month]


def next_month(month: str) -> str:
    """Return the month after ``month`` (``YYYY-MM``)."""
    return f"{month_days(month)[-1] + _DAY:%Y-%m}"


def previous_month(month: str) -> str:
    """Return the month before ``month`` (``YYYY-MM``)."""
    return f"{month_days(month)[0] - _DAY:%Y-%m}"


def quarter(month: str) -> tuple[str, ...]:
    """Return the three months (``YYYY-MM``) of the calendar quarter of ``month``."""
    first = dt.date.fromisoformat(f"{month}-01")
    start = first.month - (first.month - 1) % 3
    return tuple(f"{first.year}-{number:02d}" for number in range(start, start + 3))


class _Year(NamedTuple):
    """Named days of one year: days off, make-up workdays, and where they come from."""

    off: dict[dt.date, str]
    make_up: dict[dt.date, str]
    is_estimated: bool


class Calendar:
    """Classes and names of days.

    Parameters
    ----------
    overrides
        Days whose class the office sets itself; for the same date the last one wins.
    """

    def __init__(self, overrides: Iterable[DayOverride] = ()) -> None:
        self._overrides = {override.date: override for override in overrides}
        self._entered = {
            day.year for day, override in self._overrides.items() if ENTERED in override.name
        }
        self._classes: dict[dt.date, DayClass] = {}

    def day_class(self, day: dt.date) -> DayClass:
        """Return the class of ``day``.

        A make-up Saturday is a workday. Every day off in a festival's period is a holiday: the
        festival itself, its weekend or a shifted rest day.
        """
        known = self._classes.get(day)
        if known is None:
            known = self._classes[day] = self._classify(day)
        return known

    def is_workday(self, day: dt.date) -> bool:
        """Return whether offices work on ``day``."""
        return self.day_class(day) is DayClass.WORKDAY

    def holiday_name(self, day: dt.date) -> str:
        """Return the Chinese name of a holiday or make-up workday, else an empty text."""
        override = self._overrides.get(day)
        year = _year(day.year)
        if override is None or ENTERED in override.name:
            return year.off.get(day) or year.make_up.get(day, "")
        names = year.make_up if override.is_workday else year.off
        return override.name or names.get(day, "")

    def is_estimated(self, day: dt.date) -> bool:
        """Return whether neither a notice nor the office defines the class of ``day``."""
        is_entered = day in self._overrides or day.year in self._entered
        return not is_entered and _year(day.year).is_estimated

    def is_month_estimated(self, month: str) -> bool:
        """Return whether workdays of ``month`` come neither from a notice nor from the office.

        The office has entered the notice of a month when each of its statutory days off that is no
        weekend has a row of its own, or when a row of the year says that the notice is entered.
        """
        open_days = [day for day in month_days(month) if self.is_estimated(day)]
        if not open_days:
            return False
        off = [day for day in _year(open_days[0].year).off if f"{day:%Y-%m}" == month]
        asked = [day for day in off if day.isoweekday() < 6]
        return not asked or any(day not in self._overrides for day in asked)

    def last_days_open(self, month: str) -> bool:
        """Return whether the last days of a December may still change with the next year's notice.

        The New Year holiday has moved days from 28 December on (2018 年: 12月29日上班).
        """
        new_year = month_days(month)[-1] + _DAY
        return new_year.month == 1 and self.is_estimated(new_year)

    def workdays(self, month: str) -> list[dt.date]:
        """Return the workdays of ``month`` (``YYYY-MM``), ascending."""
        return [day for day in month_days(month) if self.is_workday(day)]

    def _classify(self, day: dt.date) -> DayClass:
        """Return the class of ``day``: the override, else the year's table, else the weekday."""
        override = self._overrides.get(day)
        if override is None:
            return _table_class(day)
        if override.is_workday:
            return DayClass.WORKDAY
        is_plain_weekend = day.isoweekday() > 5 and not self.holiday_name(day)
        return DayClass.WEEKEND if is_plain_weekend else DayClass.HOLIDAY


def _table_class(day: dt.date) -> DayClass:
    """Return the class of ``day`` without overrides."""
    year = _year(day.year)
    if day in year.off:
        return DayClass.HOLIDAY
    is_weekend = day.isoweekday() > 5 and day not in year.make_up
    return DayClass.WEEKEND if is_weekend else DayClass.WORKDAY


@lru_cache(maxsize=64)
def _year(year: int) -> _Year:
    """Return the named days of ``year``, from the official notice if there is one."""
    try:
        return _official_year(year)
    except NotImplementedError:  # raised by chinesecalendar when it has no notice
        return _estimated_year(year)


def _official_year(year: int) -> _Year:
    """Read the notice of ``year``.

    Raises
    ------
    NotImplementedError
        There is no notice for ``year``.
    """
    import chinese_calendar  # late: the tables are loaded only when a day is looked up

    chinese = {h.value: h.chinese for h in chinese_calendar.Holiday}
    off, make_up = {}, {}
    for day in _days_of(year):
        is_off, english = chinese_calendar.get_holiday_detail(day)
        if english is None:
            continue
        name = _NOTICE_NAMES.get(chinese[english], chinese[english])
        if is_off:
            off[day] = name
        else:
            make_up[day] = f"{name}补班"
    return _Year(off, make_up, is_estimated=False)


def _estimated_year(year: int) -> _Year:
    """Return the statutory holidays of ``year``, with the make-up workdays known to the library."""
    import holidays  # late: needed only for years without a notice

    table = holidays.country_holidays("CN", years=year, language="zh_CN")
    off = {day: _plain_name(name) for day, name in table.items() if day.year == year}
    make_up = {day: "补班" for day in table.weekend_workdays if day.year == year}
    return _Year(off, make_up, is_estimated=True)


def _plain_name(name: str) -> str:
    """Drop remarks such as （补假） and join two festivals on one day as Chinese does."""
    return re.sub("（.*?）", "", name).replace("; ", "、")


def _days_of(year: int) -> list[dt.date]:
    """Return every day of ``year``."""
    first = dt.date(year, 1, 1)
    length = (dt.date(year + 1, 1, 1) - first).days
    return [first + dt.timedelta(days=n) for n in range(length)]
