"""The bytes of a feed: the same target, events and window give the same bytes for ever.

Rules and their reasons: RFC 5545, RFC 7986, and ``models.formats.feeds.feed``, which writes the
calendars of files and feeds alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from api.feeds.event import CalendarEntry, FeedEvent, Target, TargetKind
from models.calendar import ZONE
from models.formats.feeds.feed import calendar_bytes
from models.formats.feeds.feed_entries import by_slot, ordered, person_entry, place_entry

DAYS_BACK = 180
"""Days that stay in a feed at least; clients lose what leaves it."""


def window_start(now: dt.datetime) -> dt.datetime:
    """Return the start of the month in which the day 180 days before ``now`` lies.

    Whole months leave a feed, so that its bytes change by the clock only once a month, and
    all events of a slot leave together.
    """
    day = (now.astimezone(ZONE) - dt.timedelta(days=DAYS_BACK)).date()
    return dt.datetime.combine(day.replace(day=1), dt.time(), ZONE)


def window_moved(since: dt.datetime) -> dt.datetime:
    """Return when the window moved to ``since``: entries leaving a feed change it, too."""
    return since + dt.timedelta(days=DAYS_BACK)


def feed_bytes(target: Target, entries: Iterable[CalendarEntry], since: dt.datetime) -> bytes:
    """Return the calendar of a target.

    Parameters
    ----------
    target
        Whose calendar it is.
    entries
        What stands in it, cancelled ones too, in any order.
    since
        Aware start of the window; what starts earlier is left out.

    Raises
    ------
    ValueError
        ``duplicate_uid``: two entries share an identity; a client would show one of them.
    """
    shown = ordered(entry for entry in entries if entry.start >= since)
    if len({entry.uid for entry in shown}) < len(shown):
        message = f"duplicate_uid two entries of {target.kind} {target.id} share an identity"
        raise ValueError(message)
    return calendar_bytes(f"{target.name} 值班日历", "", shown)


def entries_of(target: Target, events: Iterable[FeedEvent]) -> list[CalendarEntry]:
    """Return what stands in the calendar of a target, made from all its published events."""
    if target.kind is TargetKind.PERSON:
        return ordered(person_entry(event) for event in events)
    apart = {TargetKind.TOWNSHIP: "wide", TargetKind.FIRM: "firm"}.get(target.kind, "")
    slots = by_slot(events)
    return ordered(place_entry(slot, _revision(slot), apart=apart) for slot in slots)


def _revision(slot: Sequence[FeedEvent]) -> int:
    """Return the SEQUENCE of a slot: how often any event of it has been new or changed, less one.

    Events are never deleted, so the number only grows, by hand-overs too.
    """
    return sum(event.sequence + 1 for event in slot) - 1
