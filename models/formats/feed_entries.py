"""What stands in the calendars of people and sites: entries made from a roster.

An entry's identity is the slot (post, date, part) or, for a visit, its turn among the
month's visits to the village: it stays when times, places, names or the day of a visit
change. In a person's calendar the person belongs to the identity, so that a hand-over
cancels the entry of one and creates that of the other. Mobile numbers and licence numbers
are never read here.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from models.calendar import Calendar
from models.instance import Instance
from models.places import Post
from models.roster import Duty, Roster, Visit
from models.slots import PART_ORDER, market_days, part_times, post_times
from models.vocabulary import Mode

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:zhiban:calendar-entry")
_ENGLISH_MODES = {Mode.ONSITE: "On site", Mode.REMOTE: "Remote", Mode.ON_CALL: "On call"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a calendar, free of any file format.

    ``stamp`` is the aware time of its last change; ``is_busy`` says whether it takes the time;
    ``crew`` are the ids of those in charge and of those on stand-by; ids are not shown.
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


def cancelled(entry: Entry) -> Entry:
    """Return the entry of something removed: it says so and takes no time."""
    # Several clients show subscribed events whatever their STATUS: the title must tell.
    return replace(
        entry,
        summary=f"已取消 {entry.summary}",
        description="已取消 Cancelled",
        is_busy=False,
        is_cancelled=True,
    )


class _Sitting(NamedTuple):
    """A duty, whether it was removed, its post (None if deleted since) and its slot's id."""

    duty: Duty
    is_cancelled: bool
    post: Post | None
    slot: str


class _Call(NamedTuple):
    """A visit, whether it was removed, and its turns in the month, counted from 1."""

    visit: Visit
    is_cancelled: bool
    village_turn: int
    person_turn: int


