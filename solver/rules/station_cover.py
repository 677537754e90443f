"""Every village has a fixed station near by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level, Unmet, UnmetKind
from solver.modelling.choices import Block
from solver.modelling.demand import DemandRule, Lack
from solver.modelling.rule import Count

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class StationCover(DemandRule):
    """Every village has one fixed station, its own or a shared one; else a mobile point comes by.

    Weight 0 leaves the siting of stations out of the plan, with all rules that belong to it.
    Formula: for each village v, max(0, 1 - sum_w y[v,w]); w is the village that houses the station.

    Source: S2 苏州 2016: villages without a fixed station get a mobile service point.
    """

    zh: ClassVar[str] = "村居有固定站"
    en: ClassVar[str] = "fixed station for every village"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.STATIONS})

    level: Level = Level.SOFT
    goal: Goal = Goal.COVERAGE
    weight: Count = 0

    def encode(self, model: Model) -> None:
        """At least one host per village."""
        wanted = np.ones(len(model.facts.villages), dtype=np.int64)
        for choices in model.choices_of(self.blocks):
            model.at_least(self, choices.demand, choices.column, wanted)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Find the villages without a station."""
        for village in facts.villages:
            if not plan.hosts[village.id]:
                zh = f"{village.name}没有固定站，设流动服务点"
                yield self.breach(village.id, 1, zh, f"{village.name} has a mobile point only")

    def lacking(self, plan: Reading) -> Iterator[Lack]:
        """Every village that a mobile point serves."""
        for number, village in enumerate(plan.facts.villages):
            if not plan.hosts[village.id]:
                unmet = Unmet(
                    kind=UnmetKind.STATION,
                    target=village.id,
                    zh=f"{village.name}没有固定站，设流动服务点",
                    en=f"{village.name} has no fixed station, a mobile point only",
                )
                yield Lack(unmet, Block.STATIONS, number)
