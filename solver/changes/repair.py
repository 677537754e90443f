"""Repairs a published month after an absence, changing only what must change.

Only the demands the absence frees are planned again, among the people who may take them, with
everything else held. What would stay empty may cost others a change, one hop away. What is past stays.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from models.arrays import Ints
from models.goals import LADDER, Goal, GoalResult
from models.instance import Instance
from models.report import Breach, DifferenceRow, Level, Unmet
from models.roster import Roster
from solver.changes.absence import Absence, frees, with_absence, with_pins, with_seats_kept
from solver.changes.candidates import called
from solver.changes.left_empty import Emptied, left_empty
from solver.changes.neighbourhood import (
    Neighbourhood,
    held_by,
    mediator_key,
    refusals,
    visit_key,
)
from solver.changes.roster_changes import (
    changed,
    differences,
    keeping,
    part_of,
    rows_of,
    with_lectures,
)
from solver.engine.highs import Effort
from solver.engine.ladder import Ladder
from solver.engine.matrix import NO_BOUND, Matrix
from solver.modelling.choices import Block
from solver.modelling.deputies import deputies
from solver.modelling.facts import PARTS, VISIT_PARTS, Facts
from solver.modelling.pinning import keeps_published
from solver.modelling.presence import people_away
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule
from solver.modelling.stages import Key
from solver.rules import rule_types

SEATS, MONTH = "repair seats", "repair"
"""The two solves of a repair, as their goals name them."""

REACH_PEOPLE, REACH_DEMANDS = 12, 40
"""How many people, nearest first, may give up something for a demand that would stay empty, and
how many demands may be handed on in all: enough to find one free day, few enough to answer at once."""

ONE_HOP: tuple[Goal, ...] = (
    Goal.PRIORITY,
    Goal.COVERAGE,
    Goal.STABILITY,
    *(goal for goal in LADDER if goal not in (Goal.PRIORITY, Goal.COVERAGE, Goal.STABILITY)),
)
"""Order of goals where others may have to change: a change is made to fill a demand, for nothing else."""


@dataclass(frozen=True)
class Repaired:
    """The outcome of a repair.

    ``instance`` knows the absence, and asks to keep what was changed so that every difference is
    shown; ``changes`` are these differences; ``unmet`` the demands left empty that were freed, or given up
    by others for these; ``goals``
    value, bound and gap of the restricted problems (seats of mediators, then the month);
    ``breaches`` hard breaches that the old roster did not have, always empty.
    """

    instance: Instance
    roster: Roster
    changes: tuple[DifferenceRow, ...]
    unmet: tuple[Unmet, ...]
    goals: tuple[GoalResult, ...]
    breaches: tuple[Breach, ...]
    seconds: dict[str, float] = field(default_factory=dict)


def repair(
    instance: Instance,
    rules: Iterable[Rule],
    roster: Roster,
    absence: Absence,
    effort: Effort | None = None,
    today: dt.date | None = None,
) -> Repaired:
    """Find the best replacement for what an absent person held, changing as little as possible.

    Who stands by for a freed duty is called, and is replaced as standby if somebody can; other freed
    duties go to whom they cost least, goal by goal; freed visits move to another half day
    of the same adviser; the seat of a mediator who is away for most of the month goes to another.
    Only where a demand would stay empty may others change, and then as few as possible.

    Parameters
    ----------
    instance, rules, roster
        What the roster was made from, and the roster.
    absence
        Who is away, and when.
    effort
        Limits; 5 s by default.
    today
        The first day that can still change, by default that of the absence: what lies before it
        is past, and what the absence leaves empty there stays empty.
    """
    began = time.monotonic()
    first = absence.first if today is None else today
    work = _Repair(instance, tuple(rules), roster, absence, effort or Effort(5.0), first)
    work.run()
    built = time.monotonic()
    changes = tuple(differences(work.before, work.plan.roster))
    after = with_pins(work.facts.instance, changes)
    breaches = tuple(work.new_breaches())
    unmet = tuple(work.unmet())
    seconds = {"solve": built - began, "check": time.monotonic() - built}
    seconds = {name: round(spent, 3) for name, spent in seconds.items()}
    goals = tuple(goal for results in work.goals.values() for goal in results)
    return Repaired(after, work.plan.roster, changes, unmet, goals, breaches, seconds)


class _Repair:
    """A repair under way; ``plan`` is always the best so far."""

    def __init__(
        self,
        instance: Instance,
        rules: tuple[Rule, ...],
        roster: Roster,
        absence: Absence,
        effort: Effort,
        today: dt.date,
    ) -> None:
        advisers = {seat.village: seat.person for seat in roster.advisers}
        away = with_seats_kept(with_absence(instance, absence), absence.person, advisers)
        self.facts = Facts(away, roster.month).seated(roster.advisers)
        self._instance, self.before = instance, roster
        self.goals: dict[str, list[GoalResult]] = {}
        self._handed_on: list[Key] = []
        self._absence, self._effort, self._today = absence, effort, today
        self._rules = _with_keeping(rules)
        self.freed = list(dict.fromkeys(self._freed(Reading(self.facts, roster))))
        self.plan = Reading(self.facts, changed(self.facts, roster, self.freed, ()))
        self._lectures = {visit.village for visit in roster.visits if visit.lecture}

    def run(self) -> None:
        """Plan the freed demands alone, then with others one hop away if some stay empty."""
        settled = self._call_standbys()
        seats = [key for key in self.freed if key[0] is Block.MEDIATORS]
        dated = [k for k in self.freed if k[0] is not Block.MEDIATORS and k not in settled]
        for stage, freed in ((SEATS, seats), (MONTH, dated)):
            free = [key for given_up in freed for key in self._offers(given_up)]
            if free:
                self._solve(stage, self.facts, free, freed, LADDER)
        empty = [key for key in self.empty() if key[0] is not Block.MEDIATORS]
        opened = self._opened(empty) if empty else []
        if opened:
            free = [key for given_up in dated for key in self._offers(given_up)]
            free += [*opened, *(key for held in opened for key in self._offers(held))]
            pins = (*self.facts.instance.pins, *(keeping(self.facts, key) for key in opened))
            self._solve(MONTH, self.facts.with_pins(pins), free, [*dated, *opened], ONE_HOP)

    def _call_standbys(self) -> set[Key]:
        """Let standbys take over freed future duties; return the duties settled this way."""
        settled = set()
        for key in list(self.freed):
            block, _, demand, half, standby, _ = key
            if block is not Block.DUTIES or standby or half < self._first_of_today():
                continue
            move = called(self.plan, self._rules, self.facts.slots[demand].id)
            if move is not None:
                roster = changed(self.facts, self.plan.roster, move.given_up, move.taken)
                self.plan = Reading(self.facts, roster)
                self.freed += move.given_up
                settled.add(key)
        return settled

    def empty(self) -> list[Key]:
        """Return the freed demands that nobody has taken, by the choice that was given up."""
        return self._emptied().choices()

    def unmet(self) -> Iterator[Unmet]:
        """Yield what stays empty, with the reasons of everyone who might have taken it."""
        return left_empty(self._emptied())

    def new_breaches(self) -> Iterator[Breach]:
        """Check everyone concerned independently; yield new hard breaches."""
        old, new = rows_of(self.before), rows_of(self.plan.roster)
        people = {row.person for row in old ^ new}
        numbers = np.array(sorted(self.facts.person_idx[p] for p in people), dtype=np.int64)
        facts = self.facts.among(numbers, np.arange(len(self.facts.slots)))
        hard = [rule for rule in self._rules if rule.level is Level.HARD]
        freed = changed(self.facts, self.before, self.freed, ())
        plans = [Reading(facts, part_of(roster, people)) for roster in (freed, self.plan.roster)]
        before, after = (
            [breach for rule in hard for breach in rule.check(facts, plan)] for plan in plans
        )
        was, now = (_totals(breaches) for breaches in (before, after))
        yield from (b for b in after if now[b.rule, b.subject] > was[b.rule, b.subject])

    def _emptied(self) -> Emptied:
        freed = tuple(dict.fromkeys((*self.freed, *self._handed_on)))
        first = self._first_of_today()
        return Emptied(self.before, self.plan, self._rules, freed, self._open_halves(), first)

    def _freed(self, old: Reading) -> Iterator[Key]:
        """Yield what the person held in the absence, and the seats of one who is away too long now."""
        facts, person = self.facts, self._absence.person
        held = held_by(old, [person])
        yield from (key for key in held if frees(facts, self._absence, key))
        if self._is_newly_away():
            seats = (seat for seat in self.before.mediators if seat.person == person)
            yield from (mediator_key(facts, seat.site, person) for seat in seats)

    def _is_newly_away(self) -> bool:
        """Whether this absence, not earlier leave, keeps the person away most of the month."""
        was = people_away(self._instance, self.facts.workdays)
        return self._absence.person in self.facts.away - was

    def _offers(self, held: Key) -> list[Key]:
        """Return who else may take a duty or a seat, or when else the adviser may visit."""
        block, person, demand, half, standby, _ = held
        others = enumerate(self.facts.people)
        if block is Block.VISITS:
            village = self.facts.villages[demand].id
            made = {visit_key(self.facts, visit) for visit in self.plan.visits_to[village]}
            halves = sorted(self._open_halves())
            who = self._visitors(village, person)
            moved = [(block, n, demand, h, False, 0) for n in who for h in halves]
            keys: list[Key] = [key for key in moved if key not in made]
        elif block is Block.MEDIATORS:
            seated = self.plan.mediators[self.facts.sites[demand].id]
            keys = [
                (block, n, demand, half, standby, 0)
                for n, p in others
                if p.id not in seated and n != person
            ]
        else:
            slot = self.facts.slots[demand].id
            on_it = {*self.plan.holders[slot], *self.plan.standbys[slot]}
            keys = [(block, n, demand, half, standby, 0) for n, p in others if p.id not in on_it]
            keys = keys if half >= self._first_of_today() else []
        refused = refusals(self.facts, self._rules, keys)
        return [key for key in keys if key not in refused]

    def _visitors(self, village: str, person: int) -> list[int]:
        """Return who may make a visit: whoever was to, and others where the adviser is away."""
        away = any(adviser in self.facts.away for adviser in self.plan.advisers[village])
        return list(dict.fromkeys([person, *(deputies(self.facts, village) if away else ())]))

    def _opened(self, empty: Sequence[Key]) -> list[Key]:
        """Return assignments that others could hand on, to free somebody for an unmet demand."""
        people: dict[int, None] = {}
        for key in empty:
            offers = self._offers(key)
            if key[0] is Block.DUTIES:
                place = self.facts.site_place(self.facts.slots[key[2]].site.id)
                people |= dict.fromkeys(
                    sorted(
                        (n for _, n, *_ in offers),
                        key=lambda n: (self.facts.minutes(self.facts.people[n].id, place), n),
                    )[:REACH_PEOPLE]
                )
            else:
                people[key[1]] = None
        held = held_by(self.plan, [self.facts.people[n].id for n in people])
        freed = {(key[0], key[2]) for key in self.freed}
        first = self._first_half()
        later = (key for key in held if key[3] >= first and (key[0], key[2]) not in freed)
        return list(dict.fromkeys(later))[:REACH_DEMANDS]

    def _solve(
        self,
        stage: str,
        facts: Facts,
        free: Sequence[Key],
        held: Sequence[Key],
        goals: Sequence[Goal],
    ) -> None:
        """Climb the goals over the free choices, in place of those ``held`` before; take the result."""
        plan = Reading(facts, self.plan.roster)
        near = Neighbourhood(plan, self._rules, free)
        effort = replace(self._effort, seconds=self._effort.seconds / 2)
        matrix = _no_more_than(near, Counter(map(_demand, held)))
        ladder = Ladder(stage, matrix, near.now, effort, lambda _: None)
        ladder.climb((goal, near.price(goal)) for goal in goals)
        self.goals[stage] = list(ladder.results)
        ladder.climb([(Goal.PREFERENCE, self._distance(near))])
        taken = [key for key, n in near.column.items() if ladder.values[n] and not near.now[n]]
        given_up = [key for key, n in near.column.items() if near.now[n] and not ladder.values[n]]
        self._handed_on += given_up
        roster = changed(self.facts, self.plan.roster, given_up, taken)
        lectured = with_lectures(roster, self._lectures, self._today)
        self.plan = Reading(self.facts, lectured)

    def _distance(self, near: Neighbourhood) -> Ints:
        """Price what decides where costs tie: duties outside the firm, days a visit moves."""
        price = np.zeros(len(near.now), dtype=np.int64)
        firm = self.facts.instance.person_by_id[self._absence.person].firm
        halves = {key[2]: key[3] for key in self.freed if key[0] is Block.VISITS}
        for key, column in near.column.items():
            block, person, demand, half, *_ = key
            if block is Block.VISITS:
                price[column] = abs(half // 3 - halves.get(demand, half) // 3)
            else:
                price[column] = firm is None or self.facts.people[person].firm != firm
        return price

    def _open_halves(self) -> frozenset[int]:
        """Return the half days on which a visit may still be."""
        halves = (self.facts.half(d, part) for d in self.facts.days for part in VISIT_PARTS)
        first = self._first_half()
        return frozenset(half for half in halves if half >= first)

    def _first_half(self) -> int:
        """Return the number of the first half day to come; what is before it is past.

        On the day an absence begins it is the first half day of the absence.
        """
        begun = self._today == self._absence.first and self._absence.part
        return self._first_of_today() + PARTS.index(begun or PARTS[0])

    def _first_of_today(self) -> int:
        """Return the number of today's morning: no duty freed today is past, since it goes on."""
        return len(PARTS) * (self._today - self.facts.days[0]).days


