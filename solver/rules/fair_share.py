"""Turns are shared out by entitlement: by share and days available, earlier months counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from models.goals import Goal
from models.report import Breach, Level
from models.vocabulary import DayClass, PersonKind, PostKind
from solver.modelling.choices import Block, Choices
from solver.modelling.past import ALL, STANDBY, TurnClass, months_before
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from models.arrays import Floats, Ints
    from models.people import Person
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading

TINY = 1e-9
"""Keeps a whole quotient whole in floating point."""

TURN = 10
"""What a further turn costs whoever has the most share-days; a half-timer's costs twice that."""


class FairShare(Rule):
    """Turns per day available become equal, for each kind of duty and class of day.

    Classes are the kind of duty on a workday, a weekend, a holiday or a night, and standing by (at
    ``standby_weight`` of a turn). A person's share-days w are the share times the days available in
    the last ``window_months`` months that the ledger knows and in this one: from ``active_from``
    to the end of the term, without leave of five workdays and more. A month away counts nothing,
    so that newcomers owe nothing, part-timers keep their part and who was away does not catch up.
    A month is one away where a person served nothing and that leaves them two turns or more behind
    the median of their kind. All turns together count too (at ``total_weight``), against w times
    the turns a share-day of the kind: not every kind may hold every post.
    Formula: sum over p, class c of sum_{n=1..turns} floor(weight · 10 · W · (b[p,c] + n - 1/2) / w[p]),
    b the turns served in the window, W the largest w of all. Turns beyond the ``steps``-th cost what
    that one costs.

    Promise, where anybody may take any turn of the one class and no other rule is in the way: whoever is
    given a turn ends no more than (1 + w[p] / mean of w) / 2 above what they are entitled to (all
    turns of the class × w[p] / sum of w), and unless somebody had more than that before, nobody ends
    further below, each to a tenth of a turn: one turn where all are alike.

    Source: solver notes (entitlement, not equal counts), there with n - 1 (the rule of Adams), which
    rounds up whoever has the fewest days; n - 1/2 is the rule of Webster, which favours nobody
    (Balinski and Young, Fair Representation, 1982). QGenda points ledger, share-based; GTM-V users:
    newcomers count from their start; Xiangtan, Huai'an rotas.
    """

    zh: ClassVar[str] = "值班分担均衡"
    en: ClassVar[str] = "fair share of turns"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    level: Level = Level.SOFT
    goal: Goal = Goal.FAIRNESS
    window_months: Annotated[int, Field(ge=0, le=36)] = 12
    steps: Annotated[int, Field(ge=1, le=62)] = 40
    standby_weight: Annotated[float, Field(ge=0, le=1)] = 0.25
    total_weight: Annotated[float, Field(ge=0, le=1)] = 0.5

    @property
    def shared_months(self) -> int:
        """The months of the window."""
        return self.window_months

    def encode(self, model: Model) -> None:
        """Rising cost per class, for all turns, and for standing by."""
        for choices in model.choices_of(self.blocks):
            held, standing_by = choices.holding(), choices.where(choices.standby)
            for turn_class, mine in self._by_class(model.facts, held):
                self._share_out(model, turn_class, mine)
            self._share_out(model, ALL, held)
            self._share_out(model, STANDBY, standing_by)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Add up each person's turns class by class."""
        first = months_before(facts.month, self.window_months)
        due = _Due(facts, first)
        weights = {
            ALL: Fraction(str(self.total_weight)),
            STANDBY: Fraction(str(self.standby_weight)),
        }
        for person in facts.people:
            for turn_class, count in sorted(_counted(plan, person.id).items(), key=str):
                each = TURN * weights.get(turn_class, 1) * due.of_turn(person, turn_class)
                had = due.before[person.id][turn_class]
                served = (had + min(n, self.steps - 1) for n in range(count))
                if amount := sum(each * (2 * turns + 1) // 2 for turns in served):
                    zh = f"{person.name}本月{turn_class.zh} {count} 次，往月 {had} 次"
                    en = f"{person.name}: {turn_class.en} {count}, {had} before"
                    yield self.breach(person.id, amount, zh, en)

    def _by_class(self, facts: Facts, held: Choices) -> Iterator[tuple[TurnClass, Choices]]:
        kinds, days = list(PostKind), list(DayClass)
        of_slot = [
            kinds.index(slot.post.kind) * len(days) + days.index(slot.turn_class)
            for slot in facts.slots
        ]
        number = np.array(of_slot, dtype=np.int64)[held.demand]
        for n in np.unique(number):
            named = TurnClass(kinds[n // len(days)], days[n % len(days)])
            yield named, held.where(number == n)

    def _share_out(self, model: Model, turn_class: TurnClass, mine: Choices) -> None:
        model.rising(self, mine.person, mine.column, self._costs(model.facts, turn_class))

    def _costs(self, facts: Facts, turn_class: TurnClass) -> Ints:
        """Return people × steps: what each further turn costs."""
        before = self._before(facts, turn_class)
        due = self._share_days(facts)
        if turn_class == ALL:
            due = _by_rate_of_kind(facts, before, due)
        scale = TURN * max(due.values(), default=1.0) * self._weight(turn_class)
        served = np.array([[before[person.id]] for person in facts.people]).reshape(-1, 1)
        own = np.array([[due[person.id]] for person in facts.people]).reshape(-1, 1)
        costs: Floats = scale * (served + np.arange(0.5, self.steps)) / own
        return np.floor(costs + TINY).astype(np.int64)

    def _weight(self, turn_class: TurnClass) -> float:
        return {ALL: self.total_weight, STANDBY: self.standby_weight}.get(turn_class, 1.0)

    def _before(self, facts: Facts, turn_class: TurnClass) -> dict[str, int]:
        """Return the turns of a class that everybody served in the window."""
        first, past = months_before(facts.month, self.window_months), facts.past
        return {
            person.id: sum(
                past.turns.get(person.id, {}).get((month, turn_class), 0)
                for month in past.months
                if month >= first
            )
            for person in facts.instance.people
        }

    def _share_days(self, facts: Facts) -> dict[str, float]:
        """Return share × days available in the window and month, of everybody."""
        first = months_before(facts.month, self.window_months)
        available = {
            person: sum(days for month, days in own.items() if month >= first)
            for person, own in facts.past.days.items()
        }
        return {p.id: p.share * max(available[p.id], 1) for p in facts.instance.people}


def _by_rate_of_kind(
    facts: Facts, before: Mapping[str, int], share_days: Mapping[str, float]
) -> dict[str, float]:
    """Return share-days × turns per share-day of the person's kind; of all where it served none."""
    served: dict[PersonKind, float] = defaultdict(float)
    days: dict[PersonKind, float] = defaultdict(float)
    for person in facts.instance.people:
        served[person.kind] += before[person.id]
        days[person.kind] += share_days[person.id]
    usual = sum(served.values()) / (sum(days.values()) or 1.0) or 1.0
    rate = {kind: served[kind] / days[kind] or usual for kind in served}
    return {p.id: share_days[p.id] * rate[p.kind] for p in facts.instance.people}


class _Due:
    """What the check knows of everybody: turns before, and how far a turn brings each of them."""

    def __init__(self, facts: Facts, first: str) -> None:
        self.before: dict[str, Counter[TurnClass]] = {
            p.id: Counter() for p in facts.instance.people
        }
        for person, own in facts.past.turns.items():
            for (month, turn_class), count in own.items():
                self.before[person][turn_class] += count if month >= first else 0
        self._share_days = {}
        for p in facts.instance.people:
            days = sum(n for month, n in facts.past.days[p.id].items() if month >= first)
            self._share_days[p.id] = Fraction(str(p.share)) * (days or 1)
        in_all = self._by_kind(facts.instance.people)
        self._by_days = self._share_days, max(self._share_days.values(), default=Fraction(1))
        self._in_all = in_all, max(in_all.values(), default=Fraction(1))

    def of_turn(self, person: Person, turn_class: TurnClass) -> Fraction:
        """Return a turn of a person in turns of whoever is due the most."""
        due, most = self._in_all if turn_class == ALL else self._by_days
        return most / due[person.id]

    def _by_kind(self, people: Iterable[Person]) -> dict[str, Fraction]:
        """Return what is due of all turns: share-days at the rate at which the kind served."""
        kinds = defaultdict(list)
        for person in people:
            kinds[person.kind].append(person.id)
        rates = {kind: self._rate(ids) for kind, ids in kinds.items()}
        usual = self._rate(list(self.before)) or Fraction(1)
        return {p.id: self._share_days[p.id] * (rates[p.kind] or usual) for p in people}

    def _rate(self, people: Iterable[str]) -> Fraction:
        ids = list(people)
        turns, days = (
            sum(self.before[p][ALL] for p in ids),
            sum((self._share_days[p] for p in ids), Fraction(0)),
        )
        return turns / days if days else Fraction(0)


def _counted(plan: Reading, person: str) -> Counter[TurnClass]:
    """Return the turns of the month by class; standing by counts for itself alone."""
    turns: Counter[TurnClass] = Counter()
    for sitting in plan.sittings_of[person]:
        if sitting.standby:
            turns[STANDBY] += 1
        else:
            turns[ALL] += 1
            turns[TurnClass(sitting.slot.post.kind, sitting.slot.turn_class)] += 1
    return turns
