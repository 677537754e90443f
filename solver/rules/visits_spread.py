"""The visits of a county are spread over the month."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from models.arrays import Ints
from models.goals import Goal
from models.report import Breach, Level
from models.vocabulary import AreaLevel
from solver.modelling.choices import Block
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class VisitsSpread(Rule):
    """Each week has its share of a county's visits, so that they do not crowd at the end of the month.

    Formula: for each county c and week w, from Monday, max(0, visits in w - ceil(N[c] · D[w] / D)),
    N[c] = sum over its villages of ceil(hours[v] / visit_hours) / every_months, D the workdays of
    the month and D[w] those of the week. The hours are those of the monthly visit and of the
    settings; places in no county count as one.

    Source: S1 金水区 2018 二(三) (advisers serve regularly); domain notes: what is left to the end of a
    month is left undone. The measure is an assumption.
    """

    zh: ClassVar[str] = "走访分布均匀"
    en: ClassVar[str] = "visits spread over the month"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.VISITS})
    follows: ClassVar[frozenset[str]] = frozenset({"hours", "every_months"})

    level: Level = Level.SOFT
    goal: Goal = Goal.PREFERENCE
    hours: Annotated[float, Field(gt=0, le=80)] = 4
    every_months: Annotated[int, Field(ge=1, le=12)] = 1

    def encode(self, model: Model) -> None:
        """At most its share of the visits in each county and week."""
        facts = model.facts
        week = np.array([day.isocalendar().week for day in facts.days], dtype=np.int64)
        working = np.isin(np.arange(len(week)), [facts.day_idx[day] for day in facts.workdays])
        days = np.bincount(week[working], minlength=_WEEKS)
        length = facts.instance.settings.visit_hours
        visits = np.array(
            [math.ceil((v.service_hours or self.hours) / length) for v in facts.villages]
        )
        county = facts.region_of_place[: len(facts.villages)]
        due = np.bincount(county, weights=visits).astype(np.int64)
        most = _ceil_of(due[:, None] * days[None, :], max(1, int(days.sum())) * self.every_months)
        for choices in model.choices_of(self.blocks):
            group = county[choices.demand] * _WEEKS + week[choices.half // 3]
            model.at_most(self, group, choices.column, most.ravel())

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count each county's visits week by week."""
        workdays = [day for day in facts.days if facts.calendar.is_workday(day)]
        due: Counter[str] = Counter()
        for village in facts.villages:
            hours = village.service_hours or self.hours
            due[_county(facts, village.area)] += math.ceil(
                hours / facts.instance.settings.visit_hours
            )
        made: Counter[tuple[str, tuple[int, int]]] = Counter()
        for visit in plan.roster.visits:
            area = facts.instance.village_by_id[visit.village].area
            made[_county(facts, area), visit.date.isocalendar()[:2]] += 1
        for (county, week), count in sorted(made.items()):
            share = Fraction(
                sum(day.isocalendar()[:2] == week for day in workdays), max(1, len(workdays))
            )
            most = math.ceil(due[county] * share / self.every_months)
            if count > most:
                zh = f"{week[0]} 年第 {week[1]} 周走访 {count} 次，均匀分布时至多 {most} 次"
                en = f"{count} visits in week {week[1]} of {week[0]}, {most} when spread evenly"
                where = county or facts.instance.settings.area or facts.month
                yield self.breach(where, count - most, zh, en)


def _county(facts: Facts, area: str) -> str:
    """Return the county of an area, nothing where there is none."""
    by_id = facts.instance.area_by_id
    above = (a for a in facts.instance.ancestors(area) if by_id[a].level is AreaLevel.COUNTY)
    return next(above, "")


def _ceil_of(whole: Ints, part: int) -> Ints:
    return -(-whole // part)


_WEEKS = 54
"""More than the number of any week of a year."""
