"""Busy times in an external calendar: its events and recurrences as plain spans.

The calendar is not ours and may be hostile: everything in it is counted and limited, and no
title or text of it is read. It is given to the parser as bytes; a text might be taken for
the name of a file of ours. An event that cannot be read is skipped and told by its date: one bad
event never costs the good ones.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from icalendar import Calendar, Component

from api.feeds.busy_issues import busy_issue
from api.feeds.busy_rules import BadEventError, recurring
from api.feeds.busy_zones import with_plain_zones, zone_named
from models.calendar import ZONE
from models.issues import InputError, Issue

Span = tuple[dt.date, dt.date]
"""Start and end: aware times, or plain dates (end not included) of whole days."""

_READ = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "FREEBUSY"}
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


@dataclass(frozen=True, slots=True)
class BusySpans:
    """What a calendar says: spans, how many events could not be read, and those that may matter.

    ``issues`` tell of the skipped events that do not provably lie outside the time asked about.
    """

    spans: tuple[Span, ...]
    skipped: int
    issues: tuple[Issue, ...]


class _TooMuchError(Exception):
    """The limit of occurrences or seconds is reached."""


class _Allowance:
    """Counts what is read and stops when it is too much."""

    def __init__(self, limits: CalendarLimits) -> None:
        self._left = limits.occurrences
        self._most = limits.occurrences // 2
        self._own = 0
        self._end = time.monotonic() + limits.seconds

    def begin(self) -> None:
        """Begin with another event: none may use up what the others need."""
        self._own = 0

    def take(self) -> None:
        self._own += 1
        if self._own > self._most:
            raise BadEventError("busy_too_much")
        self._left -= 1
        if self._left < 0 or time.monotonic() > self._end:
            raise _TooMuchError


def busy_spans(
    content: bytes, first: dt.datetime, last: dt.datetime, limits: CalendarLimits
) -> BusySpans:
    """Return when the calendar says busy, as far as it touches the time from ``first`` to ``last``.

    Raises
    ------
    InputError
        With an Issue for the file: it is none, too large, or repeats without end.
    """
    components = enumerate(_components(content, limits), 1)
    replaced: dict[str, set[dt.date]] = defaultdict(set)
    issues: list[Issue] = []
    spans: list[Span] = []
    skipped, endless, budget = 0, 0, _Allowance(limits)
    # moved occurrences first: only those that can be read take the place of others
    for number, component in sorted(components, key=lambda c: "RECURRENCE-ID" not in c[1]):
        try:
            _check(component)
            budget.begin()
            budget.take()
            found = list(_spans(component, replaced, last, budget))
            spans += [span for span in found if _touches(span, first, last)]
            if "RECURRENCE-ID" in component:
                replaced[str(component.get("UID", ""))].add(_moment(component, "RECURRENCE-ID"))
        except _TooMuchError:
            raise InputError([busy_issue("busy_too_much", endless or number)]) from None
        except (BadEventError, *_MISREAD) as error:
            skipped += 1
            endless = endless or (number if _code(error) == "busy_too_much" else 0)
            if not _is_outside(component, first, last):
                issues.append(busy_issue(_code(error), number, _date_of(component)))
    return BusySpans(tuple(spans), skipped, tuple(issues))


def _components(content: bytes, limits: CalendarLimits) -> list[Component]:
    """Return the events and free-busy tables of a file."""
    if len(content) > limits.most_bytes:
        raise InputError([busy_issue("busy_size")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")  # the encoding of older Chinese programs
    try:
        calendars = Calendar.from_ical(with_plain_zones(text.encode()), multiple=True)
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
    broken = [(str(name).upper(), str(why).upper()) for name, why in component.errors]
    if any(name == "RRULE" and "LUNAR" in why for name, why in broken):
        raise BadEventError("busy_lunar")
    if any(name in _READ for name, _ in broken):
        raise BadEventError("busy_unreadable")
    if component.name == "VEVENT" and "DTSTART" not in component:
        raise BadEventError("busy_unreadable")
    if "RECURRENCE-ID" in component and "RANGE" in _value(component, "RECURRENCE-ID").params:
        raise BadEventError("busy_rule")


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
    is_day = not isinstance(start, dt.datetime)
    if isinstance(start, dt.datetime) and _is_whole_days(component, start, length):
        start, length, is_day = _midnight(start).date(), max(length, _DAY), True
    if "RECURRENCE-ID" in component:
        yield start, start + length
        return
    gone = replaced.get(str(component.get("UID", "")), set()) | set(_listed(component, "EXDATE"))
    if is_day:
        gone |= {_midnight(key).date() for key in gone if isinstance(key, dt.datetime)}
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
        for moment in recurring(rule, start, last, budget.take):
            yield moment, length
    for dates in _several(component, "RDATE"):
        for entry in dates.dts:
            budget.take()
            if isinstance(entry.dt, tuple):
                begin, end = entry.dt
                own = end if isinstance(end, dt.timedelta) else end - begin
                yield _aware(begin, dates), own
            else:
                moment = _aware(entry.dt, dates)
                is_own = isinstance(moment, dt.datetime) is isinstance(start, dt.datetime)
                yield moment if is_own else _day(moment), length


def _length(component: Component, start: dt.date) -> dt.timedelta:
    """Return how long an event takes: a day at least for a date, nothing for a time alone.

    Some programs end an event of a whole day on the day itself, though its end is not included.
    """
    is_day = not isinstance(start, dt.datetime)
    if "DTEND" in component:
        end = _moment(component, "DTEND")
        if is_day is isinstance(end, dt.datetime):
            raise BadEventError("busy_times")
        length = end - start
    elif "DURATION" in component:
        length = _value(component, "DURATION").dt
    else:
        length = _DAY if is_day else dt.timedelta()
    if length < dt.timedelta():
        raise BadEventError("busy_times")
    return max(length, _DAY) if is_day else length


def _is_whole_days(component: Component, start: dt.datetime, length: dt.timedelta) -> bool:
    """Tell whether a time of the day means a whole day: from midnight to midnight, the same one too."""
    is_named = str(component.get("X-MICROSOFT-CDO-ALLDAYEVENT", "")).upper() == "TRUE"
    is_midnight = _midnight(start).time() == dt.time()
    has_end = "DTEND" in component or "DURATION" in component
    return is_midnight and length % _DAY == dt.timedelta() and (has_end or is_named)


def _midnight(moment: dt.datetime) -> dt.datetime:
    """Return a moment on the clock on which it may be midnight: its own, that of Beijing for UTC."""
    is_utc = moment.utcoffset() == dt.timedelta()
    return moment.astimezone(ZONE) if is_utc else moment


def _table(component: Component, budget: _Allowance) -> Iterator[Span]:
    """Yield the busy times of a free-busy table."""
    for period in _several(component, "FREEBUSY"):
        budget.take()
        if str(period.params.get("FBTYPE", "BUSY")).upper() == "FREE":
            continue
        begin, end = period.dt
        start = _aware(begin, period)
        yield start, start + end if isinstance(end, dt.timedelta) else _aware(end, period)


def _several(component: Component, name: str) -> list[Any]:
    """Return the values of a property that may stand several times."""
    found = component.get(name, [])
    return found if isinstance(found, list) else [found]


def _listed(component: Component, name: str) -> Iterator[dt.date]:
    for dates in _several(component, name):
        yield from (_key(_aware(entry.dt, dates)) for entry in dates.dts)


def _value(component: Component, name: str) -> Any:
    """Return the value of a property that stands once."""
    found = component[name]
    if isinstance(found, list):
        raise BadEventError("busy_unreadable")
    return found


def _moment(component: Component, name: str) -> dt.date:
    """Return a time or date of an event; one as a key if it names another event's occurrence."""
    value = _value(component, name)
    found = _aware(value.dt, value)
    return _key(found) if name == "RECURRENCE-ID" else found


