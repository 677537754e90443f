"""The bytes of a feed: the same target, events and window give the same bytes for ever.

Rules and their reasons: RFC 5545, RFC 7986, and ``models.formats.feed``, which writes the
calendars of files and feeds alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from api.feeds.event import FeedEvent, Target, TargetKind
from models.calendar import ZONE
from models.formats.feed import calendar_bytes
from models.formats.feed_entries import by_slot, ordered, person_entry, place_entry

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
    """Return when a window came to start at ``since``: what left a feed changed it, too."""
    return since + dt.timedelta(days=DAYS_BACK)


def feed_bytes(target: Target, events: Iterable[FeedEvent], since: dt.datetime) -> bytes:
    """Return the calendar of a target.

    Parameters
    ----------
    target
        Whose calendar it is.
    events
        Its published events, cancelled ones too, in any order.
    since
        Aware start of the window; earlier events are left out, all later ones are told.

    Raises
    ------
    ValueError
        ``duplicate_key``: two events share an identity; a client would show one of them.
    """
    shown = [event for event in events if event.start >= since]
    if len({event.key for event in shown}) < len(shown):
        message = f"duplicate_key two events of {target.kind} {target.id} share an identity"
        raise ValueError(message)
    if target.kind is TargetKind.PERSON:
        entries = ordered(person_entry(event) for event in shown)
    else:
        is_wide = target.kind is TargetKind.TOWNSHIP
        slots = by_slot(shown)
        entries = ordered(place_entry(slot, _revision(slot), is_wide=is_wide) for slot in slots)
    return calendar_bytes(f"{target.name} 值班日历", "", entries)


def _revision(slot: Sequence[FeedEvent]) -> int:
    """Return the SEQUENCE of a slot: how often any event of it has been new or changed, less one.

    Events are never deleted, so the number only grows, by hand-overs too.
    """
    return sum(event.sequence + 1 for event in slot) - 1
