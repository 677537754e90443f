"""The kinds of recurring days; each matches dates and has a canonical Chinese text."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from models.days.lunar_days import BRANCHES, branch_index, lunar_day

WEEK = "一二三四五六日"
"""The days of the week, Monday first."""

LAST = -1
"""Ordinal of the last such weekday of a month."""


class DayPattern(Protocol):
    """A rule that matches or rejects any date; ``str`` gives the canonical text."""

    def matches(self, day: dt.date) -> bool:
        """Return whether the pattern falls on ``day``."""


@dataclass(frozen=True, slots=True)
class EveryDay:
    """Every day."""

    def matches(self, day: dt.date) -> bool:
        """Return True: every day matches."""
        return True

    def __str__(self) -> str:
        return "每天"


@dataclass(frozen=True, slots=True)
class Workdays:
    """Every workday. Only the calendar knows which days those are, so any day may match."""

    def matches(self, day: dt.date) -> bool:
        """Return True: only a calendar can reject a day."""
        return True

    def __str__(self) -> str:
        return "工作日"


@dataclass(frozen=True, slots=True)
class RestDays:
    """Every day that is not worked. Only the calendar knows which those are, so any day may match."""

    def matches(self, day: dt.date) -> bool:
        """Return True: only a calendar can reject a day."""
        return True

    def __str__(self) -> str:
        return "休息日"


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Days of the week, ``numbers`` ascending from 1 Monday to 7 Sunday."""

    numbers: tuple[int, ...]

    def matches(self, day: dt.date) -> bool:
        """Return whether ``day`` is one of the weekdays."""
        return day.isoweekday() in self.numbers

    def __str__(self) -> str:
        return "、".join(f"周{WEEK[number - 1]}" for number in self.numbers)


@dataclass(frozen=True, slots=True)
class LastDigits:
    """Days of the Gregorian or lunar month by last digit; ``digits`` 0–9, 0 meaning 10, 20, 30."""

    digits: tuple[int, ...]
    lunar: bool = False

    def matches(self, day: dt.date) -> bool:
        """Return whether the number of the day ends in one of the digits."""
        number = lunar_day(day) if self.lunar else day.day
        return number % 10 in self.digits

    def __str__(self) -> str:
        # Market days are read out as 2, 5, 10: the tens come last and are called ten.
        numbers = sorted(digit or 10 for digit in self.digits)
        return ("农历逢" if self.lunar else "逢") + "、".join(map(str, numbers))


@dataclass(frozen=True, slots=True)
class LunarDays:
    """Fixed days 1–30 of each lunar month, ``numbers`` ascending."""

    numbers: tuple[int, ...]

    def matches(self, day: dt.date) -> bool:
        """Return whether the lunar number of ``day`` is one of them."""
        return lunar_day(day) in self.numbers

    def __str__(self) -> str:
        return "农历" + "、".join(map(_lunar_word, self.numbers))


def _lunar_word(number: int) -> str:
    """Return 初一 … 三十."""
    digit = "十一二三四五六七八九"[number % 10]
    if number <= 10:
        return f"初{digit}"
    tens = ("", "十", "二十", "三十")[number // 10]
    return tens if number % 10 == 0 else f"{tens}{digit}"


@dataclass(frozen=True, slots=True)
class Branches:
    """Days of earthly branches, ``indices`` 0–11; two opposite branches mean every sixth day."""

    indices: tuple[int, ...]

    def matches(self, day: dt.date) -> bool:
        """Return whether the branch of ``day`` is one of them."""
        return branch_index(day) in self.indices

    def __str__(self) -> str:
        return "逢" + "、".join(BRANCHES[index] for index in self.indices)


@dataclass(frozen=True, slots=True)
class EveryNth:
    """Every ``days``-th day from ``start`` on; never before it."""

    days: int
    start: dt.date

    def matches(self, day: dt.date) -> bool:
        """Return whether ``day`` is a whole number of steps after the start."""
        return day >= self.start and (day - self.start).days % self.days == 0

    def __str__(self) -> str:
        return f"每{self.days}天 自{self.start.isoformat()}"


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The ``ordinals``-th (1–5, or ``LAST`` alone) such ``weekday`` (1–7) of each month."""

    ordinals: tuple[int, ...]
    weekday: int

    def matches(self, day: dt.date) -> bool:
        """Return whether ``day`` is that weekday with one of the ordinals."""
        if day.isoweekday() != self.weekday:
            return False
        left = calendar.monthrange(day.year, day.month)[1] - day.day
        is_last = left < 7 and LAST in self.ordinals
        return is_last or (day.day + 6) // 7 in self.ordinals

    def __str__(self) -> str:
        which = "、".join(map(str, self.ordinals))
        each = "最后一" if LAST in self.ordinals else f"第{which}"
        return f"每月{each}个周{WEEK[self.weekday - 1]}"


@dataclass(frozen=True, slots=True)
class DaysOfMonth:
    """Fixed days 1–31 of each month; a month without such a day has none."""

    numbers: tuple[int, ...]

    def matches(self, day: dt.date) -> bool:
        """Return whether ``day`` has one of the numbers."""
        return day.day in self.numbers

    def __str__(self) -> str:
        return f"每月{'、'.join(map(str, self.numbers))}日"


@dataclass(frozen=True, slots=True)
class Dates:
    """Explicit dates, ascending."""

    dates: tuple[dt.date, ...]

    def matches(self, day: dt.date) -> bool:
        """Return whether ``day`` is one of the dates."""
        return day in self.dates

    def __str__(self) -> str:
        return "、".join(date.isoformat() for date in self.dates)
