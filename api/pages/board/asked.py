"""What part of a roster a page shows; all of it stands in the address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import Depends, Query

from models.calendar import month_days

ViewName = Literal["posts", "people", "villages", "sites", "day"]
WHOLE_MONTH = "all"
_Code = Annotated[str, Query(max_length=60)]


@dataclass(frozen=True)
class BoardAsked:
    """A view of a roster, and its filters; empty means any.

    ``week`` is the first day shown of a week, or ``all``; ``day`` the one day of that view; ``start``
    the first row shown; ``seen`` the version to which changes are compared, 0 for none; ``frozen``
    how many pins were just set.
    """

    view: ViewName = "posts"
    township: str = ""
    site: str = ""
    week: str = ""
    day: str = ""
    start: int = 0
    seen: int = 0
    frozen: int = 0

    def query(self, **changes: Any) -> str:
        """Return the query of an address that shows the same, but for the changes."""
        shown = replace(self, **{"frozen": 0} | changes)
        usual = BoardAsked()
        told = {k: v for k, v in vars(shown).items() if v != getattr(usual, k)}
        return f"?{urlencode(told)}" if told else ""

    def fields(self) -> dict[str, Any]:
        """Return the fields that a form takes along."""
        return {k: v for k, v in vars(replace(self, seen=0, frozen=0)).items() if v}

    def days(self, month: str, today: dt.date) -> list[dt.date]:
        """Return the days shown: a week, by default that of today, or the month."""
        days = month_days(month)
        if self.view == "day":
            return [_date(self.day, days) or (today if today in days else days[0])]
        if self.week == WHOLE_MONTH:
            return days
        first = _date(self.week, days) or (today if today in days else days[0])
        return next(week for week in weeks(month) if first in week)


def weeks(month: str) -> list[list[dt.date]]:
    """Return the weeks of a month, Monday first; the first and the last may be short."""
    found: list[list[dt.date]] = []
    for day in month_days(month):
        if not found or day.weekday() == 0:
            found.append([])
        found[-1].append(day)
    return found


def board_asked(
    view: ViewName = "posts",
    township: _Code = "",
    site: _Code = "",
    week: _Code = "",
    day: _Code = "",
    start: Annotated[int, Query(ge=0, le=100_000)] = 0,
    seen: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    frozen: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> BoardAsked:
    """Read it from an address."""
    return BoardAsked(view, township, site, week, day, start, seen, frozen)


Asked = Annotated[BoardAsked, Depends(board_asked)]
"""A parameter of a page: what part of a roster it shows."""


def _date(text: str, days: list[dt.date]) -> dt.date | None:
    return next((day for day in days if f"{day:%Y-%m-%d}" == text), None)
