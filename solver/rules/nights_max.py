"""Nobody has too many nights in a month."""

from __future__ import annotations

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
from solver.modelling.spans import spans_of
from solver.modelling.timetable import timetables

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading

TINY = 1e-9
"""Keeps a whole product whole in floating point."""


class NightsMax(Rule):
    """A person holds at most ``nights`` nights in a month.

    A night is a duty that reaches into the hours from 22:00 to 06:00. Standing by is no night.
    Full-time staff of ``exempt`` kinds, who sit the lines that never close, are left out.

    Formula: for each person p, max(0, nights held by p - nights[p]). With ``by_share`` a part-timer's
    nights[p] is ``nights`` × share, rounded up.

    Source: 劳安字〔1989〕1号: night work is work from 22:00 to 06:00; that four a month are enough
    is an assumption (about one a week).
    """

    zh: ClassVar[str] = "每月夜班上限"
    en: ClassVar[str] = "most nights a month"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE
    nights: Count = 4
    exempt: tuple[PersonKind, ...] = (PersonKind.OFFICER, PersonKind.MEDIATOR)
    by_share: bool = True

    @property
    def bound(self) -> Sentence | None:
        """Nights a month."""
        return Sentence(f"每人每月 {self.nights} 夜", f"{self.nights} nights a month")

    def encode(self, model: Model) -> None:
        """At most ``nights`` nights held by each person."""
        facts = model.facts
        counted = np.array([person.kind not in self.exempt for person in facts.people], dtype=bool)
        spans = spans_of(facts, model.choices_of(self.blocks))
        held = spans.where(spans.is_night & ~spans.standby & counted[spans.person])
        share = np.array([p.share if self.by_share else 1 for p in facts.people])
        most = np.ceil(self.nights * share - TINY).astype(np.int64)
        model.at_most(self, held.person, held.column, most)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count each person's nights."""
        visits = {visit.village for visit in plan.roster.visits}
        for person_id, entries in timetables(plan).items():
            person = facts.instance.person_by_id[person_id]
            held = [e for e in entries if not (e.standby or e.is_settled or e.subject in visits)]
            count = sum(entry.is_night for entry in held)
            share = Fraction(str(person.share if self.by_share else 1))
            most = -int(-self.nights * share // 1)
            if count > most and person.kind not in self.exempt:
                zh = f"{person.name}本月夜班 {count} 次，上限 {most} 次"
                en = f"{person.name} has {count} nights, at most {most}"
                yield self.breach(person_id, count - most, zh, en)
