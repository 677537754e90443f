"""Nobody has too many turns or half days in a month."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import count
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.issues import Sentence
from models.people import Person
from models.report import Breach, Level
from models.slots import is_later_stop
from models.vocabulary import PersonKind
from solver.modelling.choices import Block
from solver.modelling.rule import UNBOUNDED, Count, Rule

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading

TINY = 1e-9
"""Keeps a whole product whole in floating point."""


class MonthlyCap(Rule):
    """A person has at most ``turns`` duties, and ``half_days`` duties and visits, in a month.

    Without a number (the default) there is no cap; what a row of people says for itself always holds.
    Visits of one half day are one trip and count once: a further stop, which begins later than its half
    day does, counts nothing.
    Formula: for each person p, max(0, sum_s y[p,s] - turns[p]) + max(0, sum_s y[p,s] + visits - further
    stops - half_days). Full-time staff of ``exempt`` kinds have only the number named for themselves.
    With ``by_share`` a part-timer's turns[p] is ``turns`` × share, rounded up (the number named for
    a person holds as it is); half days are not scaled, since villages are not either.

    Source: none: no document found names a cap (Jiaozuo 2012 reports 2-3 turns a month, Huai'an 3), so
    an office that wants one says so.
    """

    zh: ClassVar[str] = "每月值班上限"
    en: ClassVar[str] = "monthly cap"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES, Block.VISITS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE
    turns: Count | None = None
    half_days: Count | None = None
    exempt: tuple[PersonKind, ...] = (PersonKind.OFFICER, PersonKind.MEDIATOR)
    by_share: bool = True

    @property
    def bound(self) -> Sentence | None:
        """Turns and half days, where the office says how many."""
        zh, en = [], []
        if self.turns is not None:
            zh, en = [f"每人每月值班 {self.turns} 次"], [f"{self.turns} turns a month"]
        if self.half_days is not None:
            zh.append(f"值班加走访 {self.half_days} 个半天")
            en.append(f"{self.half_days} half days with visits")
        zh, en = zh or ["“人员”中填写的次数"], en or ["the turns in the list of people"]
        return Sentence("、".join(zh), ", ".join(en))

    def encode(self, model: Model) -> None:
        """At most the turns, and at most the half days, of each person."""
        people = model.facts.people
        turns = np.array([self.most_turns(person) for person in people], dtype=np.int64)
        halves = [self._most_half_days(person) for person in people]
        offered = [choices.holding() for choices in model.choices_of(self.blocks)]
        for held in offered:
            if held.block is Block.DUTIES:
                model.at_most(self, held.person, held.column, turns)
        if offered:
            offered = [held.where(held.later <= 0) for held in offered]
            person = np.concatenate([held.person for held in offered])
            column = np.concatenate([held.column for held in offered])
            model.at_most(self, person, column, np.array(halves, dtype=np.int64))

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the turns and visits of each person."""
        settings, villages = facts.instance.settings, facts.instance.village_by_id
        for person in facts.people:
            held = len(plan.turns_of(person.id))
            most = self._most(person)
            if most is not None and held > most:
                zh = f"{person.name}本月值班 {held} 次，上限 {most} 次"
                en = f"{person.name} has {held} turns, at most {most}"
                yield self.breach(person.id, held - most, zh, en)
            visits = plan.visits_of[person.id]
            load = held + sum(not is_later_stop(settings, villages[v.village], v) for v in visits)
            if self.half_days is None or person.kind in self.exempt:
                continue
            if load > self.half_days:
                zh = f"{person.name}本月值班加走访 {load} 个半天，上限 {self.half_days}"
                en = f"{person.name} has {load} half days, at most {self.half_days}"
                yield self.breach(person.id, load - self.half_days, zh, en)

    def most_turns(self, person: Person) -> int:
        """Return the cap of a person."""
        if person.monthly_turns is not None:
            return person.monthly_turns
        if self.turns is None or person.kind in self.exempt:
            return UNBOUNDED
        return math.ceil(self.turns * person.share - TINY) if self.by_share else self.turns

    def turns_left(self, person: Person, visits: int) -> int:
        """Return the turns that both numbers leave."""
        return max(0, min(self.most_turns(person), self._most_half_days(person) - visits))

    def _most_half_days(self, person: Person) -> int:
        is_free = self.half_days is None or person.kind in self.exempt
        return UNBOUNDED if is_free else self.half_days or 0

    def _most(self, person: Person) -> int | None:
        """Return the cap of a person in the check's own words: None where there is none."""
        if person.monthly_turns is not None or person.kind in self.exempt or self.turns is None:
            return person.monthly_turns
        allowed = self.turns * Fraction(str(person.share if self.by_share else 1))
        return next(most for most in count() if most >= allowed)
