"""What a publish changes: new, changed, removed and returned events, each with its revision.

RFC 5545 3.8.7.4: SEQUENCE rises with each significant revision. Without it clients miss a change;
raised needlessly, it notifies people of nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any

from models.formats.feeds.feed_event import FeedEvent

_HIDDEN = {"sequence", "last_modified", "is_cancelled", "sites", "village", "township", "firm"}
_shown = attrgetter(*(field.name for field in fields(FeedEvent) if field.name not in _HIDDEN))
"""What a calendar shows of an event, its revision apart."""


def publish(
    before: Iterable[FeedEvent], now: Iterable[FeedEvent], at: dt.datetime
) -> tuple[FeedEvent, ...]:
    """Return the events to be stored, by key: only those that differ from what is stored.

    Parameters
    ----------
    before
        Every event ever published of what is published now (for example the month of a
        township), the cancelled ones too.
    now
        The events of the new plan; their sequence and time of change are not read.
    at
        Aware time of the publish. LAST-MODIFIED never decreases, even if the clock was set back.

    Returns
    -------
    tuple of FeedEvent
        A changed or returned event has the next sequence, a removed one is cancelled with the
        next sequence, a new one has 0. An event that only moved to the calendars of other
        places keeps sequence and time: whoever still holds it sees no change. The places that
        it left or entered get a trace of it: an event of that place's calendar alone, cancelled
        for good. Where it left, the trace is what stays; it makes sequence and time of the slot
        rise there and nowhere else.

    Raises
    ------
    ValueError
        ``duplicate_key``: an identity occurs twice; ``slot_moved``: a slot does not follow
        from its key.
    """
    old, new = _by_key(before), _by_key(now)
    changes = []
    for key in sorted(old.keys() | new.keys()):
        change = _change(old.get(key), new.get(key), at)
        if change is not None and change != old.get(key):
            changes += [change, *_traces(old, change, at)]
    return tuple(sorted(changes, key=lambda event: event.key))


def _traces(old: Mapping[str, FeedEvent], event: FeedEvent, at: dt.datetime) -> Iterator[FeedEvent]:
    """Yield the traces of an event in the calendars of places that it has left or entered."""
    was = old.get(event.key)
    if was is None:
        return
    for kind, place in sorted(_places(was) ^ _places(event)):
        key = f"{event.key}|trace|{kind}|{place}"
        revisions = old[key].sequence + 1 if key in old else 0
        if (kind, place) not in _places(event):
            revisions += was.sequence + 1  # of something that has left the calendar
        alone: dict[str, Any] = dict.fromkeys(("person", "village", "township", "firm"), "") | {
            "sites": ()
        }
        alone[kind] = (place,) if kind == "sites" else place
        trace = _revised(was, was, at, is_cancelled=True)
        yield replace(trace, key=key, sequence=revisions, **alone)


def _places(event: FeedEvent) -> set[tuple[str, str]]:
    """Return the places whose calendars show an event: the field that names each, and its id."""
    places = {("village", event.village), ("township", event.township), ("firm", event.firm)}
    return {place for place in places if place[1]} | {("sites", site) for site in event.sites}


def _change(old: FeedEvent | None, new: FeedEvent | None, at: dt.datetime) -> FeedEvent | None:
    """Return the next state of an event."""
    if old is None:
        return new and replace(new, sequence=0, last_modified=at, is_cancelled=False)
    if old.slot != (new or old).slot:
        message = f"slot_moved {old.key} was published under another slot"
        raise ValueError(message)
    if new is None:
        return old if old.is_cancelled else _revised(old, old, at, is_cancelled=True)
    if old.is_cancelled or _shown(old) != _shown(new):
        return _revised(new, old, at, is_cancelled=False)
    return replace(new, sequence=old.sequence, last_modified=old.last_modified, is_cancelled=False)


def _revised(event: FeedEvent, old: FeedEvent, at: dt.datetime, *, is_cancelled: bool) -> FeedEvent:
    """Return ``event`` as the next revision of ``old``."""
    return replace(
        event,
        sequence=old.sequence + 1,
        last_modified=max(at, old.last_modified),
        is_cancelled=is_cancelled,
    )


def _by_key(events: Iterable[FeedEvent]) -> dict[str, FeedEvent]:
    found: dict[str, FeedEvent] = {}
    for event in events:
        if found.setdefault(event.key, event) is not event:
            message = f"duplicate_key {event.key} is published twice"
            raise ValueError(message)
    return found
