"""Recurring days: duty days of posts and market days of villages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from models.days.day_patterns import Dates, DayPattern, RestDays, Workdays
from models.days.recurrence_grammar import read_pattern
from models.vocabulary import HolidayPolicy

if TYPE_CHECKING:
    from models.calendar import Calendar

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule for recurring days, written in Chinese.

    Kinds: 每天; 工作日; 休息日; 周二、周四; 逢1、5、8 (last digit of the Gregorian day); 农历逢2、5
    (of the lunar day, 10 for 10, 20 and 30); 逢辰、戌 (earthly branches); 每3天 自2026-01-01;
    每月第1个周三; 每月最后一个周五; 每月18日; 2026-12-04、2026-12-18.

    Parameters
    ----------
    text
        What the clerk wrote; afterwards the canonical text. Two recurrences are equal
        when their canonical texts are.

    Raises
    ------
    ValueError
        The text cannot be read; the message starts with a code, see ``read_pattern``.
    """

    text: str
    pattern: DayPattern = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        pattern = read_pattern(self.text)
        object.__setattr__(self, "pattern", pattern)
        object.__setattr__(self, "text", str(pattern))

    def __str__(self) -> str:
        return self.text

    def dates(
        self, calendar: Calendar, days: Sequence[dt.date], policy: HolidayPolicy
    ) -> list[dt.date]:
        """Return the dates among ``days`` on which the recurrence takes place, ascending.

        A day that is not worked is dropped, kept or moved as ``policy`` says; 工作日 takes
        workdays and 休息日 takes days that are not worked, whatever the policy. Dates that are
        named one by one are never dropped: where a policy would drop them they are kept.

        A date moved out of ``days`` is left out and one moved into them from outside is
        included, so that months put side by side neither lose nor double one. Two days moved
        to the same workday become one.

        Parameters
        ----------
        calendar
            Says which days are worked.
        days
            The days of a month, or any run of days.
        policy
            What happens to a day that is not worked.
        """
        if isinstance(self.pattern, RestDays):
            return sorted({day for day in days if not calendar.is_workday(day)})
        if isinstance(self.pattern, Workdays):
            policy = HolidayPolicy.SKIP
        elif isinstance(self.pattern, Dates) and policy is HolidayPolicy.SKIP:
            policy = HolidayPolicy.KEEP
        if policy in {HolidayPolicy.KEEP, HolidayPolicy.SKIP}:
            is_kept = policy is HolidayPolicy.KEEP
            matching = (day for day in days if is_kept or calendar.is_workday(day))
            return sorted({day for day in matching if self.pattern.matches(day)})
        step = _DAY if policy is HolidayPolicy.NEXT_WORKDAY else -_DAY
        candidates = [*days, *_days_moving_in(calendar, days, step)]
        moved = {_moved(calendar, day, step) for day in candidates if self.pattern.matches(day)}
        return sorted(moved.intersection(days))

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Validate from a text or a recurrence; serialise to the canonical text."""
        return core_schema.no_info_plain_validator_function(
            cls._validated,
            json_schema_input_schema=core_schema.str_schema(),
            serialization=core_schema.plain_serializer_function_ser_schema(
                str, return_schema=core_schema.str_schema()
            ),
        )

    @classmethod
    def _validated(cls, value: object) -> Recurrence:
        """Return ``value`` as a recurrence; anything but a text or one is refused."""
        if isinstance(value, cls):
            return value
        if not isinstance(value, str):
            message = f"recurrence_type {type(value).__name__}"
            raise ValueError(message)
        return cls(value)


def _moved(calendar: Calendar, day: dt.date, step: dt.timedelta) -> dt.date:
    """Return the first workday from ``day`` on, going by ``step``."""
    while not calendar.is_workday(day):
        day += step
    return day


def _days_moving_in(
    calendar: Calendar, days: Sequence[dt.date], step: dt.timedelta
) -> list[dt.date]:
    """Return the days outside ``days`` from which a date may move into them: the rest days before."""
    moving: list[dt.date] = []
    if not days:
        return moving
    day = (min(days) if step > dt.timedelta() else max(days)) - step
    while not calendar.is_workday(day):
        moving.append(day)
        day -= step
    return moving
