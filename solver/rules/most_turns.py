"""Nobody has too many turns of a kind."""

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


class MostTurns(Rule):
    """A person has at most the number of turns of a post or part of the day that a limit gives (班次限额).

    A limit without a person holds for each person on the duty list who has no limit of the same post and
    part. Standing by is not a turn. Too few turns are another rule, with a price of its own.

    Formula: for each limit of turns and each person it holds for, max(0, turns counted - most).

    Source: INRC 2010 and NSPLib, "maximum number of assignments of a shift type"; hotlines: at most so
    many late shifts.
    """

    zh: ClassVar[str] = "某类班次上限"
    en: ClassVar[str] = "most turns of a kind"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def applies_to(self, facts: Facts) -> bool:
        """Whether some limit gives a number."""
        return bool(limits_of(facts, LimitKind.TURNS, "most"))

    def encode(self, model: Model) -> None:
        """At most the number among the turns counted."""
        rows = limits_of(model.facts, LimitKind.TURNS, "most")
        most = np.array([row.most for _, row in rows], dtype=np.int64)
        model.at_most(self, *turns_counted(model, rows), most)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the turns of each limit."""
        for number, row in limits_of(facts, LimitKind.TURNS, "most"):
            person, most = facts.people[number], row.most or 0
            count = len(turns_held(plan, person, row))
            if count > most:
                zh = f"{person.name}{named(row)} {count} 次，最多 {most} 次"
                en = f"{person.name} has {count} turns of the kind, at most {most}"
                yield self.breach(person.id, count - most, zh, en)
