"""Nobody has too many turns in a week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.issues import Sentence
from models.report import Breach, Level
from models.vocabulary import PersonKind
from solver.modelling.choices import Block
from solver.modelling.rule import Count, Rule

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading

TINY = 1e-9
"""Keeps a whole product whole in floating point."""


class WeeklyCap(Rule):
    """A person has at most ``turns`` duties in a calendar week (Monday to Sunday).

    Without a number (the default) there is no cap.

    Weeks go on across the border of the month: turns settled for the days around it count.

    Formula: for each person p and week w, max(0, sum of y[p,s] over slots s in w - max(0, turns[p]
    - turns of p in w settled for the days around the month)).
    With ``by_share`` a part-timer's turns[p] is ``turns`` × share, rounded up.
    Full-time staff of ``exempt`` kinds are not counted. Standing by is not a turn.

    Source: none: no document found names a cap (Jiaozuo 2012 reports 2-3 turns a month, Huai'an 3), so
    an office that wants one says so.
    """

    zh: ClassVar[str] = "每周值班上限"
    en: ClassVar[str] = "weekly cap"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE
    turns: Count | None = None
    exempt: tuple[PersonKind, ...] = (PersonKind.OFFICER, PersonKind.MEDIATOR)
    by_share: bool = True

    @property
    def bound(self) -> Sentence | None:
        """Turns a week."""
        return Sentence(f"每人每周 {self.turns} 次", f"{self.turns} turns a week")

    def applies_to(self, facts: Facts) -> bool:
        """Only where there is a cap."""
        return self.turns is not None

    def encode(self, model: Model) -> None:
        """At most the turns of each person in each week."""
        if self.turns is None:
            return
        facts = model.facts
        share = np.array([p.share if self.by_share else 1 for p in facts.people])
        most = np.ceil(self.turns * share - TINY).astype(np.int64)
        weeks = sorted({day.isocalendar()[:2] for day in facts.days})
        number = {week: n for n, week in enumerate(weeks)}
        of_day = np.array([number[day.isocalendar()[:2]] for day in facts.days], dtype=np.int64)
        left = np.repeat(most[:, None], len(weeks), axis=1)
        for person, things in facts.settled.items():
            known = (thing.day.isocalendar()[:2] for thing in things if thing.is_turn)
            for week in (week for week in known if week in number and person in facts.person_idx):
                left[facts.person_idx[person], number[week]] -= 1
        counted = np.array([person.kind not in self.exempt for person in facts.people], dtype=bool)
        for choices in model.choices_of(self.blocks):
            held = choices.where(~choices.standby & counted[choices.person])
            group = held.person * len(weeks) + of_day[held.half // 3]
            model.at_most(self, group, held.column, np.maximum(left, 0).ravel())

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the turns of each person week by week."""
        if self.turns is None:
            return
        for person in facts.people:
            if person.kind in self.exempt:
                continue
            share = Fraction(str(person.share if self.by_share else 1))
            most = -int(-self.turns * share // 1)
            weeks = Counter(turn.slot.date.isocalendar()[:2] for turn in plan.turns_of(person.id))
            settled = [thing for thing in facts.settled.get(person.id, ()) if thing.is_turn]
            others = Counter(thing.day.isocalendar()[:2] for thing in settled)
            for (year, week), own in sorted(weeks.items()):
                count = own + others[year, week]
                if count > most:
                    zh = f"{person.name}第 {week} 周值班 {count} 次，上限 {most} 次"
                    en = f"{person.name} has {count} turns in week {week}, at most {most}"
                    yield self.breach(person.id, min(own, count - most), zh, en)
