"""Advisers live within the half-hour or one-hour service circle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from solver.modelling.choices import Block, Choices
from solver.modelling.rule import Count, PairRule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


class ServiceCircle(PairRule):
    """The adviser reaches a town community in half an hour, a country village in an hour.

    Formula: the pair counts max(0, t[p,v] - r[v]), r = ``town_minutes`` or ``country_minutes``.

    Source: S0 蚌埠 2020, S4 芜司办〔2021〕30号: half-hour circle in town, one-hour in the country;
    S2 苏州 2016: half an hour everywhere.
    """

    zh: ClassVar[str] = "半小时、一小时服务圈"
    en: ClassVar[str] = "service circle"
    reason_zh: ClassVar[str] = "在服务圈之外"
    reason_en: ClassVar[str] = "are beyond the service circle"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.ADVISERS})

    level: Level = Level.WAIVABLE
    goal: Goal = Goal.TRAVEL
    town_minutes: Count = 30
    country_minutes: Count = 60

    @property
    def circle_minutes(self) -> tuple[int, int]:
        """The radius in town and in the country."""
        return self.town_minutes, self.country_minutes

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """Minutes beyond the circle."""
        radius = np.where(facts.travel.is_town, self.town_minutes, self.country_minutes)
        return np.maximum(choices.minutes - radius[choices.place], 0).astype(np.int64)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Measure the way of every adviser."""
        for village, people in plan.advisers.items():
            place = facts.village_place(village)
            radius = self.town_minutes if facts.travel.is_town[place] else self.country_minutes
            for person in people:
                taken = facts.minutes(person, place)
                if taken > radius:
                    name = facts.instance.person_by_id[person].name
                    place_name = facts.instance.village_by_id[village].name
                    zh = f"{name}到{place_name}需 {taken} 分钟，服务圈 {radius} 分钟"
                    en = f"{name} needs {taken} min to {place_name}, circle {radius} min"
                    yield self.breach(village, taken - radius, zh, en)
