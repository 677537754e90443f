"""Repair: somebody falls ill; the published month stays as it is but for what must change.

Only the demands the absence frees are planned again, among the people who may take them, with
everything else held. What would stay empty may cost others a change, one hop away.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from models.arrays import Ints
from models.goals import LADDER, Goal
from models.instance import Instance
from models.report import Breach, DifferenceRow, GoalResult, Level, Reason, Unmet, UnmetKind
from models.roster import Roster
from solver.changes.absence import Absence, halves_of, with_absence, with_pins
from solver.changes.candidates import Change, judge, rank_slot, reasons
from solver.changes.neighbourhood import Neighbourhood, held_by, refusals
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
from solver.modelling.choices import VISIT_PARTS, Block
from solver.modelling.facts import PARTS, Facts
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule
from solver.modelling.stages import Key
from solver.rules.keep_published import KeepPublished
from solver.rules.monthly_visit import MonthlyVisit

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
    """What a repair came to.

    ``instance`` knows the absence, and asks to keep what was changed so that every difference is
    shown; ``changes`` are these differences; ``unmet`` the freed demands left empty; ``goals``
    value, bound and gap of the restricted problem; ``breaches`` hard breaches that the old roster
    did not have, always empty.
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
) -> Repaired:
    """Find the best replacement for what an absent person held, changing as little as possible.

    Freed duties go to whom they cost least, goal by goal; freed visits move to another half day
    of the same adviser, from the first day of the absence on. Only where a demand would stay
    empty may others change, and then as few as possible.
    """
    began = time.monotonic()
    work = _Repair(instance, tuple(rules), roster, absence, effort or Effort(5.0))
    work.run()
    built = time.monotonic()
    changes = tuple(differences(work.facts, work.before, work.plan.roster))
    after = with_pins(work.facts.instance, changes)
    breaches = tuple(work.new_breaches())
    unmet = tuple(work.unmet())
    seconds = {"solve": built - began, "check": time.monotonic() - built}
    seconds = {name: round(spent, 3) for name, spent in seconds.items()}
    new = work.plan.roster
    return Repaired(after, new, changes, unmet, tuple(work.goals), breaches, seconds)


