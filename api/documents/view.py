"""The view: Instance, Roster and Report joined once; every result reads from it."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from api.documents.lines import (
    TO_BE_NAMED,
    DayMark,
    DutyLine,
    MediatorLine,
    PersonCard,
    PlaceCard,
    StationLine,
    UnmetLine,
    VillageLine,
    VisitMark,
)
from api.documents.map_geometry import adviser_colours, count_sources, point_of
from models.calendar import Calendar, month_days
from models.instance import Instance
from models.people import Person
from models.phones import office_phone
from models.places import Leaving, Site, Village
from models.report import Report, Unmet, UnmetKind
from models.roster import Duty, Roster, VillageStation, slot_id
from models.slots import PART_ORDER, expand, post_times
from models.travel import Travel
from models.vocabulary import DayClass, Mode, Part, SiteKind

_SITE_ORDER = {kind: n for n, kind in enumerate(SiteKind)}
_DUTY_KINDS = {
    UnmetKind.DUTY,
    UnmetKind.STANDBY,
    UnmetKind.TEAM,
    UnmetKind.STATION_DUTY,
    UnmetKind.LANGUAGE,
}
_SEAT_KINDS = {UnmetKind.ADVISER, UnmetKind.VISIT, UnmetKind.LECTURE}


@dataclass(frozen=True, slots=True)
class View:
    """Everything the results show, in display order.

    A table is empty when the roster does not plan it (a run of advisers alone has no
    duties), and ``plans_duties`` / ``plans_advisers`` say so.
    """

    title: str
    month: str
    notice: str
    days: tuple[DayMark, ...]
    people: dict[str, PersonCard]
    sites: tuple[PlaceCard, ...]
    duties: tuple[DutyLine, ...]
    villages: tuple[VillageLine, ...]
    mediators: tuple[MediatorLine, ...]
    stations: tuple[StationLine, ...]
    unmet: tuple[UnmetLine, ...]
    coordinate_sources: tuple[tuple[str, int], ...]
    plans_duties: bool
    plans_advisers: bool
    targets: dict[str, str]
    instance: Instance
    roster: Roster
    report: Report

    @property
    def month_label(self) -> str:
        """2026年12月."""
        year, month = self.month.split("-")
        return f"{year}年{int(month)}月"

    def person(self, person_id: str) -> PersonCard:
        """Return the card of a person; an unknown one is shown by id."""
        return self.people.get(person_id) or PersonCard(person_id, person_id)

    def target(self, target_id: str) -> str:
        """Return the name of a village, site, post, person or slot, or the id itself."""
        return self.targets.get(target_id, target_id)


def build_view(instance: Instance, roster: Roster, report: Report) -> View:
    """Join a roster with its people and places."""
    return _Joiner(instance, roster, report).view()


class _Joiner:
    """Holds the look-up tables while a view is made."""

    def __init__(self, instance: Instance, roster: Roster, report: Report) -> None:
        self.instance, self.roster, self.report = instance, roster, report
        kinds = {unmet.kind for unmet in report.unmet}
        self.plans_duties = bool(roster.duties) or bool(kinds & _DUTY_KINDS)
        self.plans_advisers = bool(roster.advisers) or bool(kinds & _SEAT_KINDS)
        calendar = Calendar(instance.days)
        self.days = {day: _day_mark(calendar, day) for day in month_days(roster.month)}
        self.sites = {site.id: self.place_card(site) for site in instance.sites}
        colours = adviser_colours(instance, roster)
        self.people = {p.id: self.person_card(p, colours.get(p.id, "")) for p in instance.people}
        self.targets = self.target_names()

    def view(self) -> View:
        """Return the finished view."""
        settings = self.instance.settings
        area = self.instance.area_by_id.get(settings.area or "")
        return View(
            title=area.name if area else settings.name,
            month=self.roster.month,
            notice=self.report.notice or settings.notice,
            days=tuple(self.days.values()),
            people=self.people,
            sites=tuple(self.ordered_sites()),
            duties=self.duties(),
            villages=self.villages(),
            mediators=self.mediators(),
            stations=self.stations(),
            unmet=tuple(self.unmet_line(unmet) for unmet in self.report.unmet),
            coordinate_sources=count_sources(self.instance),
            plans_duties=self.plans_duties,
            plans_advisers=self.plans_advisers,
            targets=self.targets,
            instance=self.instance,
            roster=self.roster,
            report=self.report,
        )

    def area_name(self, area_id: str) -> str:
        """Return the name of an area, or its id."""
        area = self.instance.area_by_id.get(area_id)
        return area.name if area else area_id

    def place_card(self, site: Site) -> PlaceCard:
        """Return what results show of a site."""
        area = self.instance.area_by_id.get(site.area)
        return PlaceCard(
            id=site.id,
            name=site.name,
            kind=site.kind.label,
            township=self.area_name(site.area),
            phone=office_phone(site.phone),
            point=point_of(site) or point_of(area),
        )

    def person_card(self, person: Person, colour: str) -> PersonCard:
        """Return what results show of a person; the point is the office, never a home."""
        firm = self.instance.firm_by_id.get(person.firm or "")
        area = self.instance.area_by_id.get(firm.area if firm else person.area)
        return PersonCard(
            id=person.id,
            name=person.name,
            kind=person.kind.label,
            firm=firm.name if firm else "",
            phone=office_phone(person.phone, firm.phone if firm else "", private=person.mobile),
            mobile=person.mobile,
            colour=colour,
            office=point_of(firm) or point_of(area),
        )

    def firm_card(self, firm_id: str) -> PersonCard:
        """Return the card of a firm that is still to name a person."""
        firm = self.instance.firm_by_id.get(firm_id)
        name = firm.name if firm else firm_id
        phone = office_phone(firm.phone) if firm else ""
        return PersonCard(f"{firm_id}", TO_BE_NAMED, firm=name, phone=phone, kind="机构派人")

    def cards(self, ids: Iterable[str]) -> tuple[PersonCard, ...]:
        """Return the cards of ``ids``, ordered by id."""
        return tuple(self.people.get(i) or PersonCard(i, i) for i in sorted(ids))

    def duties(self) -> tuple[DutyLine, ...]:
        """Return all slots of the month, and duties of a hand-made roster that have no slot."""
        if not self.plans_duties:
            return ()
        held: dict[str, list[Duty]] = defaultdict(list)
        for duty in self.roster.duties:
            held[duty.slot].append(duty)
        slots = expand(self.instance, self.roster.month)
        keys = {slot.id: (slot.post.id, slot.date, slot.part) for slot in slots}
        keys |= {key: (d[0].post, d[0].date, d[0].part) for key, d in held.items()}
        asked = {slot.id: slot.head_count for slot in slots}
        lines = [self.duty_line(held[key], *keys[key], asked.get(key, 0)) for key in keys]
        lines += [served for line in lines for served in self.served_lines(line)]
        places = {card.id: n for n, card in enumerate(self.ordered_sites())}
        return tuple(sorted(lines, key=lambda line: _duty_order(line, places)))

    def served_lines(self, line: DutyLine) -> Iterator[DutyLine]:
        """Yield the same slot for every other place that it serves by video or phone."""
        post = self.instance.post_by_id.get(line.post)
        for site in dict.fromkeys(post.serves if post else ()):
            if site != line.site.id and site in self.sites:
                yield replace(
                    line,
                    site=self.sites[site],
                    serves=(),
                    post_name=f"{line.post_name}（远程）",
                    remote_from=line.site.name,
                )

    def ordered_sites(self) -> list[PlaceCard]:
        """Return the sites by area, kind and id."""
        return [self.sites[site.id] for site in sorted(self.instance.sites, key=_by_place)]

    def duty_line(
        self, duties: list[Duty], post_id: str, date: dt.date, part: Part, asked: int
    ) -> DutyLine:
        """Return one slot, which ``asked`` for some people, with those it has."""
        holders = self.cards(d.person for d in duties if not d.standby and not d.firm)
        holders += tuple(self.firm_card(d.firm) for d in duties if d.firm)
        standbys = self.cards(d.person for d in duties if d.standby)
        post = self.instance.post_by_id.get(post_id)
        blank = PlaceCard("", "")
        return DutyLine(
            slot=slot_id(post_id, date, part),
            post=post_id,
            post_name=self.instance.post_names.get(post_id, post_id),
            site=self.sites.get(post.site, blank) if post else blank,
            day=self.days.get(date) or DayMark(date, date.weekday() < 5, ""),
            part=part,
            hours=_hours(*post_times(self.instance.settings, post, date, part)) if post else "",
            mode=post.mode if post else Mode.ONSITE,
            serves=tuple(self.site_name(site) for site in post.serves) if post else (),
            holders=holders,
            standbys=standbys,
            vacant=max(0, asked - len(holders)),
            standby_vacant=max(0, post.standby - len(standbys)) if post else 0,
        )

    def site_name(self, site_id: str) -> str:
        """Return the name of a site, or its id."""
        card = self.sites.get(site_id)
        return card.name if card else site_id

    def villages(self) -> tuple[VillageLine, ...]:
        """Return all villages by township and id."""
        if not self.plans_advisers and not self.roster.visits:
            return ()
        adviser = {seat.village: seat.person for seat in self.roster.advisers}
        visits: dict[str, list[VisitMark]] = defaultdict(list)
        for visit in self.roster.visits:
            mark = VisitMark(visit.date, visit.part, visit.person, visit.lecture, visit.start)
            visits[visit.village].append(mark)
        ordered = sorted(self.instance.villages, key=lambda v: (v.area, v.id))
        return tuple(
            self.village_line(village, adviser.get(village.id), visits[village.id])
            for village in ordered
        )

    def village_line(
        self, village: Village, adviser: str | None, visits: list[VisitMark]
    ) -> VillageLine:
        """Return one village with its adviser and visits."""
        ordered = sorted(
            visits, key=lambda v: (v.date, PART_ORDER[v.part], v.start or "", v.person)
        )
        return VillageLine(
            id=village.id,
            name=village.name,
            area=village.area,
            township=self.area_name(village.area),
            adviser=self.cards([adviser])[0] if adviser else None,
            handed_over=self._handed_over(village.id, adviser),
            visits=tuple(ordered),
            priority=village.priority,
            point=point_of(village),
            coordinate_source=village.coordinate_source,
        )

    def _handed_over(self, village: str, adviser: str | None) -> str:
        """Return 12月15日前由例甲任，12月16日起接任, empty where nobody hands the village over."""
        row = self._leaving.get(village)
        if row is None or row.person == adviser:
            return ""
        last, next_day = (f"{d.month}月{d.day}日" for d in (row.last, row.next_day))
        name = self.cards([row.person])[0].name
        return f"{name}任至{last}，{next_day}起{'接任' if adviser else '空缺'}"

    @cached_property
    def _leaving(self) -> dict[str, Leaving]:
        days = month_days(self.roster.month)
        return {row.village: row for row in self.instance.leaving(days[0], days[-1])}

    def stations(self) -> tuple[StationLine, ...]:
        """Return the villages of the siting by township and station, its own village first."""
        number = {village.id: n for n, village in enumerate(self.instance.villages)}
        rows = [
            row
            for row in self.roster.stations
            if {row.village, row.host or row.village} <= number.keys()
        ]
        ends = np.array(
            [[number[r.village], number[r.host or r.village]] for r in rows], dtype=np.int64
        )
        ends = ends.reshape(-1, 2)
        walks = Travel(self.instance).on_foot(ends[:, 0], ends[:, 1]).tolist() if rows else []
        lines = [self.station_line(row, walk) for row, walk in zip(rows, walks, strict=True)]
        return tuple(
            sorted(lines, key=lambda x: (x.area, not x.host, x.host, x.id != x.host, x.id))
        )

    def station_line(self, row: VillageStation, walk: int) -> StationLine:
        """Return one village with its station."""
        village = self.instance.village_by_id[row.village]
        there = {row.village, row.host or row.village}
        visits = sorted(
            {
                VisitMark(v.date, v.part, "", False, v.start)
                for v in self.roster.visits
                if v.village in there
            },
            key=lambda mark: (mark.date, PART_ORDER[mark.part], mark.start or ""),
        )
        return StationLine(
            id=village.id,
            name=village.name,
            area=village.area,
            township=self.area_name(village.area),
            host=row.host or "",
            host_name=self.instance.village_by_id[row.host].name if row.host else "",
            walk_minutes=walk,
            dates=tuple(visit.label for visit in visits),
        )

    def mediators(self) -> tuple[MediatorLine, ...]:
        """Return the seats held, and one empty seat for each that the office asks for and is missing."""
        held: dict[str, list[str]] = defaultdict(list)
        for seat in self.roster.mediators:
            held[seat.site].append(seat.person)
        missing = Counter[str]()
        for unmet in self.report.unmet:
            if unmet.kind is UnmetKind.MEDIATOR:
                missing[unmet.target] += unmet.missing
        lines: list[MediatorLine] = []
        for site in self.ordered_sites():
            lines += [self.mediator_line(site, card) for card in self.cards(held[site.id])]
            # a seat that only a default asks for is no vacancy to pin up
            if self.instance.site_by_id[site.id].mediators_min is not None:
                lines += [MediatorLine(site, None, ())] * missing[site.id]
        return tuple(lines)

    def mediator_line(self, site: PlaceCard, card: PersonCard) -> MediatorLine:
        """Return one held seat."""
        person = self.instance.person_by_id.get(card.id)
        fields = tuple(s.label for s in person.specialities) if person else ()
        return MediatorLine(site, card, fields)

    def unmet_line(self, unmet: Unmet) -> UnmetLine:
        """Return one unmet demand with the names of what it concerns."""
        instance = self.instance
        post = instance.post_by_id.get(unmet.target)
        site = instance.site_by_id.get(post.site if post else unmet.target)
        place: Village | Site | None = instance.village_by_id.get(unmet.target) or site
        return UnmetLine(
            kind=unmet.kind.label,
            target=self.targets.get(unmet.target, unmet.target),
            target_id=unmet.target,
            township=self.area_name(place.area) if place else "",
            date=unmet.date,
            part=unmet.part.label if unmet.part else "",
            missing=unmet.missing,
            zh=unmet.zh,
            en=unmet.en,
            reasons=unmet.reasons,
        )

    def target_names(self) -> dict[str, str]:
        """Return what people read in place of the id of a person, place, post or slot."""
        names = {person.id: person.name for person in self.instance.people}
        names |= {area.id: area.name for area in self.instance.areas}
        names |= {firm.id: firm.name for firm in self.instance.firms}
        names |= {p.id: f"{self.site_name(p.site)}·{p.name}" for p in self.instance.posts}
        names |= {site.id: site.name for site in self.instance.sites}
        return names | {village.id: village.name for village in self.instance.villages}


def _day_mark(calendar: Calendar, day: dt.date) -> DayMark:
    is_workday = calendar.is_workday(day)
    if is_workday:
        note = "调休上班" if day.weekday() >= 5 else ""
    else:
        holiday = calendar.day_class(day) is DayClass.HOLIDAY
        note = (calendar.holiday_name(day) or "节假日") if holiday else ""
    return DayMark(day, is_workday, note)


def _by_place(site: Site) -> tuple[str, int, str]:
    return site.area, _SITE_ORDER[site.kind], site.id


def _duty_order(line: DutyLine, places: dict[str, int]) -> tuple[int, str, dt.date, int, str]:
    place = places.get(line.site.id, len(places))
    return place, line.site.id, line.day.date, PART_ORDER[line.part], line.post


def _hours(start: dt.datetime, end: dt.datetime) -> str:
    """09:00–12:00, or 20:00–次日08:00 when the slot ends on another day."""
    over = "次日" if end.date() > start.date() else ""
    return f"{start:%H:%M}–{over}{end:%H:%M}"
