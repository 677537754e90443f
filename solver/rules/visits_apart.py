"""The visits of one village lie in different weeks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from models.goals import Goal
from models.places import Village
from models.report import Breach, Level
from solver.modelling.choices import Block
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.choices import Choices
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class VisitsApart(Rule):
    """A village that is visited several times a month is visited in different weeks.

    Formula: for each village of n[v] = ceil(hours[v] / visit_hours) >= 2 visits: the sum over weeks w, from
    Monday, of max(0, visits to v in w - ceil(n[v] / weeks)); and where n[v] > weeks, so that some weeks
    have several, max(0, visits to v - weeks with a visit to v - (n[v] - weeks)): no week stays
    without. Weeks are those of the month that have a workday. ``hours`` are those of the monthly visit,
    ``visit_hours`` those of the settings.

    Source: Xindu (Chengdu) service standard 七个一, 2022: 8 h on site a month, that is several visits;
    S1 金水区 2018 二(三): regular hours, known to villagers. That they lie in different weeks is an
    office's wish.
    """

    zh: ClassVar[str] = "同村走访错开各周"
    en: ClassVar[str] = "a village's visits in different weeks"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.VISITS})
    follows: ClassVar[frozenset[str]] = frozenset({"hours"})

    level: Level = Level.SOFT
    goal: Goal = Goal.PREFERENCE
    hours: Annotated[float, Field(gt=0, le=80)] = 4

    def encode(self, model: Model) -> None:
        """At most its share of the visits in each week, for villages with several, and some in each."""
        facts = model.facts
        week = np.array([day.isocalendar().week for day in facts.days], dtype=np.int64)
        weeks = len({day.isocalendar().week for day in facts.workdays})
        wanted = [self._visits(facts, village) for village in facts.villages]
        visits = np.array(wanted, dtype=np.int64)
        for choices in model.choices_of(self.blocks):
            several = choices.where(visits[choices.demand] > 1)
            group = several.demand * _WEEKS + week[several.half // 3]
            most = np.repeat(-(-visits // max(1, weeks)), _WEEKS)
            model.at_most(self, group, several.column, most)
            often = several.where(visits[several.demand] > weeks)
            self._no_week_without(model, often, week, np.maximum(visits - weeks, 0))

    def _no_week_without(self, model: Model, often: Choices, week: Ints, more: Ints) -> None:
        """Let the visits to each village be at most ``more`` than the weeks that have one."""
        group, mark = model.marks(often.demand * _WEEKS + week[often.half // 3], often.column)
        members = np.concatenate([often.demand, group // _WEEKS])
        coef = np.repeat([1, -1], [len(often), len(mark)])
        model.at_most(self, members, np.concatenate([often.column, mark]), more, coef)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the visits to each village week by week."""
        weeks = {day.isocalendar()[:2] for day in facts.days if facts.calendar.is_workday(day)}
        for village in facts.villages:
            wanted = self._visits(facts, village)
            if wanted < 2:
                continue
            most = math.ceil(wanted / max(1, len(weeks)))
            made = Counter(visit.date.isocalendar()[:2] for visit in plan.visits_to[village.id])
            amount = sum(max(0, count - most) for count in made.values())
            if wanted > len(weeks):
                repeated = sum(count - 1 for count in made.values())
                amount += max(0, repeated - (wanted - len(weeks)))
            if amount:
                zh = f"{village.name}的走访集中在少数几周"
                en = f"visits to {village.name} crowd in few weeks"
                yield self.breach(village.id, amount, zh, en)

    def _visits(self, facts: Facts, village: Village) -> int:
        hours = village.service_hours or self.hours
        return math.ceil(hours / facts.instance.settings.visit_hours)


_WEEKS = 54
"""More than the number of any week of a year."""
