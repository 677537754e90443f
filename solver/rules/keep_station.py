"""Existing fixed stations stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from solver.modelling.choices import Block
from solver.modelling.rule import Count, Rule
from solver.modelling.siting import is_fixed_station

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class KeepStation(Rule):
    """A village keeps the fixed station it has.

    A fixed station is a station or workroom with up to ``largest`` villages, the first of which
    houses it; a township's station that serves more is none of them.
    Formula: for each village v and host w of the present stations, [y[v,w] is not taken].

    Source: S2 苏州 2016: stations are set up with equipment in village committees; an office choice.
    """

    zh: ClassVar[str] = "保持现有固定站"
    en: ClassVar[str] = "keep the station"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.STATIONS})

    level: Level = Level.SOFT
    goal: Goal = Goal.STABILITY
    largest: Count = 3

    def encode(self, model: Model) -> None:
        """Ask for each present pair of village and host."""
        number, count = model.facts.village_idx, len(model.facts.villages)
        sites = [site for site in model.facts.sites if is_fixed_station(site, self.largest)]
        pairs = {
            number[v] * count + number[site.villages[0]] for site in sites for v in site.villages
        }
        known = np.array(sorted(pairs), dtype=np.int64)
        for choices in model.choices_of(self.blocks):
            key = choices.demand * count + choices.person
            present = np.isin(key, known)
            group = np.searchsorted(known, key[present])
            model.at_least(self, group, choices.column[present], np.ones_like(known))

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Compare the siting with the present stations."""
        names = {village.id: village.name for village in facts.villages}
        told: set[tuple[str, str]] = set()
        for site in facts.sites:
            for village in site.villages if is_fixed_station(site, self.largest) else ():
                host = site.villages[0]
                if host in plan.hosts[village] or (village, host) in told:
                    continue
                told.add((village, host))
                zh = f"{names[village]}不再使用{site.name}"
                yield self.breach(village, 1, zh, f"{names[village]} loses its station {site.id}")

    @property
    def station_numbers(self) -> Mapping[str, int]:
        """The largest present station."""
        return {"largest": self.largest}
