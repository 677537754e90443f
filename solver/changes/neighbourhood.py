"""A neighbourhood of a plan: some assignments may change, all others stay as they are.

The model of a month takes seconds to build for a city, a neighbourhood milliseconds: it knows
only the people who may be asked, what they hold, and the demands that may change hands.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from models.arrays import Flags, Ints
from models.goals import LADDER, Goal
from models.report import Level
from models.roster import Visit
from solver.engine.highs import restrict
from solver.engine.matrix import Matrix
from solver.modelling.choices import Block, Choices, Offer, pairs
from solver.modelling.facts import Facts
from solver.modelling.model import Model
from solver.modelling.reading import Reading
from solver.modelling.rule import PairRule, Rule
from solver.modelling.stages import Key


class Neighbourhood:
    """The choices ``free`` of one stage as a small model, everything else held.

    ``now`` are the values of the plan as it is; a row that the plan already breaks is open as
    far as it is broken, so that a plan made by hand can be asked about too.

    Parameters
    ----------
    plan
        The plan as it is.
    rules
        Enabled rules; hard rules about pairs have been asked before, see ``refusals``.
    free
        Choices that may be taken or given up, in the numbers of the plan's facts.
    reseated
        Villages that change their adviser: whoever visits them is not taken for a deputy.
    """

    def __init__(
        self,
        plan: Reading,
        rules: Iterable[Rule],
        free: Iterable[Key],
        reseated: Container[str] = frozenset(),
    ) -> None:
        chosen = dict.fromkeys(free)
        held = dict.fromkeys(_held_around(plan, list(chosen)))
        keys = [*chosen, *(key for key in held if key not in chosen)]
        keys.sort(key=lambda key: BLOCKS.index(key[0]))  # as the model numbers its columns
        seats = (seat for seat in plan.roster.advisers if seat.village not in reseated)
        model = _model(plan.facts.seated(seats), rules, keys)
        whole = model.matrix()
        values = np.zeros(len(whole.upper), dtype=np.int64)
        values[[n for n, key in enumerate(keys) if key in held]] = 1
        is_free = np.zeros(len(values), dtype=bool)
        is_free[[n for n, key in enumerate(keys) if key in chosen]] = True
        is_free = whole.with_fillers(is_free)
        values = whole.close(values)
        part, _, _ = restrict(whole, values, values, is_free)
        at = np.flatnonzero(is_free)
        number = np.cumsum(is_free) - 1
        self.now: Ints = values[at]
        self.matrix: Matrix = _opened(part, self.now)
        self.column: dict[Key, int] = {
            key: int(number[n]) for n, key in enumerate(keys) if key in chosen
        }
        used = np.diff(whole.rows[:, at].indptr) > 0
        of_rule = np.searchsorted(model.rows_until, np.arange(len(used)), side="right")
        self._rows = [model.rules[n] for n in of_rule[used].tolist()]
        self._prices = {goal: model.price(goal)[at] for goal in LADDER}
        self._terms = [
            (t.rule, number[t.column[m]], t.amount[m])
            for t in model.terms
            if (m := is_free[t.column]).any()
        ]

    def price(self, goal: Goal) -> Ints:
        """Return the price of each column on a rung."""
        return self._prices[goal]

    def after(self, changes: Sequence[tuple[Iterable[Key], Iterable[Key]]]) -> Ints:
        """Return one column of values for each change: what is given up, what is taken."""
        values = np.repeat(self.now[:, None], len(changes), axis=1)
        for n, (given_up, taken) in enumerate(changes):
            values[[self.column[key] for key in given_up], n] = 0
            values[[self.column[key] for key in taken], n] = 1
        return self.matrix.close(values)

    def amounts(self, values: Ints) -> dict[Rule, Ints]:
        """Return how each priced rule's amount differs from that of the plan as it is."""
        total: dict[Rule, Ints] = {}
        moved = values - self.now[:, None]
        for rule, column, amount in self._terms:
            change = amount @ moved[column]
            total[rule] = total[rule] + change if rule in total else change
        return total

    def broken(self, values: Ints) -> list[Rule | None]:
        """Return for each column of values a hard rule that it breaks, None if it breaks none."""
        activity = np.rint(self.matrix.rows @ values).astype(np.int64)
        wrong = (activity < self.matrix.low[:, None]) | (activity > self.matrix.high[:, None])
        first = wrong.argmax(axis=0) if len(wrong) else np.zeros(values.shape[1], dtype=np.int64)
        return [
            self._rows[row] if len(wrong) and wrong[row, n] else None
            for n, row in enumerate(first.tolist())
        ]


BLOCKS = list(Block)


def refusals(facts: Facts, rules: Iterable[Rule], keys: Sequence[Key]) -> dict[Key, Rule]:
    """Return the choices that a hard rule about pairs refuses, each with the first such rule."""
    refused: dict[Key, Rule] = {}
    slots = np.unique([key[2] for key in keys if key[0] is Block.DUTIES]).astype(np.int64)
    at_slots = facts.at_slots(slots)
    hard = [r for r in rules if r.judges_pairs and r.level is Level.HARD]
    for block in BLOCKS:
        mine = [key for key in keys if key[0] is block]
        if not mine:
            continue
        choices = _offer_of(at_slots, block, mine, np.arange(len(facts.people)), slots).named()
        minutes = facts.travel.minutes(choices.person, choices.place)
        choices = replace(choices, minutes=minutes)
        by = np.full(len(mine), -1, dtype=np.int64)
        asked = [(n, rule) for n, rule in enumerate(hard) if block in rule.blocks]
        for number, rule in sorted(asked, key=lambda ask: not ask[1].is_broad):
            left = np.flatnonzero(by < 0)
            by[left[rule.amounts(at_slots, choices.where(by < 0)) > 0]] = number
        refused |= {mine[n]: hard[by[n]] for n in np.flatnonzero(by >= 0).tolist()}
    return refused


