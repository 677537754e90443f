"""A fixed station has enough to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.places import Village
from models.report import Breach, Level
from solver.modelling.choices import Block
from solver.modelling.rule import Count, Rule

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class StationDemand(Rule):
    """The villages of an open station have at least ``least`` consultations a month together.

    A village that states no demand counts ``unstated`` a month.
    Formula: for each host village w, max(0, least y[w,w] - sum_v m[v] y[v,w]); m are the matters.

    Source: S2 苏州 2016: villages with few people share a station; in 2015 there were 5.8
    consultations per village and month, and 1,973 stations for 1,998 villages. The least number,
    about half the mean, is an assumption.
    """

    zh: ClassVar[str] = "固定站最低件数"
    en: ClassVar[str] = "matters per station"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.STATIONS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE
    least: Count = 3
    unstated: Count = 6

    @property
    def station_numbers(self) -> Mapping[str, int]:
        """The number of this rule."""
        return {"least_matters": self.least}

    def encode(self, model: Model) -> None:
        """Let an open station ask for matters and its villages bring theirs."""
        stated = [sum(village.demand.values()) for village in model.facts.villages]
        is_silent = np.array([not village.demand for village in model.facts.villages], dtype=bool)
        matters = np.where(is_silent, self.unstated, np.array(stated, dtype=np.int64))
        for choices in model.choices_of(self.blocks):
            # others count up to what the host lacks alone: the relaxation is tighter so
            rest = np.maximum(self.least - matters[choices.person], 0)
            brought = np.minimum(matters[choices.demand], rest)
            lacking = np.where(choices.person == choices.demand, rest, -brought)
            model.at_most(self, choices.person, choices.column, 0, lacking)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Add up the consultations of each open station."""
        known = facts.instance.village_by_id
        for host in facts.villages:
            if host.id not in plan.users[host.id]:
                continue
            total = sum(self.matters(known[village]) for village in plan.users[host.id])
            if total < self.least:
                zh = f"{host.name}固定站每月 {total} 件，至少 {self.least} 件"
                en = (
                    f"the station in {host.name} has {total} matters a month, at least {self.least}"
                )
                yield self.breach(host.id, self.least - total, zh, en)

    def matters(self, village: Village) -> int:
        """Return the consultations of a village a month."""
        return sum(village.demand.values()) if village.demand else self.unstated
