"""Nobody has too few turns of a kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from models.vocabulary import LimitKind
from solver.modelling.choices import Block
from solver.modelling.personal.month_limits import limits_of, named, turns_counted, turns_held
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class FewestTurns(Rule):
    """A person has at least the number of turns of a post or part of the day that a limit gives (班次限额).

    A limit without a person holds for each person on the duty list who has no limit of the same post and
    part. Standing by is not a turn. Who has fewer is on the waiver list; too many turns are another
    rule, with a price of its own.

    Formula: for each limit of turns and each person it holds for, max(0, least - turns counted).

    Source: INRC 2010 and NSPLib, "minimum number of assignments of a shift type"; England and Wales: 36
    attendances in 12 months to stay on the duty list.
    """

    zh: ClassVar[str] = "某类班次下限"
    en: ClassVar[str] = "fewest turns of a kind"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})
    may_be_hard: ClassVar[bool] = False

    level: Level = Level.WAIVABLE
    goal: Goal = Goal.WAIVABLE

    def applies_to(self, facts: Facts) -> bool:
        """Whether some limit gives a number."""
        return bool(limits_of(facts, LimitKind.TURNS, "least"))

    def encode(self, model: Model) -> None:
        """At least the number among the turns counted."""
        rows = limits_of(model.facts, LimitKind.TURNS, "least")
        least = np.array([row.least for _, row in rows], dtype=np.int64)
        model.at_least(self, *turns_counted(model, rows), least)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the turns of each limit."""
        for number, row in limits_of(facts, LimitKind.TURNS, "least"):
            person, least = facts.people[number], row.least or 0
            count = len(turns_held(plan, person, row))
            if count < least:
                zh = f"{person.name}{named(row)} {count} 次，最少 {least} 次"
                en = f"{person.name} has {count} turns of the kind, at least {least}"
                yield self.breach(person.id, least - count, zh, en)
