"""Reading: a roster indexed against the facts, for the checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from models.people import Pin
from models.roster import Duty, Roster, Visit
from models.rows import Row
from models.slots import Slot
from models.vocabulary import PinKind
from solver.modelling.facts import Facts


@dataclass(frozen=True)
class Sitting:
    """One person on one slot."""

    person: str
    slot: Slot
    standby: bool


class Reading:
    """Assignments by village, site, slot and person. Ids unknown to the facts are skipped.

    Dangling ids of hand-made rosters are reported as Issues when the file is read.
    """

    def __init__(self, facts: Facts, roster: Roster) -> None:
        self.facts = facts
        self.roster = roster
        self.advisers: dict[str, list[str]] = defaultdict(list)
        for seat in roster.advisers:
            self.advisers[seat.village].append(seat.person)
        self.villages_of: dict[str, list[str]] = defaultdict(list)
        for seat in roster.advisers:
            self.villages_of[seat.person].append(seat.village)
        self.mediators: dict[str, list[str]] = defaultdict(list)
        for place in roster.mediators:
            self.mediators[place.site].append(place.person)
        self.hosts: dict[str, list[str]] = defaultdict(list)
        self.users: dict[str, list[str]] = defaultdict(list)
        for row in roster.stations:
            if row.host is not None:
                self.hosts[row.village].append(row.host)
                self.users[row.host].append(row.village)
        self.sittings = [
            _sitting(facts, duty) for duty in roster.duties if duty.slot in facts.slot_idx
        ]
        self.holders: dict[str, list[str]] = defaultdict(list)
        self.standbys: dict[str, list[str]] = defaultdict(list)
        self.sittings_of: dict[str, list[Sitting]] = defaultdict(list)
        for sitting in self.sittings:
            (self.standbys if sitting.standby else self.holders)[sitting.slot.id].append(
                sitting.person
            )
            self.sittings_of[sitting.person].append(sitting)
        self.visits_to: dict[str, list[Visit]] = defaultdict(list)
        self.visits_of: dict[str, list[Visit]] = defaultdict(list)
        for visit in roster.visits:
            self.visits_to[visit.village].append(visit)
            self.visits_of[visit.person].append(visit)

    def turns_of(self, person: str) -> list[Sitting]:
        """Return the duties a person holds; standing by is not a turn."""
        return [sitting for sitting in self.sittings_of[person] if not sitting.standby]

    def visitors(self, village: str) -> list[str]:
        """Return the advisers of a village, with the one who hands it over within the month."""
        row = self.facts.leaving.get(village)
        return [*self.advisers[village], *([row.person] if row else ())]

    def part_of(self, person: str) -> Roster:
        """Return the part of the roster that one person holds."""
        return self.roster.model_copy(update=dict.fromkeys(_TABLES, ()) | self._rows_of[person])

    @cached_property
    def _rows_of(self) -> dict[str, dict[str, tuple[Row, ...]]]:
        """Rows by person and table."""
        rows: dict[str, dict[str, tuple[Row, ...]]] = defaultdict(dict)
        for table in _TABLES:
            of_person: dict[str, list[Row]] = defaultdict(list)
            for row in getattr(self.roster, table):
                of_person[row.person].append(row)
            for person, own in of_person.items():
                rows[person][table] = tuple(own)
        return rows

    def assignments(self) -> Iterator[tuple[str, str, str]]:
        """Yield (subject, person, village or site) of everything held."""
        for village, people in self.advisers.items():
            yield from ((village, person, village) for person in people)
        for site, people in self.mediators.items():
            yield from ((site, person, site) for person in people)
        yield from ((s.slot.id, s.person, s.slot.site.id) for s in self.sittings)
        yield from ((visit.village, visit.person, visit.village) for visit in self.roster.visits)

    def has(self, pin: Pin) -> bool:
        """Say whether the pin's assignment is in the roster; of one that names nobody there is none."""
        if pin.person is None or pin.target is None:
            return False
        if pin.kind is PinKind.ADVISER:
            return pin.person in self.advisers[pin.target]
        if pin.kind is PinKind.MEDIATOR:
            return pin.person in self.mediators[pin.target]
        when = (pin.date, pin.part)
        if pin.kind is PinKind.VISIT:
            visits = self.visits_to[pin.target]
            return any(v.person == pin.person and (v.date, v.part) == when for v in visits)
        standby = pin.kind is PinKind.STANDBY
        return any(
            (s.slot.post.id, s.slot.date, s.slot.part, s.standby) == (pin.target, *when, standby)
            for s in self.sittings_of[pin.person]
        )


_TABLES = ("advisers", "mediators", "duties", "visits")


def _sitting(facts: Facts, duty: Duty) -> Sitting:
    return Sitting(duty.person, facts.slots[facts.slot_idx[duty.slot]], duty.standby)