def _aware(moment: dt.date, value: Any) -> dt.date:
    """Return a time with its zone: one without is meant where the calendar is used.

    ``value`` is the property in which the time stands; it may name a zone that the parser does
    not know.
    """
    if isinstance(moment, dt.datetime):
        name = value.params.get("TZID")
        zone = zone_named(str(name)) if name and moment.tzinfo is None else ZONE
        if zone is None:
            raise BadEventError("busy_zone")
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    if not isinstance(moment, dt.date):
        raise BadEventError("busy_unreadable")
    return moment


def _key(moment: dt.date) -> dt.date:
    """Return a moment in the form in which occurrences are compared."""
    return moment.astimezone(dt.UTC) if isinstance(moment, dt.datetime) else moment


def _day(moment: dt.date) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


def _date_of(component: Component) -> dt.date | None:
    """Return the day of an event, as far as it can be read."""
    try:
        return _day(_value(component, "DTSTART").dt)
    except (BadEventError, *_MISREAD):
        return None


def _is_outside(component: Component, first: dt.datetime, last: dt.datetime) -> bool:
    """Tell whether an event provably lies outside the time, whatever else is wrong with it."""
    day = _date_of(component)
    if day is None or "RDATE" in component:
        return False
    if day > last.date() + _DAY:
        return True
    try:
        ends = [_day(rule["UNTIL"][0]) for rule in _several(component, "RRULE")]
        ends += [_day(_value(component, "DTEND").dt)] if "DTEND" in component else []
    except (BadEventError, *_MISREAD):  # a rule without end among them
        return False
    return max([day, *ends]) + _DAY < first.date()


def _touches(span: Span, first: dt.datetime, last: dt.datetime) -> bool:
    """Return whether a span touches the time from ``first`` to ``last``."""
    start, end = span
    if isinstance(start, dt.datetime):
        return start < last and first < end and start < end
    return start < last.date() + _DAY and first.date() < end


def _code(error: Exception) -> str:
    return str(error) if isinstance(error, BadEventError) else "busy_unreadable"
