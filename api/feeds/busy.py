"""A person's own calendar as leave: which hours of a month are taken, and nothing else of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from api.feeds.busy_spans import CalendarLimits, Span, busy_spans
from models.calendar import ZONE, month_days
from models.instance import Settings
from models.issues import Issue
from models.people import Leave
from models.slots import part_times
from models.vocabulary import LeaveKind, Part

_DAY = dt.timedelta(days=1)
_MINUTE = dt.timedelta(minutes=1)
_CLOSE = dt.timedelta(minutes=15)
"""Nobody is asked to serve between two events that lie less than this apart."""


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
    """Return the leave that a calendar means, by first day and hour, and what could not be read.

    Events keep their hours, from the minute they begin to the one they end; those less than a quarter of an
    hour apart are one. What lies within one part of its day (or reaches into no other) names it too. A day
    that is taken from midnight to midnight is a whole day of leave, and equal days in a row are one leave.
    Events that are free (TRANSP:TRANSPARENT) or cancelled take no time; tentative ones do.

    Parameters
    ----------
    content
        A file of type text/calendar.
    person
        Whose calendar it is, by id.
    month
        Month (``YYYY-MM``) to be planned; days of other months are left out; what begins in
        the night after the last day takes that night.
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
    first = _midnight(days[0])
    last = max(part_times(settings, days[-1], Part.NIGHT)[1], _midnight(days[-1] + _DAY))
    found = busy_spans(content, first, last, limits or CalendarLimits())
    whole = {day for span in found.spans for day in _whole_days(span, days)}
    taken = _joined(_clipped(span, first, last) for span in found.spans)
    hours: dict[dt.date, list[tuple[str, str, Part | None]]] = {day: [] for day in days}
    for start, end in taken:
        for day, begin, finish in _by_day(start, end, days):
            if finish - begin == _DAY:
                whole.add(day)
            elif day not in whole:
                part = _only_part(settings, day, begin, finish)
                hours[day].append((f"{begin:%H:%M}", f"{finish:%H:%M}", part))
    leave = _leave(person, whole, hours)
    if any(start >= _midnight(days[-1] + _DAY) for start, _ in taken):
        fields = {"part": Part.NIGHT, "kind": LeaveKind.BUSY}
        leave.append(Leave(person=person, first=days[-1], last=days[-1], **fields))
    return BusyReading(tuple(leave), found.skipped, found.issues)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ZONE)


def _whole_days(span: Span, days: list[dt.date]) -> Iterator[dt.date]:
    """Yield the days of the month that a span of plain dates takes."""
    start, end = span
    if not isinstance(start, dt.datetime) and not isinstance(end, dt.datetime):
        yield from (day for day in days if start <= day < end)


def _clipped(span: Span, first: dt.datetime, last: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return the whole minutes that a span of times touches, within bounds; nothing of plain dates."""
    start, end = span
    if not (isinstance(start, dt.datetime) and isinstance(end, dt.datetime)):
        return first, first
    begin = max(start, first).astimezone(ZONE).replace(second=0, microsecond=0)
    finish = min(end, last).astimezone(ZONE)
    return begin, finish + (_midnight(finish.date()) - finish) % _MINUTE


def _joined(
    spans: Iterable[tuple[dt.datetime, dt.datetime]],
) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return spans in order of time, those that overlap or lie close together as one."""
    found: list[tuple[dt.datetime, dt.datetime]] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start < found[-1][1] + _CLOSE:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def _by_day(
    start: dt.datetime, end: dt.datetime, days: list[dt.date]
) -> Iterator[tuple[dt.date, dt.datetime, dt.datetime]]:
    """Yield each day of the month with what a span takes of it."""
    for number in range((end.date() - start.date()).days + 1):
        midnight = _midnight(start.date() + number * _DAY)
        begin, finish = max(start, midnight), min(end, midnight + _DAY)
        if begin < finish and begin.date() <= days[-1]:
            yield begin.date(), begin, finish


def _only_part(
    settings: Settings, day: dt.date, begin: dt.datetime, finish: dt.datetime
) -> Part | None:
    """Return the part of a day that hours touch, None where they touch several or none."""
    spans = {part: part_times(settings, day, part) for part in Part}
    touched = [part for part, (start, end) in spans.items() if begin < end and start < finish]
    return touched[0] if len(touched) == 1 else None


def _leave(
    person: str,
    whole: set[dt.date],
    hours: dict[dt.date, list[tuple[str, str, Part | None]]],
) -> list[Leave]:
    """Return whole days taken together, and equal hours of days in a row."""
    alike: dict[tuple[str, str, Part | None], list[dt.date]] = {}
    for day, taken in hours.items():
        for own in taken if day not in whole else ():
            alike.setdefault(own, []).append(day)
    fixed = {"person": person, "kind": LeaveKind.BUSY}
    rows = [Leave(first=first, last=last, **fixed) for first, last in _runs(sorted(whole))]
    rows += [
        Leave(first=first, last=last, start=start, end=end, part=part, **fixed)
        for (start, end, part), days in alike.items()
        for first, last in _runs(days)
    ]
    return sorted(rows, key=lambda row: (row.first, row.start or "", row.end or ""))


def _runs(days: Iterable[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """Return first and last of each row of consecutive days; ``days`` ascend."""
    runs: list[tuple[dt.date, dt.date]] = []
    for day in days:
        if runs and runs[-1][1] == day - _DAY:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs
