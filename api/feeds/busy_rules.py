"""Repetition rules of an external calendar, reckoned on the clock of the event's own zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # comes with icalendar

from models.calendar import ZONE

FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_DAY = dt.timedelta(days=1)
_SAFE_DAY = 28
"""The last day that every month has."""


class BadEventError(Exception):
    """An event that cannot be read, by the code of its issue."""


def recurring(
    rule: Any, start: dt.date, last: dt.datetime, take: Callable[[], None]
) -> Iterator[dt.date]:
    """Yield the moments of a rule before ``last``.

    A rule of the Gregorian scale (RFC 7529) is a plain one; a lunar one is not read. ``take`` is
    called for every moment and raises when there were too many.

    Raises
    ------
    BadEventError
        The rule is not understood, or repeats more often than daily, or by the lunar calendar.
    """
    parts = {name.upper(): values for name, values in rule.items()}
    _refuse(parts)
    zone = start.tzinfo if isinstance(start, dt.datetime) else ZONE
    until = last.astimezone(zone).replace(tzinfo=None)
    if "UNTIL" in parts:
        until = min(until, clock(parts["UNTIL"][0], zone))
    skip = parts.pop("SKIP", ["OMIT"])[0]
    skip = str(getattr(skip, "value", skip)).upper()  # a word of the parser, or a text
    parts.pop("RSCALE", None)
    day = _late_day(parts, start) if skip in {"BACKWARD", "FORWARD"} else None
    if day is not None:
        parts |= {"BYMONTHDAY": list(range(_SAFE_DAY, day + 1)), "BYSETPOS": [-1]}
    kept = type(rule)({name: values for name, values in parts.items() if name != "UNTIL"})
    for moment in rrulestr(kept.to_ical().decode(), dtstart=clock(start, zone, at=dt.time())):
        take()
        if moment > until:
            return
        is_moved = day is not None and skip == "FORWARD" and moment.day < day
        found = moment + _DAY if is_moved else moment
        yield found.replace(tzinfo=zone) if isinstance(start, dt.datetime) else found.date()


def clock(moment: dt.date, zone: dt.tzinfo | None, at: dt.time = dt.time.max) -> dt.datetime:
    """Return a moment as a time without zone on the clock of ``zone``; a date means ``at``."""
    if not isinstance(moment, dt.datetime):
        return dt.datetime.combine(moment, at)
    return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment


def _refuse(parts: dict[str, Any]) -> None:
    scale = str(parts.get("RSCALE", ["GREGORIAN"])[0]).upper()
    if scale != "GREGORIAN":
        raise BadEventError("busy_lunar" if scale in {"CHINESE", "DANGI"} else "busy_rule")
    if not parts.get("FREQ"):
        raise BadEventError("busy_unreadable")
    is_moving = all(int(number) > 0 for number in parts.get("INTERVAL", ()))
    if str(parts["FREQ"][0]).upper() not in FREQUENCIES or not is_moving:
        raise BadEventError("busy_rule")


def _late_day(parts: dict[str, Any], start: dt.date) -> int | None:
    """Return the one day of the month that short months lack, where the rule has one."""
    if str(parts["FREQ"][0]).upper() not in {"MONTHLY", "YEARLY"}:
        return None
    if parts.keys() & {"BYDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"}:
        return None
    days = [int(day) for day in parts.get("BYMONTHDAY", [start.day])]
    if "BYMONTH" not in parts and str(parts["FREQ"][0]).upper() == "YEARLY":
        parts["BYMONTH"] = [start.month]
    return days[0] if len(days) == 1 and days[0] > _SAFE_DAY else None
