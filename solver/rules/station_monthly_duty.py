"""Every station, of township or village, has somebody on duty at least once a month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from models.vocabulary import SiteKind
from solver.modelling.choices import Block
from solver.modelling.rule import Count, Rule

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class StationMonthlyDuty(Rule):
    """Every station has at least ``least`` duties a month.

    Stations are those of townships, and the village workrooms that have a post of their own.
    Formula: for each station z, max(0, least - sum of y[p,s] over its slots s).

    Source: S2 苏州 2016: every station has a lawyer or grassroots worker on duty every month.
    """

    zh: ClassVar[str] = "工作站每月值班"
    en: ClassVar[str] = "station duty every month"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})
    is_demand: ClassVar[bool] = True

    level: Level = Level.SOFT
    goal: Goal = Goal.COVERAGE
    least: Count = 1

    def encode(self, model: Model) -> None:
        """At least ``least`` holders over the month."""
        facts = model.facts
        wanted = np.zeros(len(facts.sites), dtype=np.int64)
        wanted[[site.kind is SiteKind.STATION for site in facts.sites]] = self.least
        for post in facts.instance.posts:
            if facts.instance.site_by_id[post.site].kind is SiteKind.WORKROOM:
                wanted[facts.site_idx[post.site]] = self.least
        for choices in model.choices_of(self.blocks):
            holding = choices.holding()
            model.at_least(self, holding.place - len(facts.villages), holding.column, wanted)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the duties of each station."""
        with_post = {post.site for post in facts.instance.posts}
        for site in facts.sites:
            is_village_station = site.kind is SiteKind.WORKROOM and site.id in with_post
            if site.kind is not SiteKind.STATION and not is_village_station:
                continue
            slots = (facts.slots[n] for n in facts.slots_of_site[site.id])
            count = sum(len(plan.holders[slot.id]) for slot in slots)
            if count < self.least:
                zh = f"{site.name}本月值班 {count} 次，至少 {self.least} 次"
                yield self.breach(
                    site.id, self.least - count, zh, f"{site.name}: {count} duties this month"
                )