def _with_keeping(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return the rules with those that keep what is published, switched on if they are off."""
    is_on = {type(rule) for rule in rules}
    keeping = (kind for kind in rule_types().values() if keeps_published(kind))
    return (*rules, *(kind.model_validate({}) for kind in keeping if kind not in is_on))


def _demand(key: Key) -> tuple[Block, int, bool]:
    return key[0], key[2], key[4]


def _no_more_than(near: Neighbourhood, held: Counter[tuple[Block, int, bool]]) -> Matrix:
    """Return the matrix with each demand served no more often than it was before.

    A seat or visit that was empty in the published month is no business of the absence.
    """
    number = {demand: n for n, demand in enumerate(held)}
    columns = np.array(list(near.column.values()), dtype=np.int64)
    group = np.array([number[_demand(key)] for key in near.column], dtype=np.int64)
    matrix, shape = near.matrix, (len(held), len(near.now))
    rows = sparse.csr_array((np.ones(len(columns)), (group, columns)), shape=shape)
    return replace(
        matrix,
        rows=sparse.csr_array(sparse.vstack([matrix.rows, rows], format="csr")),
        low=np.append(matrix.low, np.full(len(held), -NO_BOUND)),
        high=np.append(matrix.high, np.array(list(held.values()), dtype=np.int64)),
    )


def _totals(breaches: Iterable[Breach]) -> Counter[tuple[str, str]]:
    totals: Counter[tuple[str, str]] = Counter()
    for breach in breaches:
        totals[breach.rule, breach.subject] += breach.amount
    return totals
