"""Calendar feeds (RFC 5545, RFC 7986) of people and sites.

Explicit events in ``TZID=Asia/Shanghai``, stable identities, no METHOD (without an ORGANIZER
it breaks RFC 5546), no UID of the calendar (a known client merges all events then), no
clock: the same roster and stamp give the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vDuration, vText, vUri

from models.formats.feeds.feed_entries import CalendarEntry, Diary
from models.instance import Instance
from models.roster import Duty, Roster, Visit

_TZID = "Asia/Shanghai"
_REFRESH = dt.timedelta(hours=1)
_CONFERENCE = {
    "VALUE": "URI",
    "FEATURE": ["AUDIO", "VIDEO"],
    "LABEL": "远程接待 Remote",
}  # RFC 7986 5.11


class FeedWriter:
    """Writes the calendars of one roster; use it instead of the functions for many of them.

    Parameters
    ----------
    instance
        What the roster was made from.
    roster
        The published plan of a month.
    stamp
        Aware time of the roster's last change, written as DTSTAMP and LAST-MODIFIED.
    sequence
        Revision, 0 or more, raised by the caller on each change.
    cancelled
        Removed duties and visits, written with STATUS:CANCELLED.

    Raises
    ------
    ValueError
        ``stamp_naive``: the stamp has no time zone.
    """

    def __init__(
        self,
        instance: Instance,
        roster: Roster,
        stamp: dt.datetime,
        *,
        sequence: int = 0,
        cancelled: Sequence[Duty | Visit] = (),
    ) -> None:
        if stamp.tzinfo is None:
            message = "stamp_naive the time of the last change needs a time zone"
            raise ValueError(message)
        self._instance = instance
        self._diary = Diary(instance, roster, stamp, sequence=sequence, cancelled=cancelled)

    def person(self, person_id: str) -> bytes:
        """Return the calendar of a person. Raises KeyError for an unknown id."""
        name = self._instance.person_by_id[person_id].name
        entries = self._diary.of_person(person_id)
        return calendar_bytes(f"{name} 值班日历", self._instance.settings.notice, entries)

    def site(self, site_id: str) -> bytes:
        """Return the calendar of a site. Raises KeyError for an unknown id."""
        name = self._instance.site_by_id[site_id].name
        entries = self._diary.of_site(site_id)
        return calendar_bytes(f"{name} 值班日历", self._instance.settings.notice, entries)

    def village(self, village_id: str) -> bytes:
        """Return the calendar of the service in a village. Raises KeyError for an unknown id."""
        name = self._instance.village_by_id[village_id].name
        entries = self._diary.of_village(village_id)
        return calendar_bytes(f"{name} 服务日历", self._instance.settings.notice, entries)

    def firm(self, firm_id: str) -> bytes:
        """Return the calendar of the slots a firm staffs. Raises KeyError for an unknown id."""
        name = self._instance.firm_by_id[firm_id].name
        entries = self._diary.of_firm(firm_id)
        return calendar_bytes(f"{name} 值班日历", self._instance.settings.notice, entries)


def calendar_bytes(name: str, notice: str, entries: Iterable[CalendarEntry]) -> bytes:
    """Return a calendar of ``entries``, which may come from several rosters.

    Parameters
    ----------
    name
        What a client shows as the name of the calendar.
    notice
        A notice about the content, empty if none.
    entries
        Entries of distinct identity, in the order in which they are written.
    """
    calendar = Calendar()
    calendar.add("PRODID", "-//zhiban//zhiban//ZH")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    # vText, vDuration: icalendar writes values of properties it does not know as they are.
    for key, text in (("NAME", name), ("DESCRIPTION", notice)):
        if text:
            calendar.add(key, vText(text))
            calendar.add(f"X-WR-CAL{key.replace('DESCRIPTION', 'DESC')}", vText(text))
    calendar.add("REFRESH-INTERVAL", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(_REFRESH))
    calendar.add_component(_TIMEZONE)
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: CalendarEntry) -> Event:
    """Return the event of one entry."""
    stamp = entry.stamp.astimezone(dt.UTC).replace(microsecond=0)
    event = Event()
    event.add("UID", entry.uid)
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTAMP", stamp)
    event.add("LAST-MODIFIED", stamp)
    event.add("DTSTART", entry.start)
    event.add("DTEND", entry.end)
    event.add("SUMMARY", entry.summary)
    event.add("DESCRIPTION", entry.description)
    # The link stands in LOCATION too: many clients (Outlook, Google, phones) show no URL.
    if location := f"{entry.location} {entry.link}".strip():
        event.add("LOCATION", location)
    if entry.link:
        event.add("URL", entry.link)
        event.add("CONFERENCE", vUri(entry.link, params=_CONFERENCE))
    event.add("STATUS", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("TRANSP", "OPAQUE" if entry.is_busy else "TRANSPARENT")
    return event


def _timezone() -> Timezone:
    """Return the zone of all events: UTC+8, without daylight saving since 1991."""
    standard = TimezoneStandard()
    standard.add("DTSTART", dt.datetime(1992, 1, 1))
    standard.add("TZOFFSETFROM", dt.timedelta(hours=8))
    standard.add("TZOFFSETTO", dt.timedelta(hours=8))
    standard.add("TZNAME", "CST")
    zone = Timezone()
    zone.add("TZID", _TZID)
    zone.add_component(standard)
    return zone


_TIMEZONE = _timezone()
