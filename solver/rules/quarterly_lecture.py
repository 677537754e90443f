"""Each village has a lecture every quarter, or once a year at a set pace, attached to a visit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field, field_validator

from models.goals import Goal
from models.report import Breach, Level, Unmet, UnmetKind
from models.vocabulary import AreaLevel
from solver.modelling.choices import Block
from solver.modelling.demand import DemandRule, Lack
from solver.modelling.rounds import longest_waiting, spread, visit_due_in, visits_left

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class QuarterlyLecture(DemandRule):
    """Each village has one lecture per period, held on a visit and spread over the period.

    A period is ``every_months`` months counted from January. A lecture is held on a visit, and a visit
    is due every ``visit_months``: of the villages without a recorded lecture that are due a visit, one
    in as many as visits remain to them in the period is due a lecture, who waits longest first; on the
    last visit of the period every one. Where no visit falls into a period, its last month is due.
    With a ``pace`` of four percentages the period is the year, whatever ``every_months`` says:
    by the end of month k = 1..3 of quarter q a city should have held
    ceil(villages * (pace[1] + ... + pace[q-1] + pace[q] * k / 3) / 100) lectures. As many as are
    missing are due, spread evenly over its villages without one, those first that are due a visit;
    without cities the whole instance counts as one.
    Formula: for each due village v, [no visit to v with a lecture].

    Source: Henan 2018, Anhui 2021, Shuyang 2016, Xindu 2022: >= 1 lecture a quarter;
    Pucheng 2021: yearly; S3 云南 2019-03-22, three (3): 10 %, 50 %, 40 % by quarter, then checks.
    """

    zh: ClassVar[str] = "每季度法治讲座"
    en: ClassVar[str] = "lecture every quarter"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.VISITS})

    level: Level = Level.SOFT
    goal: Goal = Goal.COVERAGE
    every_months: Annotated[int, Field(ge=1, le=12)] = 3
    visit_months: Annotated[int, Field(ge=1, le=12)] = 1
    pace: tuple[Annotated[int, Field(ge=0, le=100)], ...] = ()

    follows: ClassVar[frozenset[str]] = frozenset({"visit_months"})

    @field_validator("pace")
    @classmethod
    def _is_a_year(cls, pace: tuple[int, ...]) -> tuple[int, ...]:
        if pace and (len(pace) != len(_QUARTERS) or sum(pace) != _ALL):
            message = "pace must be empty or four percentages that add up to 100"
            raise ValueError(message)
        return pace

    def encode(self, model: Model) -> None:
        """Ask for a visit to each due village; it then carries the lecture."""
        due = self.lectures_due(model.facts)
        wanted = np.array([v.id in due for v in model.facts.villages], dtype=np.int64)
        for choices in model.choices_of(self.blocks):
            model.at_least(self, choices.demand, choices.column, wanted)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Ask each due village for a visit with a lecture."""
        due = self.lectures_due(facts)
        for village in facts.villages:
            if village.id in due and not any(v.lecture for v in plan.visits_to[village.id]):
                zh = (
                    f"{village.name}{'按进度本月应办讲座，' if self.pace else '本季度'}尚未安排讲座"
                )
                yield self.breach(village.id, 1, zh, f"{village.name} has no lecture this period")

    def lectures_due(self, facts: Facts) -> frozenset[str]:
        """Return the villages whose turn it is, and those that are late."""
        return frozenset(self._due_by_pace(facts) if self.pace else self._due_evenly(facts))

    def lacking(self, plan: Reading) -> Iterator[Lack]:
        """Every due village without lecture; where a visit is made, nobody need be asked."""
        due = self.lectures_due(plan.facts)
        for number, village in enumerate(plan.facts.villages):
            made = plan.visits_to[village.id]
            if village.id in due and not any(visit.lecture for visit in made):
                unmet = Unmet(
                    kind=UnmetKind.LECTURE,
                    target=village.id,
                    zh=f"{village.name}本季度讲座未安排",
                    en=f"{village.name}: lecture not planned",
                )
                yield Lack(unmet, Block.VISITS, None if made else number)

    def _due_evenly(self, facts: Facts) -> Iterator[str]:
        month = int(facts.month[-2:])
        place = (month - 1) % self.every_months
        first, remaining = month - place, self.every_months - place
        held = _held(facts, range(first, first + self.every_months))
        by_visits: dict[int, list[str]] = defaultdict(list)
        for village in facts.villages:
            if village.id in held:
                continue
            if not visit_due_in(facts, village, self.visit_months):
                left = visits_left(facts, village, self.visit_months, remaining)
                by_visits[left].append(village.id)
            elif remaining == 1 and self.visit_months > self.every_months:
                yield village.id
        for left, villages in by_visits.items():
            yield from longest_waiting(facts, villages, -(-len(villages) // left))

    def _due_by_pace(self, facts: Facts) -> Iterator[str]:
        held = _held(facts, range(1, 13))
        quarter, place = divmod(int(facts.month[-2:]) - 1, 3)
        # in 300ths, so that a third of a percentage stays whole
        known = facts.instance.village_by_id
        share = 3 * sum(self.pace[:quarter]) + self.pace[quarter] * (place + 1)
        for villages in _by_city(facts):
            open_ones = [village for village in villages if village not in held]
            wanted = -(-len(villages) * share // (3 * _ALL))
            missing = max(0, wanted - (len(villages) - len(open_ones)))
            visited = [v for v in open_ones if not visit_due_in(facts, known[v], self.visit_months)]
            yield from spread(visited, missing)
            others = set(open_ones) - set(visited)
            yield from spread(others, max(0, missing - len(visited)))


_ALL = 100
_QUARTERS = range(4)


def _held(facts: Facts, months: range) -> frozenset[str]:
    """Return the villages with a recorded lecture in these months of the plan's year."""
    year = int(facts.month[:4])
    return frozenset(
        record.village
        for record in facts.instance.lectures
        if record.date.year == year and record.date.month in months
    )


def _by_city(facts: Facts) -> Iterable[list[str]]:
    """Return the villages of each city, or of no city, in the order of their codes."""
    area_by_id = facts.instance.area_by_id
    city_of: dict[str, str | None] = {}
    groups: dict[str | None, list[str]] = defaultdict(list)
    for village in sorted(facts.villages, key=lambda village: village.id):
        if village.area not in city_of:
            above = (area_by_id[area] for area in facts.instance.ancestors(village.area))
            city_of[village.area] = next((a.id for a in above if a.level is AreaLevel.CITY), None)
        groups[city_of[village.area]].append(village.id)
    return groups.values()
