"""Entries in the calendars of people and places, made from published events.

In a person's calendar every event is an entry; in a place's calendar all events of a slot form one
entry that lists the people on it and survives a hand-over.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from models.county_ids import firm_key, person_key, site_key, village_key
from models.formats.feeds.feed_event import EventKind, FeedEvent
from models.formats.feeds.feed_plan import planned_events
from models.instance import Instance
from models.roster import Duty, Roster, Visit

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:zhiban:calendar-entry")


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One event of a calendar, free of any file format.

    ``stamp`` is the aware time of its last change; ``is_busy`` says whether it takes the time;
    ``crew`` are the keys of those in charge and of those on stand-by; they are not shown;
    ``link`` is the address of a web meeting, mostly empty.
    """

    uid: str
    start: dt.datetime
    end: dt.datetime
    summary: str
    location: str
    description: str
    is_busy: bool
    is_cancelled: bool
    sequence: int
    stamp: dt.datetime
    crew: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    link: str = ""


def cancelled(entry: CalendarEntry) -> CalendarEntry:
    """Return the entry of a removed event: it says so and does not block time."""
    # Several clients show subscribed events whatever their STATUS: the title must say it.
    return replace(
        entry,
        summary=f"已取消 {entry.summary}",
        description="已取消 Cancelled",
        is_busy=False,
        is_cancelled=True,
        link="",
    )


class Diary:
    """The entries of all people and sites of one roster; see ``planned_events`` for parameters."""

    def __init__(
        self,
        instance: Instance,
        roster: Roster,
        stamp: dt.datetime,
        *,
        sequence: int = 0,
        cancelled: Sequence[Duty | Visit] = (),
    ) -> None:
        self._instance = instance
        self._sequence = sequence
        self._people: dict[str, list[FeedEvent]] = defaultdict(list)
        self._sites: dict[str, list[FeedEvent]] = defaultdict(list)
        self._villages: dict[str, list[FeedEvent]] = defaultdict(list)
        self._firms: dict[str, list[FeedEvent]] = defaultdict(list)
        self._hosts = {row.village: row.host for row in roster.stations if row.host}
        for event in planned_events(
            instance, roster, stamp, sequence=sequence, cancelled=cancelled
        ):
            self._people[event.person].append(event)
            for site in event.sites:
                self._sites[site].append(event)
            if event.village:
                self._villages[event.village].append(event)
            if event.firm:
                self._firms[event.firm].append(event)

    def of_person(self, person_id: str) -> list[CalendarEntry]:
        """Return the duties, stand-bys and visits of a person, by start; none if unknown."""
        return ordered(
            person_entry(event)
            for event in self._people.get(person_key(self._instance, person_id), ())
        )

    def of_site(self, site_id: str) -> list[CalendarEntry]:
        """Return one entry per slot of the site, by start, with the visits to its villages.

        Slots of remote posts that serve the site belong to it too.

        Raises
        ------
        KeyError
            The instance has no such site.
        """
        site = self._instance.site_by_id[site_id]
        return self._of_place(self._sites.get(site_key(self._instance, site.id), ()))

    def of_village(self, village_id: str) -> list[CalendarEntry]:
        """Return one entry per visit to the village or to the one that houses its station, by start.

        Raises
        ------
        KeyError
            The instance has no such village.
        """
        village = self._instance.village_by_id[village_id]
        there = {village.id, self._hosts.get(village.id, village.id)}
        keys = sorted(village_key(self._instance, place) for place in there)
        return self._of_place(event for key in keys for event in self._villages.get(key, ()))

    def of_firm(self, firm_id: str) -> list[CalendarEntry]:
        """Return one entry per slot that the firm staffs, by start: waiting for its person, or named.

        Raises
        ------
        KeyError
            The instance has no such firm.
        """
        firm = self._instance.firm_by_id[firm_id]
        slots = by_slot(self._firms.get(firm_key(self._instance, firm.id), ()))
        return ordered(place_entry(slot, self._sequence, apart="firm") for slot in slots)

    def _of_place(self, events: Iterable[FeedEvent]) -> list[CalendarEntry]:
        return ordered(place_entry(slot, self._sequence) for slot in by_slot(events))


