"""Mediators, scarce or plenty, go where villages come first and matters are many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from models.goals import Goal
from models.report import Breach, Level
from models.vocabulary import PersonKind
from solver.modelling.choices import Block, has_mediators
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from models.arrays import Ints
    from models.places import Village
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading

FINE = 100
"""Steps of need: more would make the other wishes of the rung small beside it."""


PRIORITY = 5
"""What a step of priority counts, in greatest matters of a site."""


class MediatorsByNeed(Rule):
    """Every full-time mediator has a seat, and the more a site needs the more it gets.

    Only where some village states matters or has priority. A site needs the matters of the
    villages it names, else of those that lie directly in its area; each step of priority counts
    five times the greatest matters of any site. Bounds per site come first (``mediators_per_site``):
    this decides who goes without when there are too few, and where more than asked for go.
    Formula: with w = 1 + floor(100 · need / greatest need) and W = 101, the n-th mediator of a site
    costs floor(2 · W · (n - 1/2) / w), those beyond the ``steps``-th what that one costs; a mediator
    without a seat costs 2 · W · steps.

    Source: S1 金水区 2018 四(二) (more mediators where possible); S0, S4: balanced allocation,
    precise matching of supply and demand; S3 云南 2019 (priority villages).
    """

    zh: ClassVar[str] = "调解员按需配备"
    en: ClassVar[str] = "mediators by need"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.MEDIATORS})
    may_be_hard: ClassVar[bool] = False

    level: Level = Level.SOFT
    goal: Goal = Goal.FAIRNESS
    steps: Annotated[int, Field(ge=1, le=50)] = 20

    def encode(self, model: Model) -> None:
        """Rising cost per site, and a price on every mediator left without a seat."""
        facts = model.facts
        if not _is_told(facts):
            return
        nth = np.arange(1, self.steps + 1, dtype=np.int64)
        costs = (FINE + 1) * (2 * nth - 1)[None, :] // _weights(facts)[:, None]
        kinds = np.array([p.kind is PersonKind.MEDIATOR for p in facts.people], dtype=np.int64)
        idle = np.full(len(kinds), 2 * (FINE + 1) * self.steps, dtype=np.int64)
        for choices in model.choices_of(self.blocks):
            model.rising(self, choices.demand, choices.column, costs)
            model.at_least(self, choices.person, choices.column, kinds, amount=idle)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Add up what the mediators of each site cost, and look for those without a seat."""
        if not _is_told(facts):
            return
        needs = _needs(facts)
        greatest = max(needs.values(), default=0)
        for site in facts.sites:
            weight = 1 + (FINE * needs.get(site.id, 0) // greatest if greatest else 0)
            people = plan.mediators[site.id]
            seats = (min(n, self.steps) for n in range(1, len(people) + 1))
            amount = sum((FINE + 1) * (2 * n - 1) // weight for n in seats)
            if amount:
                zh = f"{site.name}（需求 {needs.get(site.id, 0)}）专职调解员 {len(people)} 人"
                en = f"{site.name} (need {needs.get(site.id, 0)}): {len(people)} mediators"
                yield self.breach(site.id, amount, zh, en)
        seated = {person for people in plan.mediators.values() for person in people}
        for person in facts.people:
            if person.kind is PersonKind.MEDIATOR and person.id not in seated:
                zh, en = f"{person.name}没有席位", f"{person.name} has no seat"
                yield self.breach(person.id, 2 * (FINE + 1) * self.steps, zh, en)


def _is_told(facts: Facts) -> bool:
    """Say whether any village states matters or has priority."""
    return any(village.priority or village.demand for village in facts.villages)


def _weights(facts: Facts) -> Ints:
    """Return the weight of each site."""
    index = facts.village_idx
    matters = np.array([sum(v.demand.values()) for v in facts.villages], dtype=np.int64)
    first = np.array([v.priority for v in facts.villages], dtype=np.int64)
    of_site, priority = np.zeros((2, len(facts.sites)), dtype=np.int64)
    areas = np.array([v.area for v in facts.villages], dtype=object)
    for number, site in enumerate(facts.sites):
        own = np.flatnonzero(areas == site.area)
        if site.villages:
            own = np.array([index[v] for v in site.villages], dtype=np.int64)
        if has_mediators(site) and len(own):
            of_site[number], priority[number] = matters[own].sum(), first[own].max()
    need = of_site + PRIORITY * priority * max(1, int(of_site.max(initial=0)))
    return 1 + FINE * need // max(1, int(need.max(initial=0)))


def _needs(facts: Facts) -> dict[str, int]:
    """Return the need of each site with mediator seats."""
    sites = [site for site in facts.sites if has_mediators(site)]
    in_area: dict[str, list[Village]] = defaultdict(list)
    for village in facts.villages:
        in_area[village.area].append(village)
    known = facts.instance.village_by_id
    villages = {
        site.id: [known[v] for v in dict.fromkeys(site.villages) if v in known]
        if site.villages
        else in_area[site.area]
        for site in sites
    }
    matters = {
        site: sum(sum(village.demand.values()) for village in own) for site, own in villages.items()
    }
    most = max([1, *matters.values()])
    return {
        site: matters[site]
        + PRIORITY * most * max((village.priority for village in own), default=0)
        for site, own in villages.items()
    }
