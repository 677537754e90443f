"""Nobody is paid more for the duties and visits of a month than an office may pay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from models.goals import Goal
from models.report import Breach, Level
from models.vocabulary import DayClass, PersonKind
from solver.modelling.choices import Block
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.choices import Choices
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading

Price = Annotated[float, Field(ge=0, le=1e6)]
"""Yuan."""


class MonthlyPay(Rule):
    """The duties and visits of a person in a month cost at most ``most_yuan``; 0 is no cap.

    Half days on duty, nights, standing by and visits cost the profile's rates, where they are not set
    here. Kinds of people who are not paid cost nothing. What villages pay a month is no
    matter of the plan of a month and is left out; the statement counts it, and may cap the sum.

    Formula, cents: max(0, sum of the rates of what p holds - 100 × most_yuan).
    The breach is the excess in cents.

    Source: a budget that runs out in autumn (domain notes): a cap as a rule, hard or 原则上; the number
    is the office's own.
    """

    zh: ClassVar[str] = "每人每月补贴上限"
    en: ClassVar[str] = "most pay a month"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES, Block.VISITS})
    follows: ClassVar[frozenset[str]] = frozenset(
        {"duty_yuan", "night_yuan", "standby_yuan", "visit_yuan", "paid_kinds"}
    )

    level: Level = Level.WAIVABLE
    goal: Goal = Goal.WAIVABLE
    most_yuan: Price = 0
    duty_yuan: Price = 100
    night_yuan: Price = 100
    standby_yuan: Price = 0
    visit_yuan: Price = 0
    paid_kinds: tuple[PersonKind, ...] = (
        PersonKind.LAWYER,
        PersonKind.GRASSROOTS,
        PersonKind.NOTARY,
        PersonKind.FORENSIC,
    )

    def applies_to(self, facts: Facts) -> bool:
        """Only with a cap."""
        return self.most_yuan > 0

    def encode(self, model: Model) -> None:
        """At most the cap for each person."""
        facts = model.facts
        paid = np.array([person.kind in self.paid_kinds for person in facts.people], dtype=bool)
        chosen = [c.where(paid[c.person]) for c in model.choices_of(self.blocks)]
        if chosen and self.most_yuan > 0:
            person = np.concatenate([choices.person for choices in chosen])
            column = np.concatenate([choices.column for choices in chosen])
            cents = np.concatenate([self._cents(facts, choices) for choices in chosen])
            model.at_most(self, person, column, round(100 * self.most_yuan), cents)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Add up what each person is paid."""
        yuan: Counter[str] = Counter()
        slots = {slot.id: slot for slot in facts.slots}
        for duty in plan.roster.duties:
            is_night = slots[duty.slot].turn_class is DayClass.NIGHT
            held = self.night_yuan if is_night else self.duty_yuan
            yuan[duty.person] += _whole(self.standby_yuan if duty.standby else held)
        for visit in plan.roster.visits:
            yuan[visit.person] += _whole(self.visit_yuan)
        for person_id, cents in sorted(yuan.items()):
            person = facts.instance.person_by_id[person_id]
            over = cents - _whole(self.most_yuan)
            if over > 0 and self.most_yuan and person.kind in self.paid_kinds:
                zh = f"{person.name}本月补贴 {cents / 100:g} 元，上限 {self.most_yuan:g} 元"
                en = f"{person.name} is paid {cents / 100:g} yuan, at most {self.most_yuan:g}"
                yield self.breach(person_id, over, zh, en)

    def _cents(self, facts: Facts, choices: Choices) -> Ints:
        """Return what each choice costs."""
        if choices.block is Block.VISITS:
            return np.full(len(choices), round(100 * self.visit_yuan), dtype=np.int64)
        nights = np.array([s.turn_class is DayClass.NIGHT for s in facts.slots], dtype=bool)
        held = np.where(
            nights[choices.demand], round(100 * self.night_yuan), round(100 * self.duty_yuan)
        )
        cents: Ints = np.where(choices.standby, round(100 * self.standby_yuan), held)
        return cents.astype(np.int64)


def _whole(yuan: float) -> int:
    """Return whole cents of a number as it is written, the nearest."""
    return int(Fraction(str(yuan)) * 100 + Fraction(1, 2))
