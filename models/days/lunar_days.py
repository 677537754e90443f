"""Lunar days and earthly branches of dates, by which market days (赶集日) are set."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
"""The twelve earthly branches (地支) in order; days run through them without a break."""

ANIMALS = "鼠牛虎兔龙蛇马羊猴鸡狗猪"
"""The animals of the branches, in the same order: 鸡日 is the day of 酉."""

# A day of 子. From the day 甲辰 (branch 4), which is lunar 2024-1-1 = 2024-02-10.
_DAY_OF_ZI = dt.date(2024, 2, 10).toordinal() - 4


def branch_index(day: dt.date) -> int:
    """Return the index 0–11 of the day's branch in ``BRANCHES``."""
    return (day.toordinal() - _DAY_OF_ZI) % 12


@lru_cache(maxsize=4096)
def lunar_day(day: dt.date) -> int:
    """Return the day 1–30 of the lunar month on which ``day`` falls."""
    from lunar_python import Solar  # late: slow to load and needed only by lunar rules

    return int(Solar.fromYmd(day.year, day.month, day.day).getLunar().getDay())


@lru_cache(maxsize=256)
def spring_festival(year: int) -> dt.date:
    """Return the first day of the lunar year that begins in ``year``: late January to February."""
    first = dt.date(year, 1, 20)
    days = (first + dt.timedelta(days=n) for n in range(40))
    return next(day for day in days if is_new_year(day))


def is_new_year(day: dt.date) -> bool:
    """Say whether ``day`` is the first day of the first lunar month."""
    from lunar_python import Solar  # late: slow to load

    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return (lunar.getMonth(), lunar.getDay()) == (1, 1)
