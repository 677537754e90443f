"""Facts of one month: what rules may ask about an instance, computed once.

Shared by encoding and check; holds data only, no rule and no variable. People are
those active in the month; places are numbered villages first, then sites.
"""

from __future__ import annotations

import copy
import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np

from models.arrays import Flags, Floats, Ints
from models.calendar import ZONE, Calendar, month_days
from models.instance import Instance
from models.people import Leave, Person, Pin, Wish
from models.places import Leaving, Site, Village
from models.roster import AdviserSeat, Visit
from models.slots import (
    Slot,
    expand,
    leave_times,
    market_days,
    part_times,
    quarters,
    visit_hours,
    visit_times,
)
from models.travel import Travel
from models.vocabulary import AreaLevel, Part
from solver.modelling.borders import Settled, settled_around
from solver.modelling.past import Past, past_of
from solver.modelling.presence import people_away

PARTS: tuple[Part, ...] = (Part.AM, Part.PM, Part.NIGHT)
VISIT_PARTS = (Part.AM, Part.PM)


class Facts:
    """An instance and a month, indexed; people, villages and sites are numbered by their ids."""

    def __init__(self, instance: Instance, month: str) -> None:
        instance = instance.canonical()  # the order of rows has no effect
        self.instance = instance
        self.month = month
        self.calendar = Calendar(instance.days)
        self.days = month_days(month)
        self.people = instance.people
        self.villages = instance.villages
        self.sites = instance.sites
        self.places: tuple[Village | Site, ...] = (*instance.villages, *instance.sites)
        self.slots: tuple[Slot, ...] = expand(instance, month)
        self.travel = Travel(instance)
        self.advisers_of: Mapping[str, Sequence[str]] = {}
        """Advisers of each village while a month is planned; nobody while the seats are."""
        self._minutes: dict[tuple[str, int], int] = {}
        self._away_from: dict[dt.date, frozenset[str]] = {}
        self.person_idx = {person.id: n for n, person in enumerate(self.people)}
        self.village_idx = {village.id: n for n, village in enumerate(self.villages)}
        self.site_idx = {site.id: n for n, site in enumerate(self.sites)}
        self.slot_idx = {slot.id: n for n, slot in enumerate(self.slots)}
        self.day_idx = {day: n for n, day in enumerate(self.days)}

    @cached_property
    def areas(self) -> tuple[str, ...]:
        """Ids of the areas in which places lie directly."""
        return tuple(sorted({place.area for place in self.places}))

    @cached_property
    def area_of_place(self) -> Ints:
        """Number in ``areas`` of each place's own area."""
        number = {area: n for n, area in enumerate(self.areas)}
        return np.array([number[place.area] for place in self.places], dtype=np.int64)

    @cached_property
    def region_of_place(self) -> Ints:
        """Number of the county in which each place lies; places without one share a number."""
        counties = {
            a.id: n for n, a in enumerate(self.instance.areas, 1) if a.level is AreaLevel.COUNTY
        }
        above = (self.instance.ancestors(area) for area in self.areas)
        of_area = [next((counties[a] for a in chain if a in counties), 0) for chain in above]
        return np.array(of_area, dtype=np.int64)[self.area_of_place]

    def inside(self, areas: Iterable[str]) -> Flags:
        """Return for each of ``self.areas`` whether it lies in one of ``areas``."""
        numbers = [n for area in areas for n in self._areas_in.get(area, ())]
        found = np.zeros(len(self.areas), dtype=bool)
        found[numbers] = True
        return found

    @cached_property
    def _areas_in(self) -> dict[str, list[int]]:
        """Numbers in ``areas`` by the area in which they lie, itself included."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, area in enumerate(self.areas):
            for above in self.instance.ancestors(area):
                found[above].append(number)
        return found

    def only(self, person: Person) -> Facts:
        """Return the same facts restricted to one person; numbers of people stay unchanged."""
        _ = (
            self.leave_of,
            self.conflicts_at,
            self.starts,
            self.settled,
        )  # read once, not once for each person
        alone = copy.copy(self)
        alone.people = (person,)
        return alone

    def at_slots(self, slots: Ints) -> Facts:
        """Return the same facts with some slots (numbers), numbered anew."""
        part = copy.copy(self)
        part.slots = tuple(self.slots[n] for n in slots.tolist())
        part.slot_idx = {slot.id: n for n, slot in enumerate(part.slots)}
        for name in ("slots_of_site", "slot_minutes", "starts"):
            vars(part).pop(name, None)
        return part

    def seated(self, seats: Iterable[AdviserSeat]) -> Facts:
        """Return the same facts with advisers in office; a plan made by hand may seat two in a village."""
        part, advisers = copy.copy(self), defaultdict[str, list[str]](list)
        for seat in seats:
            advisers[seat.village].append(seat.person)
        part.advisers_of = dict(advisers)
        return part

    def with_pins(self, pins: tuple[Pin, ...]) -> Facts:
        """Return the same facts with other pins."""
        part = copy.copy(self)
        part.instance = self.instance.model_copy(update={"pins": pins})
        return part

    def among(self, people: Ints, slots: Ints) -> Facts:
        """Return the facts of some people and slots (ascending numbers), numbered anew.

        Places keep their numbers. What rules ask of everyone (whose turn it was in earlier
        months, who knows a site) stays what it is among all.
        """
        part = self.at_slots(slots)
        part.people = tuple(self.people[n] for n in people.tolist())
        part.person_idx = known = {person.id: n for n, person in enumerate(part.people)}
        part.travel = self.travel.among(people)
        tables = ("leave", "wishes", "limits", "pins", "held_around", "pairs")
        ours = {None, *known}  # a pin that names nobody holds for all
        own = {t: tuple(r for r in getattr(self.instance, t) if r.person in ours) for t in tables}
        part.instance = self.instance.model_copy(update=own)
        # what is known of everyone goes along, what is known by person loses the others
        inherited: dict[str, object] = {
            name: getattr(self, name)
            for name in ("known_sites", "familiar_sites", "market_days", "workdays", "past")
        }
        inherited["barred"] = frozenset(pair for pair in self.barred if pair[0] in known)
        inherited["pair_hours"] = {k: h for k, h in self.pair_hours.items() if k[0] in known}
        vars(part).update(inherited)
        for name in ("absences", "nights_off"):  # by number of the person
            vars(part).pop(name, None)
        return part

    def half(self, day: dt.date, part: Part) -> int:
        """Return the number of a half day in the month: 3 × day + part."""
        return 3 * self.day_idx[day] + PARTS.index(part)

    def half_date(self, half: int) -> tuple[dt.date, Part]:
        """Return the date and part of a half-day number."""
        return self.days[half // 3], PARTS[half % 3]

    def village_place(self, village_id: str) -> int:
        """Return the place number of a village."""
        return self.village_idx[village_id]

    def site_place(self, site_id: str) -> int:
        """Return the place number of a site."""
        return len(self.villages) + self.site_idx[site_id]

    def minutes(self, person_id: str, place: int) -> int:
        """Return one-way minutes from a person's base to a place number."""
        known = self._minutes.get((person_id, place))
        if known is None:
            person = np.array([self.person_idx[person_id]])
            known = int(self.travel.minutes(person, np.array([place]))[0])
            self._minutes[person_id, place] = known
        return known

    def walk_minutes(self, village_id: str, host_id: str) -> int:
        """Return minutes on foot from a village to another."""
        ends = np.array([[self.village_idx[village_id]], [self.village_idx[host_id]]])
        return int(self.travel.on_foot(ends[0], ends[1])[0])

    def village_limits(self, cap: int) -> Ints:
        """Return how many villages each person may advise: their own limit, else ``cap``."""
        own = [cap if p.villages_max is None else p.villages_max for p in self.people]
        return np.array(own, dtype=np.int64)

    def is_active(self, person: Person, day: dt.date) -> bool:
        """Say whether the person is in office on ``day``."""
        begun = person.active_from is None or person.active_from <= day
        return begun and (person.active_to is None or day <= person.active_to)

    def is_in_month(self, wish: Wish) -> bool:
        """Say whether a wish can speak of this month."""
        return wish.date is None or wish.date in self.day_idx

    @cached_property
    def slot_minutes(self) -> Ints:
        """Start and end of each slot in minutes after the month's first midnight."""
        return self._minutes_of((slot.start, slot.end) for slot in self.slots)

    @cached_property
    def part_minutes(self) -> Ints:
        """Start and end of each half day, in minutes after the month's first midnight."""
        settings = self.instance.settings
        return self._minutes_of(
            part_times(settings, day, part) for day in self.days for part in PARTS
        )

    @cached_property
    def visit_length(self) -> Ints:
        """Minutes that a visit to each village lasts."""
        settings = self.instance.settings
        hours = [visit_hours(settings, village) for village in self.villages]
        return np.rint(60 * np.array(hours, dtype=np.float64)).astype(np.int64)

    @cached_property
    def starts(self) -> tuple[dt.datetime, ...]:
        """Moments at which a slot or a visit of the month can start."""
        settings, found = self.instance.settings, {slot.start for slot in self.slots}
        of_length = {visit_hours(settings, village): village for village in self.villages}
        for village, day, part in itertools.product(of_length.values(), self.days, VISIT_PARTS):
            found.add(visit_times(settings, village, day, part)[0])
        if settings.visits_per_half_day > 1 and min(of_length, default=24) < settings.visit_hours:
            found.update(quarters(settings, self.days))
        return tuple(sorted(found))

    def later(self, visit: Visit) -> int:
        """Return by how many minutes a visit begins after the usual start of its half day."""
        if visit.start is None:
            return 0
        village = self.instance.village_by_id[visit.village]
        known = self.instance.settings, village, visit.date, visit.part
        usual, own = visit_times(*known)[0], visit_times(*known, visit.start)[0]
        return round((own - usual).total_seconds() / 60)

    def start_of_stop(self, village: Village, half: int, later: int) -> str | None:
        """Return the start (``HH:MM``) of a visit that begins later than its half day, else None."""
        if not later:
            return None
        usual, _ = visit_times(self.instance.settings, village, *self.half_date(half))
        return f"{usual + dt.timedelta(minutes=later):%H:%M}"

    def _minutes_of(self, spans: Iterable[tuple[dt.datetime, dt.datetime]]) -> Ints:
        zero = dt.datetime.combine(self.days[0], dt.time(), ZONE)
        seconds = [[(moment - zero).total_seconds() for moment in span] for span in spans]
        return np.array(seconds, dtype=np.int64).reshape(-1, 2) // 60

    @cached_property
    def month_is_estimated(self) -> bool:
        """Whether workdays of the month come from no official notice."""
        return self.calendar.is_month_estimated(f"{self.days[0]:%Y-%m}")

    @cached_property
    def workdays(self) -> frozenset[dt.date]:
        """Workdays of the month."""
        return frozenset(day for day in self.days if self.calendar.is_workday(day))

    @cached_property
    def market_days(self) -> dict[str, frozenset[dt.date]]:
        """Market days of the month by village id; only villages that have a market."""
        return {
            village.id: market_days(village, self.calendar, self.month)
            for village in self.villages
            if village.market is not None
        }

    @cached_property
    def settled(self) -> dict[str, tuple[Settled, ...]]:
        """What is settled for the days around the month, by person."""
        return settled_around(self.instance, self.days)

    @cached_property
    def absences(self) -> dict[int, list[tuple[int, int]]]:
        """Start and end of each absence, in minutes after the month's first midnight, by person."""
        found: dict[int, list[tuple[int, int]]] = {}
        for person, rows in self.leave_of.items():
            if person in self.person_idx:
                spans = (span for row in rows for span in leave_times(self.instance.settings, row))
                minutes = self._minutes_of(spans).tolist()
                found[self.person_idx[person]] = [(first, last) for first, last in minutes]
        return found

    @cached_property
    def nights_off(self) -> dict[int, list[int]]:
        """Half days of the nights that each person with a leave has taken off by name."""
        found: dict[int, list[int]] = {number: [] for number in self.absences}
        for leave in self.instance.leave:
            if leave.part is Part.NIGHT and leave.start is None and leave.person in self.person_idx:
                days = (day for day in self.days if leave.first <= day <= leave.last)
                nights = (self.half(day, Part.NIGHT) for day in days)
                found[self.person_idx[leave.person]] += nights
        return found

    @cached_property
    def away(self) -> frozenset[str]:
        """People who are on leave or out of office for more than half of the month's workdays."""
        return people_away(self.instance, self.workdays)

    def away_from(self, first: dt.date) -> frozenset[str]:
        """Return who is away for more than half of the workdays from a day of the month on."""
        if first not in self._away_from:
            rest = [day for day in self.workdays if first <= day]
            self._away_from[first] = people_away(self.instance, rest)
        return self._away_from[first]

    @cached_property
    def leaving(self) -> Mapping[str, Leaving]:
        """Villages that change hands within the month, as the present adviser's term ends in it."""
        return {row.village: row for row in self.instance.leaving(self.days[0], self.days[-1])}

    def seat_begins(self, village: str) -> dt.date:
        """Return from when an adviser's seat is planned: after the present term, if that ends this month."""
        row = self.leaving.get(village)
        return self.days[0] if row is None else row.next_day

    def visitors_of(self, village: str) -> Sequence[str]:
        """Return the advisers of a village, with the one who hands it over within the month."""
        row = self.leaving.get(village)
        own = (row.person,) if row is not None else ()
        return tuple(dict.fromkeys((*self.advisers_of.get(village, ()), *own)))

    @cached_property
    def leave_of(self) -> dict[str, tuple[Leave, ...]]:
        """Rows of the leave table by person."""
        rows: dict[str, list[Leave]] = defaultdict(list)
        for leave in self.instance.leave:
            rows[leave.person].append(leave)
        return {person: tuple(own) for person, own in rows.items()}

    @cached_property
    def conflicts_at(self) -> dict[str, tuple[str, ...]]:
        """Who declared a conflict of interest at a village or site, by its id."""
        declared: dict[str, list[str]] = defaultdict(list)
        for conflict in self.instance.conflicts:
            for place in filter(None, (conflict.village, conflict.site)):
                declared[place].append(conflict.person)
        return {place: tuple(people) for place, people in declared.items()}

    @cached_property
    def barred(self) -> frozenset[tuple[str, str]]:
        """(person, village or site) in conflict of interest, closed over the firm."""
        colleagues: dict[str, list[str]] = defaultdict(list)
        for person in self.people:
            if person.firm:
                colleagues[person.firm].append(person.id)
        pairs: set[tuple[str, str]] = set()
        for conflict in self.instance.conflicts:
            firm = self.instance.person_by_id[conflict.person].firm
            bound = colleagues[firm] if firm else [conflict.person]
            targets = (t for t in (conflict.village, conflict.site) if t is not None)
            pairs.update((person, target) for target in targets for person in bound)
        return frozenset(pairs)

    @cached_property
    def known_sites(self) -> dict[str, frozenset[str]]:
        """Sites by person: where the person served in an earlier month or is at home."""
        at_home = defaultdict(list)
        for site in self.sites:
            at_home[site.area].append(site.id)
        known = {person.id: set(at_home[person.area]) for person in self.people}
        for entry in self.instance.ledger:
            if entry.site is not None and entry.person in known:
                known[entry.person].add(entry.site)
        return {person: frozenset(sites) for person, sites in known.items()}

    @cached_property
    def familiar_sites(self) -> frozenset[str]:
        """Sites that somebody knows."""
        return frozenset[str]().union(*self.known_sites.values())

    @cached_property
    def past(self) -> Past:
        """Who was in office and who served how much in the ledger's months."""
        return past_of(self)

    @cached_property
    def turns_before(self) -> dict[str, int]:
        """Turns of the earlier months of the ledger by person."""
        turns: dict[str, int] = defaultdict(int)
        for entry in self.instance.ledger:
            is_turn = entry.month < self.month and not entry.standby
            turns[entry.person] += entry.turns if is_turn else 0
        return dict(turns)

    @cached_property
    def last_lectures(self) -> dict[str, dt.date]:
        """Day of the last recorded lecture before the month by village id."""
        found: dict[str, dt.date] = {}
        for record in self.instance.lectures:
            if record.date < self.days[0]:
                found[record.village] = max(record.date, found.get(record.village, record.date))
        return found

    @cached_property
    def last_visits(self) -> dict[str, dt.date]:
        """Day of the last known visit before the month by village id; a lecture is held on one."""
        found = dict(self.last_lectures)
        for village in self.villages:
            last = village.last_visit
            if last is not None and last < self.days[0]:
                found[village.id] = max(last, found.get(village.id, last))
        return found

    @cached_property
    def slots_of_site(self) -> dict[str, list[int]]:
        """Slot numbers by site id."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, slot in enumerate(self.slots):
            found[slot.site.id].append(number)
        return found

    @cached_property
    def pair_hours(self) -> dict[tuple[str, str], float]:
        """On-site hours a month where the pair table gives them."""
        return {(p.person, p.place): p.hours for p in self.instance.pairs if p.hours is not None}


__all__ = ["PARTS", "VISIT_PARTS", "Facts", "Floats", "Ints"]
