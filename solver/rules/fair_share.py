"""Turns are shared out by entitlement: by share and days available, earlier months counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from models.goals import Goal
from models.report import Breach, Level
from models.vocabulary import DayClass, PostKind
from solver.modelling.choices import Block, Choices
from solver.modelling.past import ALL, STANDBY, TurnClass, months_before
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from models.arrays import Floats, Ints
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading

TINY = 1e-9
"""Keeps a whole quotient whole in floating point."""

TURN = 10
"""What a further turn costs whoever has the most share-days; a half-timer's costs twice that."""


class FairShare(Rule):
    """Turns per day available become equal, for each kind of duty and class of day.

    Classes are the kind of duty on a workday, a weekend, a holiday or a night, standing by (at
    ``standby_weight`` of a turn), and all turns together. A person's share-days w are the share
    times the days available in the last ``window_months`` months that the ledger knows and in this
    one: from ``active_from`` to the end of the term, without leave of five workdays and more.
    A month away counts nothing: neither turns nor days, so that newcomers owe nothing, part-timers
    keep their part and who was away does not catch up. A month is one away where a person served
    nothing and that leaves them two turns or more behind the median of their kind.
    Formula: sum over p, class c of sum_{n=1..turns} floor(10 · W · (b[p,c] + n - 1/2) / w[p]), b the
    turns served in the window, W the largest w of all (standing by: ``standby_weight`` of that,
    rounded down). Turns beyond the ``steps``-th cost what that one costs.

    Promise, where anybody may take any turn of a class and no other rule is in the way: whoever is
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
    window_months: Annotated[int, Field(ge=0, le=36)] = 6
    steps: Annotated[int, Field(ge=1, le=62)] = 40
    standby_weight: Annotated[float, Field(ge=0, le=1)] = 0.25

    @property
    def shared_months(self) -> int:
        """The months of the window."""
        return self.window_months

    def encode(self, model: Model) -> None:
        """Rising cost per class, for standing by, and for all turns."""
        for choices in model.choices_of(self.blocks):
            held, standing_by = choices.holding(), choices.where(choices.standby)
            for turn_class, mine in self._by_class(model.facts, held):
                self._share_out(model, turn_class, mine)
            self._share_out(model, ALL, held)
            self._share_out(model, STANDBY, standing_by)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Add up each person's turns class by class."""
        first = months_before(facts.month, self.window_months)
        days = {p: _in_window(own, first) for p, own in facts.past.days.items()}
        share_days = {
            p.id: Fraction(str(p.share)) * max(1, days[p.id]) for p in facts.instance.people
        }
        longest = max(share_days.values(), default=Fraction(1))
        for person in facts.people:
            before: Counter[TurnClass] = Counter()
            for (month, turn_class), count in facts.past.turns.get(person.id, {}).items():
                before[turn_class] += count if month >= first else 0
            for turn_class, count in sorted(_counted(plan, person.id).items(), key=str):
                weight = self.standby_weight if turn_class == STANDBY else 1
                each = TURN * longest * Fraction(str(weight)) / share_days[person.id]
                served = (before[turn_class] + min(n, self.steps - 1) for n in range(count))
                if amount := sum(each * (2 * turns + 1) // 2 for turns in served):
                    had = before[turn_class]
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
        first, past = months_before(facts.month, self.window_months), facts.past
        before = np.zeros((len(facts.people), 1))
        for row, person in enumerate(facts.people):
            own = past.turns.get(person.id, {})
            before[row] = sum(own.get((m, turn_class), 0) for m in past.months if m >= first)
        share_days = self._share_days(facts)
        scale = TURN * max(share_days.values(), default=1.0)
        if turn_class == STANDBY:
            scale *= self.standby_weight
        own_days = np.array([[share_days[person.id]] for person in facts.people])
        costs: Floats = scale * (before + np.arange(0.5, self.steps)) / own_days.reshape(-1, 1)
        return np.floor(costs + TINY).astype(np.int64)

    def _share_days(self, facts: Facts) -> dict[str, float]:
        """Return share × days available in the window and month, of everybody."""
        first = months_before(facts.month, self.window_months)
        available = {
            person: sum(days for month, days in own.items() if month >= first)
            for person, own in facts.past.days.items()
        }
        return {p.id: p.share * max(available[p.id], 1) for p in facts.instance.people}


def _in_window(days: Mapping[str, int], first: str) -> int:
    return sum(count for month, count in days.items() if month >= first)


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
