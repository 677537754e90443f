"""Every station, of township or village, has somebody on duty at least once a month."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level, Reason, Unmet, UnmetKind
from models.vocabulary import SiteKind
from solver.modelling.choices import Block
from solver.modelling.demand import DemandRule, Lack
from solver.modelling.rule import Count

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class StationMonthlyDuty(DemandRule):
    """Every station has at least ``least`` duties a month, on site or by a remote post that serves it.

    Stations are those of townships, and the village workrooms that have a post of their own.
    Formula: for each station z, max(0, least - sum of y[p,s] over the slots s there or serving it).

    Source: S2 苏州 2016: every station has a lawyer or grassroots worker on duty every month.
    """

    zh: ClassVar[str] = "工作站每月值班"
    en: ClassVar[str] = "station duty every month"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    level: Level = Level.SOFT
    goal: Goal = Goal.COVERAGE
    least: Count = 1

    @property
    def station_numbers(self) -> Mapping[str, int]:
        """The number of this rule."""
        return {"least_duties": self.least}

    def encode(self, model: Model) -> None:
        """At least ``least`` holders over the month."""
        facts = model.facts
        wanted = np.zeros(len(facts.sites), dtype=np.int64)
        wanted[_stations(facts)] = self.least
        for choices in model.choices_of(self.blocks):
            holding = choices.holding()
            place, column = holding.place - len(facts.villages), holding.column
            far = [(slot, site) for slot, sites in _served(facts).items() for site in sites]
            for slot, site in far:
                mine = holding.column[holding.demand == slot]
                place = np.append(place, np.full(len(mine), site))
                column = np.append(column, mine)
            model.at_least(self, place, column, wanted)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the duties of each station."""
        with_post = {post.site for post in facts.instance.posts}
        duties: Counter[str] = Counter()
        for slot in facts.slots:
            for site_id in {slot.site.id, *slot.post.serves}:
                duties[site_id] += len(plan.holders[slot.id])
        for site in facts.sites:
            is_village_station = site.kind is SiteKind.WORKROOM and site.id in with_post
            if site.kind is not SiteKind.STATION and not is_village_station:
                continue
            count = duties[site.id]
            if count < self.least:
                zh = f"{site.name}本月值班 {count} 次，至少 {self.least} 次"
                yield self.breach(
                    site.id, self.least - count, zh, f"{site.name}: {count} duties this month"
                )

    def lacking(self, plan: Reading) -> Iterator[Lack]:
        """Every station with too few duties; of a slot that is not held, the candidates are asked."""
        facts = plan.facts
        serving: dict[int, list[int]] = defaultdict(list)
        for slot, sites in _served(facts).items():
            for site_number in sites:
                serving[site_number].append(slot)
        for number in _stations(facts):
            site = facts.sites[number]
            here = [*facts.slots_of_site[site.id], *serving.get(number, ())]
            holders = {n: plan.holders[facts.slots[n].id] for n in here}
            missing = self.least - sum(len(people) for people in holders.values())
            if missing > 0:
                empty = next((n for n, people in holders.items() if not people), None)
                unmet = Unmet(
                    kind=UnmetKind.STATION_DUTY,
                    target=site.id,
                    missing=missing,
                    zh=f"{site.name}本月值班少 {missing} 次",
                    en=f"{site.name}: {missing} duties too few this month",
                    reasons=(_too_few(len(holders)),) if empty is None else (),
                )
                yield Lack(unmet, Block.DUTIES, empty)


def _too_few(slots: int) -> Reason:
    zh, en = f"本月只有 {slots} 个班次", f"it has only {slots} slot(s) this month"
    if not slots:
        zh = "本月没有班次：没有岗位，或岗位的日期不在本月"
        en = "it has no slot this month: no post, or one whose dates are not in the month"
    return Reason(code="no_slot", count=0, zh=zh, en=en)


def _served(facts: Facts) -> dict[int, list[int]]:
    """Return the numbers of the other sites that a slot serves, by the number of the slot."""
    found = {}
    for number, slot in enumerate(facts.slots):
        others = set(slot.post.serves) - {slot.site.id}
        if others:
            found[number] = sorted(facts.site_idx[site] for site in others)
    return found


def _stations(facts: Facts) -> list[int]:
    """Return the numbers of the sites that are stations of townships, or workrooms with a post."""
    with_post = {post.site for post in facts.instance.posts}
    return [
        number
        for number, site in enumerate(facts.sites)
        if site.kind is SiteKind.STATION
        or (site.kind is SiteKind.WORKROOM and site.id in with_post)
    ]
