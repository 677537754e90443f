"""A person's own calendar as leave: which half-days of a month are taken, and nothing else of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from api.feeds.busy_spans import CalendarLimits, Span, busy_spans
from models.calendar import ZONE, month_days
from models.instance import Settings
from models.issues import Issue
from models.people import Leave
from models.slots import PART_ORDER, part_times
from models.vocabulary import LeaveKind, Part

_DAY = dt.timedelta(days=1)


class BusyReading(NamedTuple):
    """What a calendar means: leave, how many events were skipped, and those that may matter.

    ``issues`` tell by date, never by title, of what could not be read and may lie in the month.
    """

    leave: tuple[Leave, ...] = ()
    skipped: int = 0
    issues: tuple[Issue, ...] = ()


def busy_leave(
    content: bytes,
    person: str,
    month: str,
    settings: Settings,
    limits: CalendarLimits | None = None,
) -> tuple[Leave, ...]:
    """Return the leave alone that a calendar means. See ``read_busy``."""
    return read_busy(content, person, month, settings, limits).leave


def read_busy(
    content: bytes,
    person: str,
    month: str,
    settings: Settings,
    limits: CalendarLimits | None = None,
) -> BusyReading:
    """Return the leave that a calendar means, by first day and part, and what could not be read.

    A half-day (or night) is taken if an event touches it at all; a day of which every part is
    taken is a whole day of leave, and equal days in a row are one leave. Events that are free
    (TRANSP:TRANSPARENT) or cancelled take no time; tentative ones do.

    Parameters
    ----------
    content
        A file of type text/calendar.
    person
        Whose calendar it is, by id.
    month
        Month (``YYYY-MM``) to be planned; days of other months are left out.
    settings
        Times of the parts of a day.
    limits
        How much of a calendar is read, see ``CalendarLimits``.

    Raises
    ------
    InputError
        The file is no calendar, or more than the limits allow.
    """
    days = month_days(month)
    _, end = part_times(settings, days[-1], Part.NIGHT)
    last = max(end, dt.datetime.combine(days[-1] + _DAY, dt.time(), ZONE))
    first = dt.datetime.combine(days[0], dt.time(), ZONE)
    taken: dict[dt.date, set[Part]] = {day: set() for day in days}
    found = busy_spans(content, first, last, limits or CalendarLimits())
    for span in found.spans:
        for day in _days(span, days):
            taken[day] |= set(_parts(span, day, settings))
    return BusyReading(tuple(_leave(person, taken)), found.skipped, found.issues)


def _days(span: Span, days: list[dt.date]) -> Iterable[dt.date]:
    """Return the days of the month that a span can touch; a night reaches into the next day."""
    start, end = (_date(moment) for moment in span)
    first = max(start - _DAY, days[0])
    count = (min(end, days[-1]) - first).days + 1
    return (first + _DAY * number for number in range(count))


def _date(moment: dt.date) -> dt.date:
    return moment.astimezone(ZONE).date() if isinstance(moment, dt.datetime) else moment


def _parts(span: Span, day: dt.date, settings: Settings) -> Iterator[Part]:
    """Yield the parts of ``day`` that a span touches; whole days touch their own parts only."""
    start, end = span
    if not (isinstance(start, dt.datetime) and isinstance(end, dt.datetime)):
        yield from Part if start <= day < end else ()
        return
    for part in Part:
        begin, finish = part_times(settings, day, part)
        if start < finish and begin < end:
            yield part


def _leave(person: str, taken: dict[dt.date, set[Part]]) -> list[Leave]:
    """Return whole days first taken together, then the single parts."""
    whole = [day for day, parts in taken.items() if len(parts) == len(Part)]
    runs: list[tuple[dt.date, dt.date, Part | None]] = [(*run, None) for run in _runs(whole)]
    for part in Part:
        single = [day for day, parts in taken.items() if part in parts and day not in whole]
        runs += [(*run, part) for run in _runs(single)]
    runs.sort(key=lambda run: (run[0], -1 if run[2] is None else PART_ORDER[run[2]]))
    return [
        Leave(person=person, first=first, last=last, part=part, kind=LeaveKind.BUSY)
        for first, last, part in runs
    ]


def _runs(days: Iterable[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """Return first and last of each row of consecutive days; ``days`` ascend."""
    runs: list[tuple[dt.date, dt.date]] = []
    for day in days:
        if runs and runs[-1][1] == day - _DAY:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs
