"""The events that a roster publishes, built once for all calendars.

The identity of a duty is its slot (post, date, part) and person, that of a visit its turn
among the person's visits of the month to the village, both within a county: it stays when times,
places, names or the day of a visit change, and a hand-over cancels the event of one person and
creates that of the other. Mobile and licence numbers are never read here.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from models.calendar import Calendar
from models.county_ids import county_of, firm_key, person_key, site_key, village_key
from models.formats.feeds.feed_event import EventKind, FeedEvent
from models.instance import Instance
from models.places import Post, Site, Village
from models.roster import Duty, Roster, Visit
from models.slots import PART_ORDER, market_days, part_times, post_times, visit_times
from models.vocabulary import AreaLevel, Mode

_ENGLISH_MODES = {Mode.ONSITE: "On site", Mode.REMOTE: "Remote", Mode.ON_CALL: "On call"}


def planned_events(
    instance: Instance,
    roster: Roster,
    stamp: dt.datetime,
    *,
    sequence: int = 0,
    cancelled: Sequence[Duty | Visit] = (),
) -> tuple[FeedEvent, ...]:
    """Return one event per person and slot and per visit, distinct in ``key``, by start.

    Parameters
    ----------
    instance
        What the roster was made from.
    roster
        The plan of a month.
    stamp
        Aware time of the last change.
    sequence
        Revision of all events, 0 or more.
    cancelled
        Duties and visits that were published and have been removed since. Where one shares
        its identity with an event of the roster, the roster's event is given.
    """
    fields = _EventFields(instance, roster.duties)
    fixed: dict[str, Any] = {"last_modified": stamp, "sequence": sequence}
    gone_duties = [row for row in cancelled if isinstance(row, Duty)]
    gone_visits = {row for row in cancelled if isinstance(row, Visit)} - set(roster.visits)
    events: dict[str, FeedEvent] = {}
    for rows, is_cancelled in ((roster.duties, False), (gone_duties, True)):
        for duty in sorted(set(rows), key=_duty_key):
            parts = fields.duty(duty)
            key = f"{parts['slot']}|{duty.person}"
            if key not in events:
                events[key] = FeedEvent(key=key, is_cancelled=is_cancelled, **parts, **fixed)
    for visit, turn, is_cancelled in _turns(roster.visits, gone_visits):
        parts = fields.visit(visit)
        key = f"visit|{visit.date:%Y-%m}|{parts['village']}|{turn}|{visit.person}"
        slot = f"{key}|place"
        events[key] = FeedEvent(key=key, slot=slot, is_cancelled=is_cancelled, **parts, **fixed)
    return tuple(sorted(events.values(), key=lambda event: (event.start, event.key)))


class _EventFields:
    """Looks up the contents of events in an instance."""

    def __init__(self, instance: Instance, duties: Iterable[Duty]) -> None:
        self._instance = instance
        self._calendar = Calendar(instance.days)
        self._markets: dict[tuple[str, str], frozenset[dt.date]] = {}
        self._crews: dict[str, list[Duty]] = defaultdict(list)
        for duty in sorted(set(duties), key=_duty_key):
            self._crews[duty.slot].append(duty)
        self._sites_of_village: dict[str, list[str]] = defaultdict(list)
        for site in instance.sites:
            for village in site.villages:
                self._sites_of_village[village].append(site.id)

    def duty(self, duty: Duty) -> dict[str, Any]:
        """Return the fields of a duty's event; its post may have been deleted since."""
        post = self._instance.post_by_id.get(duty.post)
        site = self._instance.site_by_id.get(post.site) if post else None
        crew = self._crews.get(duty.slot, ())
        kind = EventKind.STANDBY if duty.standby else EventKind.DUTY
        if duty.firm:
            kind = EventKind.PENDING
        return self._common(duty, kind, post) | {
            "slot": f"duty|{self._county(site)}|{duty.slot}",
            "what": self._instance.post_names.get(duty.post, duty.post),
            "where": site.name if site else "",
            "place": self._located(site),
            "mode": f"{post.mode.label} {_ENGLISH_MODES[post.mode]}" if post else "",
            "person_name": self._on_duty(duty),
            "crew": tuple(self._on_duty(row) for row in crew if not row.standby),
            "alternates": tuple(self._name(row.person) for row in crew if row.standby),
            "phone": site.phone if site else "",
            "link": (post.remote_link or "") if post else "",
            "is_busy": not duty.standby
            and not duty.firm
            and (post is None or post.mode is not Mode.ON_CALL),
            "sites": self._sites((post.site, *post.serves)) if post else (),
            "township": self._township(site),
            "firm": self._firm(duty, post),
        }

    def visit(self, visit: Visit) -> dict[str, Any]:
        """Return the fields of a visit's event, except for its slot."""
        village = self._instance.village_by_id.get(visit.village)
        kind = EventKind.LECTURE if visit.lecture else EventKind.VISIT
        return self._common(visit, kind, None) | {
            "what": village.name if village else visit.village,
            "place": self._located(village),
            "crew": (self._name(visit.person),),
            "is_market_day": village is not None and self._is_market_day(village, visit.date),
            "phone": village.phone if village else "",
            "sites": self._sites(self._sites_of_village.get(visit.village, ())),
            "village": village_key(self._instance, visit.village),
            "township": self._township(village),
        }

    def _common(self, row: Duty | Visit, kind: EventKind, post: Post | None) -> dict[str, Any]:
        settings = self._instance.settings
        times = part_times(settings, row.date, row.part)
        if isinstance(row, Visit):
            village = self._instance.village_by_id.get(row.village)
            times = visit_times(settings, village, row.date, row.part, row.start)
        elif post is not None:
            times = post_times(settings, post, row.date, row.part)
        return {
            "kind": kind,
            "person": person_key(self._instance, row.person),
            "person_name": self._name(row.person),
            "start": times[0],
            "end": times[1],
            "day": self._calendar.holiday_name(row.date),
            "notice": settings.notice,
        }

    def _located(self, place: Site | Village | None) -> str:
        """Return the place's name with that of its area before it, unless it starts with it."""
        if place is None:
            return ""
        area = self._instance.area_by_id.get(place.area)
        if area is None or place.name.startswith(area.name):
            return place.name
        return f"{area.name} {place.name}"

    def _county(self, site: Site | None) -> str:
        return county_of(self._instance, site.area if site else None)

    def _sites(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(site_key(self._instance, site) for site in ids))

    def _township(self, place: Site | Village | None) -> str:
        """Return the id of the township in which the place lies, empty for one above townships."""
        area = self._instance.area_by_id.get(place.area) if place else None
        return area.id if area and area.level is AreaLevel.TOWNSHIP else ""

    def _name(self, person: str) -> str:
        """Return the name of a person, or the id if the instance does not know them."""
        known = self._instance.person_by_id.get(person)
        return known.name if known else person

    def _on_duty(self, duty: Duty) -> str:
        """Return who is on a duty: the firm where it is still to name somebody."""
        if not duty.firm:
            return self._name(duty.person)
        known = self._instance.firm_by_id.get(duty.firm)
        return f"{known.name if known else duty.firm}（待派）"

    def _firm(self, duty: Duty, post: Post | None) -> str:
        """Return the key of the firm that staffs a slot: the one still to name somebody, or the holder's."""
        firm = duty.firm
        if firm is None and post is not None and post.firm_named and not duty.standby:
            known = self._instance.person_by_id.get(duty.person)
            firm = known.firm if known else None
        return firm_key(self._instance, firm) if firm else ""

    def _is_market_day(self, village: Village, date: dt.date) -> bool:
        key = (village.id, f"{date:%Y-%m}")
        if key not in self._markets:
            self._markets[key] = market_days(village, self._calendar, key[1])
        return date in self._markets[key]


def _turns(visits: Iterable[Visit], gone: Iterable[Visit]) -> Iterator[tuple[Visit, int, bool]]:
    """Count visits from 1; removed ones after the others, so that no identity is used twice."""
    turns: dict[tuple[str, str, str], int] = defaultdict(int)
    rows = [(visit, False) for visit in sorted(set(visits), key=_visit_key)]
    rows += [(visit, True) for visit in sorted(gone, key=_visit_key)]
    for visit, is_cancelled in rows:
        place = (f"{visit.date:%Y-%m}", visit.village, visit.person)
        turns[place] += 1
        yield visit, turns[place], is_cancelled


def _duty_key(duty: Duty) -> tuple[dt.date, int, str, bool, str]:
    """Order duties by time and post, those in charge before those on stand-by."""
    return duty.date, PART_ORDER[duty.part], duty.post, duty.standby, duty.person


def _visit_key(visit: Visit) -> tuple[dt.date, int, str, str, bool, str]:
    """Order visits by half day, village and person."""
    when, start = (visit.date, PART_ORDER[visit.part]), visit.start or ""
    return *when, visit.village, visit.person, visit.lecture, start
