"""Calendars in files that carry on from those people have: same UID, SEQUENCE raised, removed events cancelled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from icalendar import Calendar, vText

_REVISION = ("SEQUENCE", "DTSTAMP", "LAST-MODIFIED")


def carried_on(earlier: bytes, now: bytes | None, stamp: dt.datetime) -> bytes:
    """Return the calendar ``now``, as the next revision of the one that people have.

    An event that did not change keeps its revision; a changed or returned one has the next SEQUENCE; one that is
    gone stays, cancelled.

    Parameters
    ----------
    earlier
        The calendar as it was written last.
    now
        The calendar of the new plan, its events changed at ``stamp``; None if nothing is left in it.
    stamp
        Aware time of the change.

    Raises
    ------
    ValueError
        One of them is no calendar.
    """
    old: Any = Calendar.from_ical(earlier)
    new: Any = Calendar.from_ical(now) if now is not None else None
    known = _by_uid(old)
    coming = _by_uid(new) if new is not None else {}
    for uid, event in coming.items():
        if uid in known:
            _revise(event, known[uid])
    coming |= {
        uid: event if _is_cancelled(event) else _cancelled(event, stamp)
        for uid, event in known.items()
        if uid not in coming
    }
    made = new or old
    kept = [part for part in made.subcomponents if part.name != "VEVENT"]
    made.subcomponents = [*kept, *sorted(coming.values(), key=_order)]
    return bytes(made.to_ical())


def _by_uid(calendar: Any) -> dict[str, Any]:
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def _revise(event: Any, old: Any) -> None:
    """Give an event the revision that follows from what people have."""
    is_same = _content(event) == _content(old)
    for name in _REVISION:
        if is_same or _time(old, name) > _time(event, name):
            event[name] = old[name]
    if not is_same:
        _set(event, "SEQUENCE", int(old["SEQUENCE"]) + 1)


def _cancelled(event: Any, stamp: dt.datetime) -> Any:
    """Return an event that says it is cancelled and takes no time."""
    # several clients show subscribed events whatever their STATUS: the title must say it
    _set(event, "SUMMARY", vText(f"已取消 {event['SUMMARY']}"))
    _set(event, "DESCRIPTION", vText("已取消 Cancelled"))
    _set(event, "STATUS", "CANCELLED")
    _set(event, "TRANSP", "TRANSPARENT")
    _set(event, "SEQUENCE", int(event["SEQUENCE"]) + 1)
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        _set(event, name, max(stamp.astimezone(dt.UTC).replace(microsecond=0), event[name].dt))
    for name in ("URL", "CONFERENCE"):
        event.pop(name, None)
    return event


def _set(event: Any, name: str, value: object) -> None:
    event.pop(name, None)
    event.add(name, value)


def _content(event: Any) -> Mapping[str, bytes]:
    return dict(_lines(event))


def _lines(event: Any) -> Iterator[tuple[str, bytes]]:
    for name, value in event.items():
        if name not in _REVISION:
            yield name, value.to_ical() if hasattr(value, "to_ical") else str(value).encode()


def _time(event: Any, name: str) -> dt.datetime:
    """Return a time of revision; of a number the beginning of time, which decides nothing."""
    value = getattr(event[name], "dt", None)
    return value if isinstance(value, dt.datetime) else dt.datetime.min.replace(tzinfo=dt.UTC)


def _is_cancelled(event: Any) -> bool:
    return str(event.get("STATUS", "")) == "CANCELLED"


def _order(event: Any) -> tuple[Any, str]:
    return event["DTSTART"].dt, str(event["UID"])