class Diary:
    """The entries of all people and sites of one roster; its indices are built once.

    Parameters
    ----------
    instance
        What the roster was made from.
    roster
        The published plan of a month.
    stamp
        Aware time of the roster's last change.
    sequence
        Revision of the entries, 0 or more; the caller raises it on each change.
    cancelled
        Duties and visits that were published and have been removed since. Where one shares
        its identity with an entry of the roster, the roster's entry is shown.
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
        self._instance = instance
        self._stamp = stamp
        self._sequence = sequence
        self._calendar = Calendar(instance.days)
        self._markets: dict[tuple[str, str], frozenset[dt.date]] = {}
        self._notes: dict[str, str] = {}
        self._crews: dict[str, list[Duty]] = defaultdict(list)
        self._sittings: dict[str, list[_Sitting]] = defaultdict(list)
        self._site_sittings: dict[str, list[_Sitting]] = defaultdict(list)
        self._calls: dict[str, list[_Call]] = defaultdict(list)
        self._village_calls: dict[str, list[_Call]] = defaultdict(list)
        self._add_duties(roster.duties, is_cancelled=False)
        self._add_duties([r for r in cancelled if isinstance(r, Duty)], is_cancelled=True)
        gone = {row for row in cancelled if isinstance(row, Visit)} - set(roster.visits)
        self._add_visits(roster.visits, gone)

    def of_person(self, person_id: str) -> list[Entry]:
        """Return the duties, stand-bys and visits of a person, by start; none for a stranger."""
        entries = [self._person_duty(sitting) for sitting in self._sittings.get(person_id, ())]
        entries += [self._person_visit(call) for call in self._calls.get(person_id, ())]
        return _distinct(entries)

    def of_site(self, site_id: str) -> list[Entry]:
        """Return one entry per slot of the site, by start, with the visits to its villages.

        Slots of remote posts that serve the site belong to it too.

        Raises
        ------
        KeyError
            The instance has no such site.
        """
        site = self._instance.site_by_id[site_id]
        entries = [self._site_duty(sitting) for sitting in self._site_sittings.get(site_id, ())]
        for village in site.villages:
            entries += [self._site_visit(call) for call in self._village_calls.get(village, ())]
        return _distinct(entries)

    def of_village(self, village_id: str) -> list[Entry]:
        """Return the visits to a village, by start, as its site shows them; none for a stranger."""
        return _distinct(map(self._site_visit, self._village_calls.get(village_id, ())))

    def _add_duties(self, duties: Iterable[Duty], *, is_cancelled: bool) -> None:
        """Index duties, those in charge before those on stand-by."""
        for duty in sorted(set(duties), key=_duty_key):
            post = self._instance.post_by_id.get(duty.post)
            sitting = _Sitting(duty, is_cancelled, post, duty.slot)
            self._sittings[duty.person].append(sitting)
            if not is_cancelled:
                self._crews[sitting.slot].append(duty)
            sites = (post.site, *post.serves) if post else ()
            for site in dict.fromkeys(sites):
                self._site_sittings[site].append(sitting)

    def _add_visits(self, visits: Iterable[Visit], gone: Iterable[Visit]) -> None:
        """Index visits; removed ones are counted after the others, so no identity is used twice."""
        turns: dict[tuple[str, ...], int] = defaultdict(int)
        rows = [(visit, False) for visit in sorted(set(visits), key=_visit_key)]
        rows += [(visit, True) for visit in sorted(gone, key=_visit_key)]
        for visit, is_cancelled in rows:
            place = (f"{visit.date:%Y-%m}", visit.village)
            own = (*place, visit.person)
            turns[place] += 1
            turns[own] += 1
            call = _Call(visit, is_cancelled, turns[place], turns[own])
            self._calls[visit.person].append(call)
            self._village_calls[visit.village].append(call)

    def _person_duty(self, sitting: _Sitting) -> Entry:
        """Return the entry of a duty in its person's calendar: told by its site."""
        post = sitting.post
        site = self._instance.site_by_id.get(post.site) if post else None
        uid = _uid("duty", sitting.slot, sitting.duty.person)
        name = site.name if site else ""
        return self._duty_entry(sitting, uid, name, [sitting.duty])

    def _site_duty(self, sitting: _Sitting) -> Entry:
        """Return the entry of a slot in its site's calendar: told by the people on it."""
        duty = sitting.duty
        crew = [duty] if sitting.is_cancelled else self._crews[sitting.slot]
        people = self._names(row.person for row in crew if row.standby == duty.standby)
        return self._duty_entry(sitting, _uid("duty", sitting.slot), people, crew)

    def _duty_entry(self, sitting: _Sitting, uid: str, about: str, crew: Sequence[Duty]) -> Entry:
        """Return the entry of a duty, titled with its post and what it is ``about``."""
        duty, is_cancelled, post, slot = sitting
        settings = self._instance.settings
        times = part_times(settings, duty.date, duty.part)
        if post is not None:
            times = post_times(settings, post, duty.date, duty.part)
        name = post.name if post else duty.post
        title = f"{'备班' if duty.standby else '值班'} {name}" + (f" · {about}" if about else "")
        if slot not in self._notes:
            self._notes[slot] = self._duty_note(duty, post)
        is_light = duty.standby or (post is not None and post.mode is Mode.ON_CALL)
        return self._entry(
            uid,
            times,
            (title, self._site_place(post), self._notes[slot]),
            (
                tuple(row.person for row in crew if not row.standby),
                tuple(row.person for row in crew if row.standby),
            ),
            is_busy=not is_light,
            is_cancelled=is_cancelled,
        )

    def _person_visit(self, call: _Call) -> Entry:
        """Return the entry of a visit in its adviser's calendar."""
        visit = call.visit
        month = f"{visit.date:%Y-%m}"
        uid = _uid("visit", month, visit.village, str(call.person_turn), visit.person)
        return self._visit_entry(call, uid, "")

    def _site_visit(self, call: _Call) -> Entry:
        """Return the entry of a visit in the calendar of a site that covers the village."""
        visit = call.visit
        uid = _uid("visit", f"{visit.date:%Y-%m}", visit.village, str(call.village_turn))
        return self._visit_entry(call, uid, f" · {self._names([visit.person])}")

    def _visit_entry(self, call: _Call, uid: str, who: str) -> Entry:
        """Return the entry of a visit."""
        visit = call.visit
        village = self._instance.village_by_id.get(visit.village)
        name = village.name if village else visit.village
        market = "（赶集日）" if self._is_market_day(visit) else ""
        title = f"{'讲座' if visit.lecture else '走访'} {name}{market}{who}"
        place = self._located(village.area, name) if village else ""
        return self._entry(
            uid,
            part_times(self._instance.settings, visit.date, visit.part),
            (title, place, self._visit_note(visit)),
            ((visit.person,), ()),
            is_busy=True,
            is_cancelled=call.is_cancelled,
        )

    def _entry(
        self,
        uid: str,
        times: tuple[dt.datetime, dt.datetime],
        texts: tuple[str, str, str],
        crew: tuple[tuple[str, ...], tuple[str, ...]],
        *,
        is_busy: bool,
        is_cancelled: bool,
    ) -> Entry:
        """Return an entry with title, place and note."""
        title, place, note = texts
        entry = Entry(
            uid=uid,
            start=times[0],
            end=times[1],
            summary=title,
            location=place,
            description=note,
            is_busy=is_busy,
            is_cancelled=False,
            sequence=self._sequence,
            stamp=self._stamp,
            crew=crew,
        )
        return cancelled(entry) if is_cancelled else entry

    def _duty_note(self, duty: Duty, post: Post | None) -> str:
        """Return the note of a duty: post, mode, the people on it, office phone."""
        crew = self._crews.get(duty.slot, ())
        site = self._instance.site_by_id.get(post.site) if post else None
        return _lines(
            ("岗位 Post", post.name if post else duty.post),
            ("方式 Mode", f"{post.mode.label} {_ENGLISH_MODES[post.mode]}" if post else ""),
            ("值班 On duty", self._names(row.person for row in crew if not row.standby)),
            ("备班 Standby", self._names(row.person for row in crew if row.standby)),
            ("日期 Day", self._calendar.holiday_name(duty.date)),
            ("电话 Phone", site.phone if site else ""),
            ("说明 Note", self._instance.settings.notice),
        )

    def _visit_note(self, visit: Visit) -> str:
        """Return the note of a visit: what, who, market day, office phone of the village."""
        village = self._instance.village_by_id.get(visit.village)
        return _lines(
            ("内容 Service", "走访、讲座 Visit and lecture" if visit.lecture else "走访 Visit"),
            ("法律顾问 Adviser", self._names([visit.person])),
            ("赶集日 Market day", "是 Yes" if self._is_market_day(visit) else ""),
            ("日期 Day", self._calendar.holiday_name(visit.date)),
            ("电话 Phone", village.phone if village else ""),
            ("说明 Note", self._instance.settings.notice),
        )

    def _site_place(self, post: Post | None) -> str:
        """Return the name of the post's site with its township."""
        site = self._instance.site_by_id.get(post.site) if post else None
        return self._located(site.area, site.name) if site else ""

    def _located(self, area_id: str, name: str) -> str:
        """Return ``name`` with the name of its area before it, unless it starts with it."""
        area = self._instance.area_by_id.get(area_id)
        if area is None or name.startswith(area.name):
            return name
        return f"{area.name} {name}"

    def _names(self, person_ids: Iterable[str]) -> str:
        """Return the names of people; one the instance does not know is told by id."""
        known = self._instance.person_by_id
        return "、".join(known[key].name if key in known else key for key in person_ids)

    def _is_market_day(self, visit: Visit) -> bool:
        """Return whether the village holds its market on the day of the visit."""
        village = self._instance.village_by_id.get(visit.village)
        if village is None:
            return False
        key = (village.id, f"{visit.date:%Y-%m}")
        if key not in self._markets:
            self._markets[key] = market_days(village, self._calendar, key[1])
        return visit.date in self._markets[key]


def _uid(*identity: str) -> str:
    """Return an opaque ASCII identity: the same for the same words on every machine."""
    # No id holds a "|", so different words never join to the same text.
    return f"{uuid.uuid5(_NAMESPACE, '|'.join(identity))}@zhiban"


def _lines(*pairs: tuple[str, str]) -> str:
    """Return one line per label with a value."""
    return "\n".join(f"{label}：{value}" for label, value in pairs if value)


def _duty_key(duty: Duty) -> tuple[dt.date, int, str, bool, str]:
    """Order duties by time and post, those in charge before those on stand-by."""
    return duty.date, PART_ORDER[duty.part], duty.post, duty.standby, duty.person


def _visit_key(visit: Visit) -> tuple[dt.date, int, str, str, bool]:
    """Order visits by time, village and person."""
    return visit.date, PART_ORDER[visit.part], visit.village, visit.person, visit.lecture


def _distinct(entries: Iterable[Entry]) -> list[Entry]:
    """Return the first entry of each identity, by start."""
    first: dict[str, Entry] = {}
    for entry in entries:
        first.setdefault(entry.uid, entry)
    return sorted(first.values(), key=lambda entry: (entry.start, entry.uid))
