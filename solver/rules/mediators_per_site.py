"""Each site has enough full-time mediators, and not more than it may have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.places import Site
from models.report import Breach, Level, Overbooked, Unmet, UnmetKind
from models.vocabulary import SiteKind
from solver.modelling.choices import Block
from solver.modelling.demand import DemandRule, Lack, too_many
from solver.modelling.rule import Count

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class MediatorsPerSite(DemandRule):
    """Every centre, station, workroom and committee has its number of full-time mediators.

    Formula: for each site s, max(0, low[s] - sum_p x[p,s]) + max(0, sum_p x[p,s] - high[s]);
    low and high come from the site or from its level; high 0 here means "no upper bound".

    Source: S1 金水区 2018 四(二): 3 at district level, 2 per street, 1 per village;
    S4 芜司办〔2021〕30号: 1-2 per town; 司发〔2018〕2号;
    People's Mediation Law 2010 art. 8: 3 to 9 members of a committee.
    """

    zh: ClassVar[str] = "各级专职调解员人数"
    en: ClassVar[str] = "full-time mediators per level"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.MEDIATORS})

    level: Level = Level.SOFT
    goal: Goal = Goal.COVERAGE
    centre: Count = 3
    station: Count = 2
    workroom: Count = 1
    committee: Count = 3
    centre_most: Count = 0
    station_most: Count = 0
    workroom_most: Count = 1
    committee_most: Count = 9

    def encode(self, model: Model) -> None:
        """Between the lower and the upper bound at each site."""
        sites = model.facts.sites
        low = np.array([self.mediators_due(site) for site in sites], dtype=np.int64)
        high = np.array([self.upper(site) for site in sites], dtype=np.int64)
        for choices in model.choices_of(self.blocks):
            model.at_least(self, choices.demand, choices.column, low)
            model.at_most(self, choices.demand, choices.column, high)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the mediators of each site."""
        for site in facts.sites:
            count = len(plan.mediators[site.id])
            if count < self.mediators_due(site):
                zh = f"{site.name}应有专职调解员 {self.mediators_due(site)} 人，现有 {count} 人"
                en = f"{site.name} has {count} of {self.mediators_due(site)} mediators"
                yield self.breach(site.id, self.mediators_due(site) - count, zh, en)
            if count > self.upper(site):
                zh = f"{site.name}专职调解员最多 {self.upper(site)} 人，现有 {count} 人"
                en = f"{site.name} has {count} mediators, at most {self.upper(site)}"
                yield self.breach(site.id, count - self.upper(site), zh, en)

    def mediators_due(self, site: Site) -> int:
        """Return the fewest mediators of a site, 0 where the level has no seats."""
        by_level = {SiteKind.CENTRE: self.centre, SiteKind.STATION: self.station}
        by_level[SiteKind.WORKROOM] = self.workroom
        by_level[SiteKind.COMMITTEE] = self.committee
        return by_level.get(site.kind, 0) if site.mediators_min is None else site.mediators_min

    def upper(self, site: Site) -> int:
        """Return the most mediators of a site, 1,000 where nothing bounds it."""
        most = {SiteKind.CENTRE: self.centre_most, SiteKind.STATION: self.station_most}
        most[SiteKind.WORKROOM] = self.workroom_most
        most[SiteKind.COMMITTEE] = self.committee_most
        bound = (most.get(site.kind) or 1000) if site.mediators_max is None else site.mediators_max
        return max(bound, self.mediators_due(site))

    def lacking(self, plan: Reading) -> Iterator[Lack]:
        """Every site with fewer mediators than its lower bound."""
        for number, site in enumerate(plan.facts.sites):
            missing = self.mediators_due(site) - len(plan.mediators[site.id])
            if missing > 0:
                unmet = Unmet(
                    kind=UnmetKind.MEDIATOR,
                    target=site.id,
                    missing=missing,
                    zh=f"{site.name}缺专职调解员 {missing} 人",
                    en=f"{site.name} lacks {missing} mediator(s)",
                )
                yield Lack(unmet, Block.MEDIATORS, number)

    def overbooked(self, plan: Reading) -> Iterator[Overbooked]:
        """Every site with more mediators than its upper bound."""
        for site in plan.facts.sites:
            people, told = plan.mediators[site.id], (site.name, site.name)
            yield from too_many(UnmetKind.MEDIATOR, site.id, told, people, self.upper(site), plan)
