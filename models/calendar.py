"""Days and months: official Chinese workdays with make-up days, day classes, quarters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from models.vocabulary import DayClass

ZONE = ZoneInfo("Asia/Shanghai")


def month_days(month: str) -> list[dt.date]:
    """Return every day of ``month`` (``YYYY-MM``)."""
    first = dt.date.fromisoformat(f"{month}-01")
    days = (first + dt.timedelta(days=n) for n in range(31))
    return [day for day in days if day.month == first.month]


class Calendar:
    """INTERFACE ONLY, to be implemented: workdays with overrides."""

    def __init__(self, overrides: Iterable[object] = ()) -> None: ...

    def is_workday(self, day: dt.date) -> bool: ...

    def day_class(self, day: dt.date) -> DayClass: ...

    def holiday_name(self, day: dt.date) -> str: ...

    def is_estimated(self, day: dt.date) -> bool: ...
