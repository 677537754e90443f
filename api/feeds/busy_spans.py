"""Busy times in an external calendar: its events and recurrences as plain spans.

The calendar is not ours and may be hostile: everything in it is counted and limited, and no
title or text of it is read. It is given to the parser as bytes; a text might be taken for
the name of a file of ours.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # comes with icalendar
from icalendar import Calendar, Component

from api.feeds.busy_issues import busy_issue
from models.calendar import ZONE
from models.issues import InputError, Issue

Span = tuple[dt.date, dt.date]
"""Start and end: aware times, or plain dates (end not included) of whole days."""

_READ = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "FREEBUSY"}
_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_DAY = dt.timedelta(days=1)

# What a value of another type than its name promises (RRULE;VALUE=DATE) ends in.
_MISREAD = (ValueError, TypeError, OverflowError, AttributeError, LookupError)


@dataclass(frozen=True, slots=True)
class CalendarLimits:
    """How much of a calendar is read: its size, events, occurrences of them all, and seconds.

    The seconds are looked at between occurrences; a rule that never matches (30 February) takes a
    few more to run through its years.
    """

    most_bytes: int = 2 * 2**20
    events: int = 5_000
    occurrences: int = 100_000
    seconds: float = 5.0


class _BadEventError(Exception):
    """An event that cannot be read, by the code of its issue."""


class _TooMuchError(Exception):
    """The limit of occurrences or seconds is reached."""


class _Allowance:
    """Counts what is read and stops when it is too much."""

    def __init__(self, limits: CalendarLimits) -> None:
        self._left = limits.occurrences
        self._end = time.monotonic() + limits.seconds

    def take(self) -> None:
        self._left -= 1
        if self._left < 0 or time.monotonic() > self._end:
            raise _TooMuchError


def busy_spans(
    content: bytes, first: dt.datetime, last: dt.datetime, limits: CalendarLimits
) -> tuple[Span, ...]:
    """Return when the calendar says busy, as far as it touches the time from ``first`` to ``last``.

    Raises
    ------
    InputError
        With an Issue for the file, or for each event that cannot be read.
    """
    components = _components(content, limits)
    replaced: dict[str, set[dt.date]] = defaultdict(set)
    issues: list[Issue] = []
    spans: list[Span] = []
    budget = _Allowance(limits)
    readable = []
    for number, component in enumerate(components, 1):
        try:
            _check(component)
            if "RECURRENCE-ID" in component:
                replaced[str(component.get("UID", ""))].add(_moment(component, "RECURRENCE-ID"))
            readable.append((number, component))
        except (_BadEventError, *_MISREAD) as error:
            issues.append(busy_issue(_code(error), number))
    for number, component in readable:
        try:
            budget.take()
            found = _spans(component, replaced, last, budget)
            spans += [span for span in found if _touches(span, first, last)]
        except _TooMuchError:
            issues.append(busy_issue("busy_too_much", number))
            break
        except (_BadEventError, *_MISREAD) as error:
            issues.append(busy_issue(_code(error), number))
    if issues:
        raise InputError(issues)
    return tuple(spans)


def _components(content: bytes, limits: CalendarLimits) -> list[Component]:
    """Return the events and free-busy tables of a file."""
    if len(content) > limits.most_bytes:
        raise InputError([busy_issue("busy_size")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")  # the encoding of older Chinese programs
    try:
        calendars = Calendar.from_ical(text.encode(), multiple=True)
    except (ValueError, IndexError, KeyError, TypeError, RecursionError):
        raise InputError([busy_issue("busy_no_calendar")]) from None
    if not calendars or any(calendar.name != "VCALENDAR" for calendar in calendars):
        raise InputError([busy_issue("busy_no_calendar")])
    found = [
        component
        for calendar in calendars
        for component in calendar.walk()
        if component.name in {"VEVENT", "VFREEBUSY"}
    ]
    if len(found) > limits.events:
        raise InputError([busy_issue("busy_too_much")])
    return found


def _check(component: Component) -> None:
    """Refuse an event of which a time or rule was not understood."""
    if any(str(name).upper() in _READ for name, _ in component.errors):
        raise _BadEventError("busy_unreadable")
    if component.name == "VEVENT" and "DTSTART" not in component:
        raise _BadEventError("busy_unreadable")
    if "RECURRENCE-ID" in component and "RANGE" in _value(component, "RECURRENCE-ID").params:
        raise _BadEventError("busy_rule")


def _spans(
    component: Component, replaced: dict[str, set[dt.date]], last: dt.datetime, budget: _Allowance
) -> Iterator[Span]:
    """Yield the spans of one event or table that begin before ``last``."""
    if component.name == "VFREEBUSY":
        yield from _table(component, budget)
        return
    is_free = str(component.get("TRANSP", "")).upper() == "TRANSPARENT"
    if is_free or str(component.get("STATUS", "")).upper() == "CANCELLED":
        return
    start = _moment(component, "DTSTART")
    length = _length(component, start)
    if "RECURRENCE-ID" in component:
        yield start, start + length
        return
    gone = replaced.get(str(component.get("UID", "")), set()) | set(_listed(component, "EXDATE"))
    for moment, own in _occurrences(component, start, length, last, budget):
        if _key(moment) not in gone and _day(moment) not in gone:
            yield moment, moment + own


def _occurrences(
    component: Component,
    start: dt.date,
    length: dt.timedelta,
    last: dt.datetime,
    budget: _Allowance,
) -> Iterator[tuple[dt.date, dt.timedelta]]:
    """Yield start and length of an event's occurrences, those taken out among them."""
    rules = _several(component, "RRULE")
    # A rule gives the first occurrence too where it fits; twice the same span does no harm.
    yield start, length
    for rule in rules:
        for moment in _recurring(rule, start, last, budget):
            yield moment, length
    for dates in _several(component, "RDATE"):
        for entry in dates.dts:
            budget.take()
            if isinstance(entry.dt, tuple):
                begin, end = entry.dt
                own = end if isinstance(end, dt.timedelta) else end - begin
                yield _aware(begin), own
            else:
                yield _aware(entry.dt), length