def _opened(matrix: Matrix, now: Ints) -> Matrix:
    """Return the matrix with every row that ``now`` breaks open as far as it is broken."""
    activity = np.rint(matrix.rows @ now).astype(np.int64)
    low, high = np.minimum(matrix.low, activity), np.maximum(matrix.high, activity)
    return Matrix(matrix.rows, low, high, matrix.lower, matrix.upper, matrix.fillers)


def _model(facts: Facts, rules: Iterable[Rule], keys: Sequence[Key]) -> Model:
    """Return the model of these choices among their people and slots."""
    people = np.unique([key[1] for key in keys]).astype(np.int64)
    slots = np.unique([key[2] for key in keys if key[0] is Block.DUTIES]).astype(np.int64)
    among = facts.among(people, slots)
    left = [r for r in rules if not (isinstance(r, PairRule) and r.level is Level.HARD)]
    offered = [
        _offer_of(among, block, mine, people, slots)
        for block in BLOCKS
        if (mine := [key for key in keys if key[0] is block])
    ]
    return Model(among, left, offered, refuses=False)


def _offer_of(facts: Facts, block: Block, keys: Sequence[Key], people: Ints, slots: Ints) -> Offer:
    rows = np.array([key[1:4] for key in keys], dtype=np.int64).reshape(-1, 3)
    demand = np.searchsorted(slots, rows[:, 1]) if block is Block.DUTIES else rows[:, 1]
    standby: Flags = np.array([key[4] for key in keys], dtype=bool)
    later = np.array([key[5] for key in keys], dtype=np.int64)
    person = np.searchsorted(people, rows[:, 0])
    return pairs(facts, block, person, demand, rows[:, 2], standby, later)


def _held_around(plan: Reading, free: Sequence[Key]) -> Iterator[Key]:
    """Yield what the people of ``free`` hold, and who holds something of the same demands."""
    facts = plan.facts
    people = [facts.people[n].id for n in dict.fromkeys(key[1] for key in free)]
    if any(key[0] is Block.MEDIATORS for key in free):
        asked = {facts.sites[n].id for n in _demands(free, Block.MEDIATORS)}
        seats = (s for s in plan.roster.mediators if s.site in asked or s.person in people)
        yield from (mediator_key(facts, seat.site, seat.person) for seat in seats)
        return
    villages = [facts.villages[n].id for n in _demands(free, Block.ADVISERS)]
    if villages or not free:
        advised = [(p, v) for p in people for v in plan.villages_of[p]]
        advised += [(p, v) for v in villages for p in plan.advisers[v]]
        yield from (
            (Block.ADVISERS, facts.person_idx[p], facts.village_idx[v], -1, False, 0)
            for p, v in advised
        )
        return
    visited = _demands(free, Block.VISITS)
    sites = dict.fromkeys(facts.slots[n].site.id for n in _demands(free, Block.DUTIES))
    at_sites = [facts.slots[n].id for site in sites for n in facts.slots_of_site[site]]
    yield from held_by(plan, people)
    for slot in at_sites:
        for standby, holders in ((False, plan.holders), (True, plan.standbys)):
            yield from (duty_key(facts, slot, p, standby) for p in holders[slot])
    yield from _visits_beside(plan, visited)


def _visits_beside(plan: Reading, villages: Sequence[int]) -> Iterator[Key]:
    """Yield every visit in the counties of some villages: each week has its share of them."""
    facts = plan.facts
    counties = set(facts.region_of_place[list(villages)].tolist())
    for visit in plan.roster.visits if counties else ():
        if facts.region_of_place[facts.village_idx[visit.village]] in counties:
            yield visit_key(facts, visit)


def held_by(plan: Reading, people: Iterable[str]) -> Iterator[Key]:
    """Yield the duties and visits of people."""
    for person in people:
        for sitting in plan.sittings_of[person]:
            yield duty_key(plan.facts, sitting.slot.id, person, sitting.standby)
        yield from (visit_key(plan.facts, visit) for visit in plan.visits_of[person])


def duty_key(facts: Facts, slot_id: str, person: str, standby: bool) -> Key:
    """Return the choice of a person on a slot."""
    number = facts.slot_idx[slot_id]
    slot = facts.slots[number]
    half = facts.half(slot.date, slot.part)
    return Block.DUTIES, facts.person_idx[person], number, half, standby, 0


def mediator_key(facts: Facts, site: str, person: str) -> Key:
    """Return the choice of a mediator's seat."""
    return Block.MEDIATORS, facts.person_idx[person], facts.site_idx[site], -1, False, 0


def visit_key(facts: Facts, visit: Visit) -> Key:
    """Return the choice of a visit."""
    half = facts.half(visit.date, visit.part)
    return (
        Block.VISITS,
        facts.person_idx[visit.person],
        facts.village_idx[visit.village],
        half,
        False,
        facts.later(visit),
    )


def visit_choices(facts: Facts, keys: Sequence[Key]) -> Choices:
    """Return visits as choices, with the way to each."""
    none = np.zeros(0, dtype=np.int64)
    visits = _offer_of(facts, Block.VISITS, keys, np.arange(len(facts.people)), none).named()
    return replace(visits, minutes=facts.travel.minutes(visits.person, visits.place))


def _demands(keys: Iterable[Key], block: Block) -> list[int]:
    return list(dict.fromkeys(key[2] for key in keys if key[0] is block))
