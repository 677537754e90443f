"""The views of a roster: posts, people, villages and sites by day, and one day with all its places."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TypeVar

from api.office.open_plans import OpenPlan
from api.office.plans.by_hand import Cell, visit_cell
from api.pages.board.asked import BoardAsked
from api.pages.board.grid import Grid, GridRow, Line, Name
from models.issues import Sentence
from models.people import Person, Pin
from models.places import Post, Site, Village
from models.report import Breach, Report
from models.roster import Visit
from models.slots import Slot
from models.vocabulary import Part, PinKind
from solver.modelling.choices import has_mediators

ROWS = 50
"""Rows on a page."""
T = TypeVar("T")
PARTS = (Part.AM, Part.PM, Part.NIGHT)


class Views:
    """Makes the tables of one roster for one request."""

    def __init__(
        self,
        open_plan: OpenPlan,
        report: Report,
        pins: Iterable[Pin],
        asked: BoardAsked,
        today: dt.date,
    ) -> None:
        self.open_plan, self.facts, self.asked = open_plan, open_plan.facts, asked
        self.plan = open_plan.reading()
        self.days = asked.days(open_plan.plan.month, today)
        self._people = open_plan.instance.person_by_id
        self._pins = {(p.kind, p.target, p.date, p.part, p.person) for p in pins if p.person}
        self._breaches: dict[str, list[Breach]] = defaultdict(list)
        for breach in report.breaches:
            self._breaches[breach.subject].append(breach)

    def table(self) -> Grid:
        """Return the table of the view that is asked for."""
        return {
            "posts": self._by_post,
            "people": self._by_person,
            "villages": self._by_village,
            "sites": self._by_site,
            "day": self._of_day,
        }[self.asked.view]()

    def line_of(self, cell: Cell) -> Line | None:
        """Return the line of a cell, none where the data know no such place."""
        facts = self.facts
        if cell.kind in ("slot", "standby"):
            number = facts.slot_idx.get(cell.target)
            return None if number is None else self._slot(facts.slots[number], cell.kind)
        if cell.kind == "village":
            known = self.open_plan.instance.village_by_id.get(cell.target)
            return self._adviser(known) if known else None
        if cell.kind == "site":
            site = self.open_plan.instance.site_by_id.get(cell.target)
            return self._mediators(site) if site else None
        visits = (v for v in self.open_plan.plan.visits if visit_cell(v) == cell)
        return next((self._visit(visit) for visit in visits), None)

    def is_inside(self, area: str) -> bool:
        """Whether a place of an area is shown."""
        return not self.asked.township or area == self.asked.township

    # rows ------------------------------------------------------------------------------------

    def _by_post(self) -> Grid:
        def row(post: Post) -> GridRow:
            lines = [tuple(self._on(self._slots_of.get((post.id, day), ()))) for day in self.days]
            return self._row(post.id, self._site_name(post.site), post.name, lines)

        return self._dated("岗位", self._posts(), row)

    def _by_person(self) -> Grid:
        def row(person: Person) -> GridRow:
            lines = [tuple(self._of_person(person.id, day)) for day in self.days]
            away = {n for n, day in enumerate(self.days) if self._is_away(person.id, day)}
            turns = len(self.plan.turns_of(person.id))
            kind = person.kind
            under = Sentence(
                f"{kind.label}，本月 {turns} 次", f"{kind.value.replace('_', ' ')}, {turns} turns"
            )
            made = self._row(person.id, person.name, under, lines)
            return GridRow(**vars(made) | {"away": frozenset(away)})

        return self._dated("人员", self._shown_people(), row)

    def _by_village(self) -> Grid:
        def row(village: Village) -> GridRow:
            visits = sorted(self.plan.visits_to[village.id], key=lambda v: (v.date, v.part))
            lines = [(self._adviser(village),), tuple(map(self._visit, visits))]
            area = self.open_plan.instance.area_by_id.get(village.area)
            return self._row(village.id, village.name, area.name if area else "", lines)

        found = [v for v in self.facts.villages if self.is_inside(v.area)]
        return self._paged("村居", ("法律顾问", "走访"), found, row)

    def _by_site(self) -> Grid:
        def row(site: Site) -> GridRow:
            return self._row(site.id, site.name, site.kind, [(self._mediators(site),)])

        sites = [s for s in self.facts.sites if self.is_inside(s.area) and has_mediators(s)]
        found = [s for s in sites if self.asked.site in ("", s.id)]
        return self._paged("站点", ("专职调解员",), found, row)

    def _of_day(self) -> Grid:
        """Return the posts and the villages of one day by part."""
        day = self.days[0]

        def row(place: Post | Village) -> GridRow:
            if isinstance(place, Post):
                slots = self._slots_of[place.id, day]
                of_part = [[s for s in slots if s.part is part] for part in PARTS]
                lines = [tuple(self._on(found)) for found in of_part]
                return self._row(place.id, self._site_name(place.site), place.name, lines)
            visits = [v for v in self.plan.visits_to[place.id] if v.date == day]
            lines = [tuple(self._visit(v) for v in visits if v.part is part) for part in PARTS]
            return self._row(place.id, place.name, "", lines)

        on_duty = [post for post in self._posts() if (post.id, day) in self._slots_of]
        visited = {v.village for v in self.open_plan.plan.visits if v.date == day}
        villages = [v for v in self.facts.villages if v.id in visited and self.is_inside(v.area)]
        places = [*on_duty, *(villages if not self.asked.site else ())]
        return self._paged("地点", PARTS, places, row)

    def _dated(self, corner: str, found: Sequence[T], row: Callable[[T], GridRow]) -> Grid:
        return self._paged(corner, tuple(self.days), found, row)

    def _paged(
        self,
        corner: str,
        heads: tuple[dt.date | Part | str, ...],
        found: Sequence[T],
        row: Callable[[T], GridRow],
    ) -> Grid:
        start = self.asked.start if self.asked.start < len(found) else 0
        rows = tuple(map(row, found[start : start + ROWS]))
        off = frozenset(day for day in self.days if day not in self.facts.workdays)
        return Grid(corner, heads, rows, len(found), start, off)

    def _row(
        self, key: str, title: str, under: str | Sentence, lines: Sequence[tuple[Line, ...]]
    ) -> GridRow:
        return GridRow(key, title, under, tuple(lines), tuple(self._breaches.get(key, ())))

    # lines -----------------------------------------------------------------------------------

    def _on(self, slots: Iterable[Slot]) -> Iterator[Line]:
        for slot in slots:
            yield self._slot(slot, "slot")
            if slot.post.standby:
                yield self._slot(slot, "standby")

    def _of_person(self, person: str, day: dt.date) -> Iterator[Line]:
        for sitting in self.plan.sittings_of[person]:
            if sitting.slot.date == day:
                yield self._slot(sitting.slot, "standby" if sitting.standby else "slot")
        yield from (self._visit(v) for v in self.plan.visits_of[person] if v.date == day)

    def _slot(self, slot: Slot, kind: str) -> Line:
        is_standby = kind == "standby"
        held = (self.plan.standbys if is_standby else self.plan.holders)[slot.id]
        pin = PinKind.STANDBY if is_standby else PinKind.DUTY
        wanted = slot.post.standby if is_standby else slot.head_count
        return Line(
            Cell("standby" if is_standby else "slot", slot.id),
            tuple(self._name(p, pin, slot.post.id, slot.date, slot.part) for p in held),
            max(0, wanted - len(held)),
            slot.part,
            slot.date,
            f"{slot.site.name} · {slot.post.name}",
            breaches=tuple(self._breaches.get(slot.id, ())),
        )

    def _adviser(self, village: Village) -> Line:
        held = self.plan.advisers[village.id]
        names = tuple(self._name(p, PinKind.ADVISER, village.id) for p in held)
        return Line(Cell("village", village.id), names, 0 if held else 1, place=village.name)

    def _mediators(self, site: Site) -> Line:
        held = self.plan.mediators[site.id]
        due = max((rule.mediators_due(site) for rule in self.open_plan.rules), default=0)
        names = tuple(self._name(p, PinKind.MEDIATOR, site.id) for p in held)
        return Line(Cell("site", site.id), names, max(0, due - len(held)), place=site.name)

    def _visit(self, visit: Visit) -> Line:
        name = self._name(visit.person, PinKind.VISIT, visit.village, visit.date, visit.part)
        village = self.open_plan.instance.village_by_id.get(visit.village)
        return Line(
            visit_cell(visit),
            (name,),
            part=visit.part,
            date=visit.date,
            place=village.name if village else visit.village,
            is_lecture=visit.lecture,
        )

    def _name(
        self,
        person: str,
        kind: PinKind,
        target: str,
        date: dt.date | None = None,
        part: Part | None = None,
    ) -> Name:
        known = self._people.get(person)
        is_pinned = (kind, target, date, part, person) in self._pins
        told = tuple(self._breaches.get(person, ()))
        return Name(person, known.name if known else person, is_pinned, told)

    # what is shown ---------------------------------------------------------------------------

    def _posts(self) -> list[Post]:
        """Return the posts shown, by site."""
        with_slots = dict.fromkeys(post for post, _ in self._slots_of)
        known, sites = self.open_plan.instance.post_by_id, self.open_plan.instance.site_by_id
        found = [known[post] for post in with_slots if self.is_inside(sites[known[post].site].area)]
        shown = [post for post in found if self.asked.site in ("", post.site)]
        return sorted(shown, key=lambda post: (sites[post.site].area, post.site, post.id))

    def _shown_people(self) -> list[Person]:
        """Return the people shown: who belongs to the township, or holds something at the site."""
        found = [p for p in self.facts.people if self.is_inside(p.area)]
        if self.asked.site:
            there = {s.person for s in self.plan.sittings if s.slot.site.id == self.asked.site}
            there |= set(self.plan.mediators[self.asked.site])
            found = [p for p in self.facts.people if p.id in there]
        return found

    @cached_property
    def _slots_of(self) -> dict[tuple[str, dt.date], list[Slot]]:
        found: dict[tuple[str, dt.date], list[Slot]] = defaultdict(list)
        for slot in self.facts.slots:
            found[slot.post.id, slot.date].append(slot)
        return dict(found)

    def _site_name(self, site: str) -> str:
        known = self.open_plan.instance.site_by_id.get(site)
        return known.name if known else site

    def _is_away(self, person: str, day: dt.date) -> bool:
        rows = self.facts.leave_of.get(person, ())
        return any(leave.first <= day <= leave.last for leave in rows)
