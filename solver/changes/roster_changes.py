"""Changes a roster row by row, and lists the differences: who before, who after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from models.people import Pin
from models.report import DifferenceRow
from models.roster import Duty, MediatorSeat, Roster, Visit
from models.vocabulary import PinKind, Strength
from solver.modelling.choices import Block
from solver.modelling.facts import PARTS, Facts
from solver.modelling.stages import Key, planned_duty


def rows_of(roster: Roster) -> set[Duty | Visit | MediatorSeat]:
    """Return the duties, visits and mediator seats of a roster."""
    return {*roster.duties, *roster.visits, *roster.mediators}


def part_of(roster: Roster, people: set[str]) -> Roster:
    """Return what some people hold."""
    names = ("advisers", "mediators", "duties", "visits")
    own = {n: tuple(row for row in getattr(roster, n) if row.person in people) for n in names}
    return roster.model_copy(update=own)


def changed(facts: Facts, roster: Roster, given_up: Iterable[Key], taken: Iterable[Key]) -> Roster:
    """Return the roster without some choices and with others, in its usual order."""
    gone = [row_of(facts, key) for key in given_up]
    duties = {row for row in gone if isinstance(row, Duty)}
    visits = {
        (row.village, row.person, row.date, row.part) for row in gone if isinstance(row, Visit)
    }
    new = [row_of(facts, key) for key in taken]
    kept_duties = [duty for duty in roster.duties if duty not in duties]
    kept_visits = [v for v in roster.visits if (v.village, v.person, v.date, v.part) not in visits]
    kept_duties += [row for row in new if isinstance(row, Duty)]
    kept_visits += [row for row in new if isinstance(row, Visit)]
    kept_duties.sort(key=lambda d: (facts.slot_idx.get(d.slot, -1), d.standby, d.person))
    kept_visits.sort(key=lambda v: (v.date, PARTS.index(v.part), v.village, v.person))
    seats = [seat for seat in roster.mediators if seat not in gone]
    seats += [row for row in new if isinstance(row, MediatorSeat)]
    seats.sort(key=lambda seat: (facts.site_idx.get(seat.site, -1), seat.person))
    tables = {"duties": tuple(kept_duties), "visits": tuple(kept_visits), "mediators": tuple(seats)}
    return roster.model_copy(update=tables)


def with_lectures(roster: Roster, villages: Iterable[str], first: dt.date) -> Roster:
    """Return the roster with a lecture in each of these villages: if on none, on a visit to come."""
    lost = set(villages) - {v.village for v in roster.visits if v.lecture}
    visits = []
    for visit in roster.visits:
        is_due = visit.village in lost and visit.date >= first
        lost -= {visit.village} if is_due else set()
        visits.append(visit.model_copy(update={"lecture": True}) if is_due else visit)
    return roster.model_copy(update={"visits": tuple(visits)})


def row_of(facts: Facts, key: Key) -> Duty | Visit | MediatorSeat:
    """Return the duty, visit or mediator seat that a choice stands for."""
    block, number, demand, half, standby, later = key
    person = facts.people[number].id
    if block is Block.MEDIATORS:
        return MediatorSeat(site=facts.sites[demand].id, person=person)
    if block is Block.VISITS:
        date, part = facts.half_date(half)
        village = facts.villages[demand]
        start = facts.start_of_stop(village, half, later)
        return Visit(village=village.id, person=person, date=date, part=part, start=start)
    slot = facts.slots[demand]
    return planned_duty(slot, facts.people[number], standby=standby)


def keeping(facts: Facts, key: Key) -> Pin:
    """Return the wish to keep what a choice stands for."""
    row = row_of(facts, key)
    if isinstance(row, MediatorSeat):
        return Pin(
            kind=PinKind.MEDIATOR, target=row.site, person=row.person, strength=Strength.KEEP
        )
    target, kind = (
        (row.village, PinKind.VISIT) if isinstance(row, Visit) else (row.post, _kind(row))
    )
    return Pin(
        kind=kind,
        target=target,
        person=row.person,
        date=row.date,
        part=row.part,
        strength=Strength.KEEP,
    )


def _kind(duty: Duty) -> PinKind:
    return PinKind.STANDBY if duty.standby else PinKind.DUTY


def differences(before: Roster, after: Roster) -> Iterator[DifferenceRow]:
    """Yield what became of each duty, visit and seat that is not where it was."""
    old, new = rows_of(before), rows_of(after)
    gone = sorted((r for r in old - new if isinstance(r, Duty)), key=_place_of)
    come = sorted((r for r in new - old if isinstance(r, Duty)), key=_place_of)
    for place in dict.fromkeys(map(_place_of, gone + come)):
        pairs = zip_longest(
            [r for r in gone if _place_of(r) == place], [r for r in come if _place_of(r) == place]
        )
        for was, now in pairs:
            row = was or now
            yield DifferenceRow(
                kind=_kind(row),
                target=row.post,
                date=row.date,
                part=row.part,
                before=was.person if was else "",
                after=now.person if now else "",
            )
    yield from _moved(before, after)
    yield from _reseated(set(before.mediators), set(after.mediators))
    yield from _readvised(before, after)


def _readvised(before: Roster, after: Roster) -> Iterator[DifferenceRow]:
    """Yield the villages that another person advises."""
    old, new = ({seat.village: seat.person for seat in r.advisers} for r in (before, after))
    for village in dict.fromkeys((*old, *new)):
        was, now = old.get(village, ""), new.get(village, "")
        if was != now:
            yield DifferenceRow(kind=PinKind.ADVISER, target=village, before=was, after=now)


def _reseated(old: set[MediatorSeat], new: set[MediatorSeat]) -> Iterator[DifferenceRow]:
    gone, come = (
        sorted(seats, key=lambda seat: (seat.site, seat.person)) for seats in (old - new, new - old)
    )
    for site in dict.fromkeys(seat.site for seat in (*gone, *come)):
        pairs = zip_longest(
            [seat.person for seat in gone if seat.site == site],
            [seat.person for seat in come if seat.site == site],
            fillvalue="",
        )
        for was, now in pairs:
            yield DifferenceRow(kind=PinKind.MEDIATOR, target=site, before=was, after=now)


def _moved(before: Roster, after: Roster) -> Iterator[DifferenceRow]:
    """Yield the visits that are not when they were; a lecture may go along or change visits."""
    old, new = (
        {v.model_copy(update={"lecture": False}) for v in r.visits} for r in (before, after)
    )
    gone, come = sorted(old - new, key=_time_of), sorted(new - old, key=_time_of)
    for village in dict.fromkeys(visit.village for visit in (*gone, *come)):
        pairs = zip_longest(
            [v for v in gone if v.village == village], [v for v in come if v.village == village]
        )
        for was, now in pairs:
            yield _move(was or now, was.person if was else "", now)


def _move(at: Visit, before: str, now: Visit | None) -> DifferenceRow:
    """Return what became of the visit at a time; ``after`` says when, and who if it is another."""
    when = f"{now.date} {now.part.label}" if now else ""
    after = f"{when} {now.person}" if now and now.person != before else when
    kind, target = PinKind.VISIT, at.village
    return DifferenceRow(
        kind=kind, target=target, date=at.date, part=at.part, before=before, after=after
    )


def _time_of(visit: Visit) -> tuple[dt.date, int, str]:
    return visit.date, PARTS.index(visit.part), visit.village


def _place_of(duty: Duty) -> tuple[dt.date, int, str, bool]:
    return duty.date, PARTS.index(duty.part), duty.post, duty.standby
