"""Everybody's assignments in order of time, read from a roster for the checks."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.slots import visit_times
from models.vocabulary import Mode, Part, PinKind

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


@dataclass(frozen=True)
class Entry:
    """A duty, standby or visit of one person; ``place`` is the place number, None where nobody goes.

    ``subject`` is the slot or village; ``day`` and ``part`` say where it is printed; what
    ``is_settled`` lies outside the month.
    """

    person: str
    start: dt.datetime
    end: dt.datetime
    subject: str
    day: dt.date
    part: Part | None
    place: int | None
    standby: bool
    is_settled: bool = False

    @property
    def is_night(self) -> bool:
        """Whether it reaches into the hours from 22:00 to 06:00."""
        ten = dt.datetime.combine(self.start.date(), dt.time(22), self.start.tzinfo)
        return self.end > ten or self.start.time() < dt.time(6)

    def overlaps(self, start: dt.datetime, end: dt.datetime) -> bool:
        """Say whether it shares a minute with a stretch of time."""
        return self.start < end and start < self.end


def timetables(plan: Reading) -> Mapping[str, list[Entry]]:
    """Return the entries of everybody who has some in the month, in order of their start.

    What is settled for the days around the month is among them.
    """
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries(plan):
        found[entry.person].append(entry)
    for person, own in found.items():
        own.extend(_settled(plan.facts, person))
        own.sort(key=lambda e: (e.start, e.end, e.subject, e.standby))
    return dict(sorted(found.items()))


def _settled(facts: Facts, person: str) -> Iterator[Entry]:
    things = facts.settled.get(person, ())
    if not things:  # nearly everybody, and a city has thousands of places
        return
    places = {place.id: number for number, place in enumerate(facts.places)}
    for thing in things:
        place = places.get(thing.place) if thing.place else None
        standby = thing.kind is PinKind.STANDBY
        when = thing.start, thing.end, thing.kind.value, thing.day, None
        yield Entry(person, *when, place, standby, is_settled=True)


def entries(plan: Reading) -> Iterator[Entry]:
    """Yield every duty, standby and visit, in the order of the roster."""
    facts = plan.facts
    for s in plan.sittings:
        goes = s.slot.post.mode is Mode.ONSITE and not s.standby
        place = facts.site_place(s.slot.site.id) if goes else None
        slot = s.slot
        when = slot.start, slot.end, slot.id, slot.date, slot.part
        yield Entry(s.person, *when, place, s.standby)
    for v in plan.roster.visits:
        village = facts.instance.village_by_id[v.village]
        start, end = visit_times(facts.instance.settings, village, v.date, v.part, v.start)
        place = facts.village_place(v.village)
        yield Entry(v.person, start, end, v.village, v.date, v.part, place, standby=False)