class _Repair:
    """A repair under way; ``plan`` is always the best so far."""

    def __init__(
        self,
        instance: Instance,
        rules: tuple[Rule, ...],
        roster: Roster,
        absence: Absence,
        effort: Effort,
    ) -> None:
        self.facts = Facts(with_absence(instance, absence), roster.month)
        self.before = roster
        self.goals: list[GoalResult] = []
        self._absence, self._effort = absence, effort
        has_budget = any(isinstance(rule, KeepPublished) for rule in rules)
        self._rules = rules if has_budget else (*rules, KeepPublished())
        old = Reading(self.facts, roster)
        away = halves_of(self.facts, absence)
        held = dict.fromkeys(held_by(old, [absence.person]))
        self.freed = [key for key in held if key[3] in away]
        self.plan = Reading(self.facts, changed(self.facts, roster, self.freed, ()))
        self._lectures = {visit.village for visit in roster.visits if visit.lecture}

    def run(self) -> None:
        """Plan the freed demands alone, then with others one hop away if some stay empty."""
        free = [key for freed in self.freed for key in self._offers(freed)]
        if free:
            self._solve(self.facts, free, self.freed, LADDER)
        empty = self.empty()
        opened = self._opened(empty) if empty else []
        if opened:
            offers = [key for held in opened for key in self._offers(held)]
            pins = (*self.facts.instance.pins, *(keeping(self.facts, key) for key in opened))
            free = [*free, *opened, *offers]
            self._solve(self.facts.with_pins(pins), free, [*self.freed, *opened], ONE_HOP)

    def empty(self) -> list[Key]:
        """Return the freed demands that nobody has taken, by the choice that was given up."""
        found = []
        for block, person, demand, half, standby in self.freed:
            if block is Block.VISITS:
                village = self.facts.villages[demand].id
                was = sum(v.village == village for v in self.before.visits)
                is_empty = len(self.plan.visits_to[village]) < min(was, self._due(demand))
            else:
                slot = self.facts.slots[demand]
                holders = (self.plan.standbys if standby else self.plan.holders)[slot.id]
                is_empty = len(holders) < (slot.post.standby if standby else slot.post.head_count)
            if is_empty:
                found.append((block, person, demand, half, standby))
        return found

    def unmet(self) -> Iterator[Unmet]:
        """Yield what stays empty, with the reasons of everyone who might have taken it."""
        for key in self.empty():
            block, person, demand, _, standby = key
            if block is Block.VISITS:
                village, name = self.facts.villages[demand], self.facts.people[person].name
                yield Unmet(
                    kind=UnmetKind.VISIT,
                    target=village.id,
                    zh=f"{village.name}的走访没有其他半天可以改（{name}）",
                    en=f"{village.name}: no other half day for the visit",
                    reasons=self._why_no_visit(key),
                )
                continue
            slot = self.facts.slots[demand]
            kind = UnmetKind.STANDBY if standby else UnmetKind.DUTY
            what = f"{slot.site.name} {slot.post.name}"
            ranking = rank_slot(self.plan, self._rules, slot.id, standby=standby)
            yield Unmet(
                kind=kind,
                target=slot.post.id,
                date=slot.date,
                part=slot.part,
                zh=f"{slot.date} {slot.part.label} {what}缺{kind.label} 1 人",
                en=f"{slot.date} {slot.part.value} {what}: 1 {kind.value} missing",
                reasons=ranking.refused,
            )

    def new_breaches(self) -> Iterator[Breach]:
        """Check everyone concerned by the rules' own words; yield hard breaches that are new."""
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

    def _offers(self, held: Key) -> list[Key]:
        """Return who else may take a duty, or when else the adviser may visit."""
        block, person, demand, half, standby = held
        if block is Block.VISITS:
            first = self._first_half()
            halves = (self.facts.half(d, p) for d in self.facts.days for p in VISIT_PARTS)
            keys: list[Key] = [(block, person, demand, h, False) for h in halves if h >= first]
        else:
            slot = self.facts.slots[demand].id
            on_it = {*self.plan.holders[slot], *self.plan.standbys[slot]}
            keys = [
                (block, n, demand, half, standby)
                for n, p in enumerate(self.facts.people)
                if p.id not in on_it
            ]
        refused = refusals(self.facts, self._rules, keys)
        return [key for key in keys if key not in refused]

    def _opened(self, empty: Sequence[Key]) -> list[Key]:
        """Return what others hold and might hand on, so that somebody is free for what is empty."""
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
        self, facts: Facts, free: Sequence[Key], held: Sequence[Key], goals: Sequence[Goal]
    ) -> None:
        """Climb the goals over the free choices, in place of those ``held`` before; take the result."""
        plan = Reading(facts, self.plan.roster)
        near = Neighbourhood(plan, self._rules, free)
        effort = replace(self._effort, seconds=self._effort.seconds / 2)
        matrix = _no_more_than(near, Counter(map(_demand, held)))
        ladder = Ladder("repair", matrix, near.now, effort, lambda _: None)
        ladder.climb((goal, near.price(goal)) for goal in goals)
        self.goals = list(ladder.results)
        ladder.climb([(Goal.PREFERENCE, self._distance(near))])
        taken = [key for key, n in near.column.items() if ladder.values[n] and not near.now[n]]
        given_up = [key for key, n in near.column.items() if near.now[n] and not ladder.values[n]]
        roster = changed(self.facts, self.plan.roster, given_up, taken)
        self.plan = Reading(self.facts, with_lectures(roster, self._lectures, self._absence.first))

    def _due(self, village: int) -> int:
        """Return how many visits the month asks for."""
        monthly = (rule for rule in self._rules if isinstance(rule, MonthlyVisit))
        dues = (rule.visits_due(self.facts, self.facts.villages[village]) for rule in monthly)
        return next(dues, 0)

    def _distance(self, near: Neighbourhood) -> Ints:
        """Price what decides where costs tie: duties outside the firm, days a visit moves."""
        price = np.zeros(len(near.now), dtype=np.int64)
        firm = self.facts.instance.person_by_id[self._absence.person].firm
        halves = {(key[1], key[2]): key[3] for key in self.freed if key[0] is Block.VISITS}
        for key, column in near.column.items():
            block, person, demand, half, _ = key
            if block is Block.VISITS:
                price[column] = abs(half - halves.get((person, demand), half)) // 3
            else:
                price[column] = firm is None or self.facts.people[person].firm != firm
        return price

    def _why_no_visit(self, key: Key) -> tuple[Reason, ...]:
        """Count the adviser's half days by what holds them back."""
        block, person, demand, _, _ = key
        first = self._first_half()
        halves = (self.facts.half(d, p) for d in self.facts.days for p in VISIT_PARTS)
        changes = [
            Change((), ((block, person, demand, half, False),)) for half in halves if half >= first
        ]
        refused = judge(self.plan, self._rules, changes).refused
        name = self.facts.people[person].id
        return reasons(
            [(name, rule) for rule in refused if rule is not None], "个半天", "half days"
        )

    def _first_half(self) -> int:
        """Return the number of the first half day of the absence; what is before it is past."""
        day = max(self._absence.first, self.facts.days[0])
        part = self._absence.part or PARTS[0]
        return self.facts.half(day, part)


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