def by_slot(events: Iterable[FeedEvent]) -> list[list[FeedEvent]]:
    """Return the events of each slot together."""
    slots: dict[str, list[FeedEvent]] = defaultdict(list)
    for event in events:
        slots[event.slot].append(event)
    return list(slots.values())


def ordered(entries: Iterable[CalendarEntry]) -> list[CalendarEntry]:
    """Return entries by start, whatever order they came in."""
    return sorted(entries, key=lambda entry: (entry.start, entry.uid))


def person_entry(event: FeedEvent) -> CalendarEntry:
    """Return the entry of an event in its person's calendar, titled with the site."""
    return _entry([event], event.key, event.where, (event.sequence, event.last_modified))


def place_entry(events: Sequence[FeedEvent], sequence: int, *, apart: str = "") -> CalendarEntry:
    """Return the entry of one slot in a place's calendar, titled with the people on it.

    Parameters
    ----------
    events
        All events ever published for the slot, at least one.
    sequence
        Revision of the entry.
    apart
        Set for calendars that hold several sites (of a township, of a firm), a word for each
        kind: the title names the site too, and the identity is another, since one client may
        hold several of them.
    """
    confirmed = [event for event in events if not event.is_cancelled]
    last = max(event.last_modified for event in events)
    shown = confirmed or [event for event in events if event.last_modified == last]
    shown = [event for event in shown if event.person] or shown  # else only traces of moves
    shown = sorted(shown, key=lambda event: (event.kind is EventKind.STANDBY, event.person))
    head = shown[0]
    names = "、".join(event.person_name for event in shown if event.kind is head.kind)
    about = [head.where, names] if apart and head.where else [names]
    identity = f"{apart}|{head.slot}" if apart else head.slot
    return _entry(shown, identity, " · ".join(about), (sequence, last))


def _entry(
    shown: Sequence[FeedEvent], identity: str, about: str, revision: tuple[int, dt.datetime]
) -> CalendarEntry:
    """Return the entry of events of one slot, titled with what the first is and ``about``."""
    event = shown[0]
    market = "（赶集日）" if event.is_market_day else ""
    title = f"{event.kind.label} {event.what}{market}" + (f" · {about}" if about else "")
    standby = EventKind.STANDBY
    entry = CalendarEntry(
        uid=f"{uuid.uuid5(_NAMESPACE, identity)}@zhiban",
        start=event.start,
        end=event.end,
        summary=title,
        location=event.place,
        description=_note(event),
        is_busy=event.is_busy,
        is_cancelled=False,
        sequence=revision[0],
        stamp=revision[1],
        crew=(
            tuple(one.person for one in shown if one.kind is not standby),
            tuple(one.person for one in shown if one.kind is standby),
        ),
        link=event.link,
    )
    return cancelled(entry) if event.is_cancelled else entry


def _note(event: FeedEvent) -> str:
    """Return the description: post or service, people, day, office phone, link."""
    last = (
        ("日期 Day", event.day),
        ("电话 Phone", event.phone),
        ("链接 Link", event.link),
        ("说明 Note", event.notice),
    )
    if event.kind in (EventKind.VISIT, EventKind.LECTURE):
        is_lecture = event.kind is EventKind.LECTURE
        return _lines(
            ("内容 Service", "走访、讲座 Visit and lecture" if is_lecture else "走访 Visit"),
            ("法律顾问 Adviser", "、".join(event.crew)),
            ("赶集日 Market day", "是 Yes" if event.is_market_day else ""),
            *last,
        )
    return _lines(
        ("岗位 Post", event.what),
        ("方式 Mode", event.mode),
        ("值班 On duty", "、".join(event.crew)),
        ("备班 Standby", "、".join(event.alternates)),
        *last,
    )


def _lines(*pairs: tuple[str, str]) -> str:
    """Return one line per label with a value."""
    return "\n".join(f"{label}：{value}" for label, value in pairs if value)