def _recurring(
    rule: Any, start: dt.date, last: dt.datetime, budget: _Allowance
) -> Iterator[dt.date]:
    """Yield the moments of a rule before ``last``, reckoned on the clock of the event's own zone."""
    parts = {name.upper(): values for name, values in rule.items()}
    is_moving = all(int(number) > 0 for number in parts.get("INTERVAL", ()))
    if not parts.get("FREQ"):
        raise _BadEventError("busy_unreadable")
    if str(parts["FREQ"][0]).upper() not in _FREQUENCIES or not is_moving:
        raise _BadEventError("busy_rule")
    zone = start.tzinfo if isinstance(start, dt.datetime) else ZONE
    until = last.astimezone(zone).replace(tzinfo=None)
    if "UNTIL" in parts:
        until = min(until, _clock(parts["UNTIL"][0], zone))
    kept = type(rule)({name: values for name, values in parts.items() if name != "UNTIL"})
    for moment in rrulestr(kept.to_ical().decode(), dtstart=_clock(start, zone, at=dt.time())):
        budget.take()
        if moment > until:
            return
        yield moment.replace(tzinfo=zone) if isinstance(start, dt.datetime) else moment.date()


def _clock(moment: dt.date, zone: dt.tzinfo | None, at: dt.time = dt.time.max) -> dt.datetime:
    """Return a moment as a time without zone on the clock of ``zone``; a date means ``at``."""
    if not isinstance(moment, dt.datetime):
        return dt.datetime.combine(moment, at)
    return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment


def _length(component: Component, start: dt.date) -> dt.timedelta:
    """Return how long an event takes: a day for a date alone, nothing for a time alone."""
    is_day = not isinstance(start, dt.datetime)
    if "DTEND" in component:
        end = _moment(component, "DTEND")
        if is_day is isinstance(end, dt.datetime):
            raise _BadEventError("busy_times")
        length = end - start
    elif "DURATION" in component:
        length = _value(component, "DURATION").dt
    else:
        length = _DAY if is_day else dt.timedelta()
    if length < dt.timedelta():
        raise _BadEventError("busy_times")
    return length


def _table(component: Component, budget: _Allowance) -> Iterator[Span]:
    """Yield the busy times of a free-busy table."""
    for period in _several(component, "FREEBUSY"):
        budget.take()
        if str(period.params.get("FBTYPE", "BUSY")).upper() == "FREE":
            continue
        begin, end = period.dt
        start = _aware(begin)
        yield start, start + end if isinstance(end, dt.timedelta) else _aware(end)


def _several(component: Component, name: str) -> list[Any]:
    """Return the values of a property that may stand several times."""
    found = component.get(name, [])
    return found if isinstance(found, list) else [found]


def _listed(component: Component, name: str) -> Iterator[dt.date]:
    for dates in _several(component, name):
        yield from (_key(_aware(entry.dt)) for entry in dates.dts)


def _value(component: Component, name: str) -> Any:
    """Return the value of a property that stands once."""
    found = component[name]
    if isinstance(found, list):
        raise _BadEventError("busy_unreadable")
    return found


def _moment(component: Component, name: str) -> dt.date:
    """Return a time or date of an event; one as a key if it names another event's occurrence."""
    value = _value(component, name)
    moment = value.dt
    if isinstance(moment, dt.datetime) and moment.tzinfo is None and "TZID" in value.params:
        raise _BadEventError("busy_zone")
    found = _aware(moment)
    return _key(found) if name == "RECURRENCE-ID" else found


def _aware(moment: dt.date) -> dt.date:
    """Return a time with its zone: one without is meant where the calendar is used."""
    if isinstance(moment, dt.datetime):
        return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
    if not isinstance(moment, dt.date):
        raise _BadEventError("busy_unreadable")
    return moment


def _key(moment: dt.date) -> dt.date:
    """Return a moment in the form in which occurrences are compared."""
    return moment.astimezone(dt.UTC) if isinstance(moment, dt.datetime) else moment


def _day(moment: dt.date) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


def _touches(span: Span, first: dt.datetime, last: dt.datetime) -> bool:
    """Return whether a span touches the time from ``first`` to ``last``."""
    start, end = span
    if isinstance(start, dt.datetime):
        return start < last and first < end and start < end
    return start < last.date() + _DAY and first.date() < end


def _code(error: Exception) -> str:
    return str(error) if isinstance(error, _BadEventError) else "busy_unreadable"
