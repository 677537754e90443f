"""The two stages as models, and plans read back from their values.

Stage A decides standing seats: advisers and full-time mediators, and, where a rule asks for it,
which villages share a fixed station. Stage B decides one month:
people on slots, and a half day for every visit, in one model since they compete for the
same half days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from models.arrays import Ints
from models.people import Person, Pin
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, VillageStation, Visit
from models.rows import Row
from models.slots import Slot
from models.vocabulary import PinKind, Strength
from solver.engine.matrix import Matrix
from solver.modelling.choices import (
    Block,
    Choices,
    adviser_offer,
    duty_offer,
    mediator_offer,
    visit_offer,
)
from solver.modelling.facts import Facts
from solver.modelling.model import Model
from solver.modelling.pinning import pinned
from solver.modelling.rule import Rule
from solver.modelling.siting import station_offer


def seats_model(facts: Facts, rules: Iterable[Rule]) -> Model:
    """Return the model of stage A."""
    known = tuple(rules)
    offers = [adviser_offer(facts), mediator_offer(facts)]
    if any(Block.STATIONS in rule.blocks for rule in known):
        offers.append(station_offer(facts))
    return Model(facts, known, offers)


def month_model(facts: Facts, rules: Iterable[Rule], advisers: Iterable[AdviserSeat]) -> Model:
    """Return the model of stage B for given advisers."""
    seated = facts.seated(advisers)
    return Model(seated, rules, [duty_offer(seated), visit_offer(seated)])


def pinned_start(model: Model, matrix: Matrix) -> Ints:
    """Return the plan that holds nothing but the fixed pins."""
    values = np.zeros(len(matrix.upper), dtype=np.int64)
    pins: list[Pin] = [p for p in model.facts.instance.pins if p.strength is Strength.FIXED]
    for choices in model.choices.values():
        number, column, _ = pinned(model.facts, choices, pins)
        values[_one_of_each(choices, number, column)] = 1
    return matrix.close(values)


def _one_of_each(choices: Choices, number: Ints, column: Ints) -> Ints:
    """Return a column for each number: a second visit of a half day begins as late as it may."""
    if len(number) == len(np.unique(number)):
        return column
    at = column - choices.column[0]  # a block's columns follow each other
    found: dict[int, int] = {}
    begun: set[tuple[int, int]] = set()
    for n in np.unique(number).tolist():
        mine = at[number == n]
        mine = mine[np.argsort(choices.later[mine])]
        half = int(choices.person[mine[0]]), int(choices.half[mine[0]])
        found[n] = int(choices.column[mine[-1 if half in begun else 0]])
        begun.add(half)
    return np.array(list(found.values()), dtype=np.int64)


def taken_columns(model: Model, roster: Roster) -> Ints:
    """Return the columns of what a roster takes and the model offers; it knows every id of the roster."""
    wanted = set(_keys_of_roster(model.facts, roster))
    found = [np.zeros(0, dtype=np.int64)]
    for choices in model.choices.values():
        at = [n for n, key in enumerate(_keys(choices)) if key in wanted]
        found.append(choices.column[at])
    return np.concatenate(found)


def read_roster(
    facts: Facts, rules: Iterable[Rule], taken: Iterable[tuple[Model, Ints]], base: Roster
) -> Roster:
    """Return ``base`` with the blocks of each model replaced by what its values take."""
    found: dict[str, tuple[Row, ...]] = {}
    due = frozenset[str]().union(*(rule.lectures_due(facts) for rule in rules))
    for model, values in taken:
        for block, choices in model.choices.items():
            picked = choices.where(values[choices.column] > 0)
            found[_FIELD[block]] = tuple(_READ[block](facts, picked, due))
    return base.model_copy(update=found)


Key = tuple[Block, int, int, int, bool, int]
"""A choice: block, person, demand, half day, whether standing by, minutes after the usual start."""


def _keys(choices: Choices) -> list[Key]:
    columns = (choices.person, choices.demand, choices.half, choices.standby, choices.later)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [(choices.block, *row) for row in rows]


def _keys_of_roster(facts: Facts, roster: Roster) -> Iterable[Key]:
    person, village = facts.person_idx, facts.village_idx
    for seat in roster.advisers:
        yield Block.ADVISERS, person[seat.person], village[seat.village], -1, False, 0
    for place in roster.mediators:
        yield Block.MEDIATORS, person[place.person], facts.site_idx[place.site], -1, False, 0
    for duty in roster.duties:
        half = facts.half(duty.date, duty.part)
        yield Block.DUTIES, person[duty.person], facts.slot_idx[duty.slot], half, duty.standby, 0
    for visit in roster.visits:
        half = facts.half(visit.date, visit.part)
        later = facts.later(visit)
        yield Block.VISITS, person[visit.person], village[visit.village], half, False, later
    for row in roster.stations:
        if row.host is not None:
            yield Block.STATIONS, village[row.host], village[row.village], -1, False, 0


def _advisers(facts: Facts, taken: Choices, due: frozenset[str]) -> list[AdviserSeat]:
    pairs = sorted(zip(taken.demand.tolist(), taken.person.tolist(), strict=True))
    return [AdviserSeat(village=facts.villages[v].id, person=facts.people[p].id) for v, p in pairs]


def _mediators(facts: Facts, taken: Choices, due: frozenset[str]) -> list[MediatorSeat]:
    pairs = sorted(zip(taken.demand.tolist(), taken.person.tolist(), strict=True))
    return [MediatorSeat(site=facts.sites[s].id, person=facts.people[p].id) for s, p in pairs]


def _duties(facts: Facts, taken: Choices, due: frozenset[str]) -> list[Duty]:
    rows = sorted(
        zip(taken.demand.tolist(), taken.standby.tolist(), taken.person.tolist(), strict=True)
    )
    named = {
        (pin.target, pin.date, pin.part, pin.person)
        for pin in facts.instance.pins
        if pin.kind is PinKind.DUTY
    }
    duties = (
        planned_duty(facts.slots[slot], facts.people[person], standby=standby)
        for slot, standby, person in rows
    )
    return [
        duty.model_copy(update={"firm": None})
        if duty.firm and (duty.post, duty.date, duty.part, duty.person) in named
        else duty
        for duty in duties
    ]


def planned_duty(slot: Slot, person: Person, *, standby: bool) -> Duty:
    """Return the duty of a person whom the plan chose: where firms name people, the firm is to name."""
    is_open = slot.post.firm_named and not standby
    return Duty(
        post=slot.post.id,
        date=slot.date,
        part=slot.part,
        person=person.id,
        standby=standby,
        firm=person.firm if is_open else None,
    )


def _visits(facts: Facts, taken: Choices, due: frozenset[str]) -> list[Visit]:
    """Visits in order of time; the first of a due village carries the lecture."""
    columns = (taken.half, taken.later, taken.demand, taken.person)
    rows = sorted(zip(*(column.tolist() for column in columns), strict=True))
    visits: list[Visit] = []
    open_lectures = set(due)
    for half, later, village_number, person in rows:
        village = facts.villages[village_number].id
        start = facts.start_of_stop(facts.villages[village_number], half, later)
        date, part = facts.half_date(half)
        lecture = village in open_lectures
        open_lectures.discard(village)
        visits.append(
            Visit(
                village=village,
                person=facts.people[person].id,
                date=date,
                part=part,
                lecture=lecture,
                start=start,
            )
        )
    return visits


def _stations(facts: Facts, taken: Choices, due: frozenset[str]) -> list[VillageStation]:
    """Every village once: with its host, or without one where a mobile point comes by."""
    pairs = zip(taken.demand.tolist(), taken.person.tolist(), strict=True)
    bare = set(range(len(facts.villages))) - set(taken.demand.tolist())
    rows = sorted([*pairs, *((village, -1) for village in bare)])
    ids = [village.id for village in facts.villages]
    return [VillageStation(village=ids[v], host=ids[w] if w >= 0 else None) for v, w in rows]


_FIELD = {
    Block.ADVISERS: "advisers",
    Block.MEDIATORS: "mediators",
    Block.DUTIES: "duties",
    Block.VISITS: "visits",
    Block.STATIONS: "stations",
}
_READ: dict[Block, Callable[[Facts, Choices, frozenset[str]], Sequence[Row]]] = {
    Block.ADVISERS: _advisers,
    Block.MEDIATORS: _mediators,
    Block.DUTIES: _duties,
    Block.VISITS: _visits,
    Block.STATIONS: _stations,
}
