"""Sites keep the people who know them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.arrays import Flags
from models.goals import Goal
from models.report import Breach, Level
from solver.modelling.choices import Block, Choices
from solver.modelling.rule import PairRule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading


class SiteContinuity(PairRule):
    """A site with people who know it is served by one of them.

    Somebody knows a site if the ledger says they served there, or it lies in their home area.
    Formula: a duty counts 1 where the site has knowing people and p is none of them.

    Source: users of duty planners ask for the same person at the same place; fixed-person duty
    (固定专人), 司规〔2020〕6号 modes.
    """

    zh: ClassVar[str] = "站点熟悉"
    en: ClassVar[str] = "site continuity"
    reason_zh: ClassVar[str] = "不熟悉该站点"
    reason_en: ClassVar[str] = "do not know the site"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    level: Level = Level.SOFT
    goal: Goal = Goal.PREFERENCE

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """1 where a stranger takes a known site."""
        width = max(1, len(facts.sites))
        known = [
            row * width + facts.site_idx[site]
            for row, person in enumerate(facts.people)
            for site in facts.known_sites[person.id]
            if site in facts.site_idx
        ]
        site = choices.place - len(facts.villages)
        knows = np.isin(choices.person * width + site, np.array(known, dtype=np.int64))
        familiar: Flags = np.array([s.id in facts.familiar_sites for s in facts.sites], dtype=bool)
        return np.asarray(familiar[site] & ~knows & ~choices.standby, dtype=np.int64)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Ask each holder whether they know the site."""
        for sitting in plan.sittings:
            site = sitting.slot.site
            stranger = site.id not in facts.known_sites[sitting.person]
            if not sitting.standby and site.id in facts.familiar_sites and stranger:
                zh = f"{sitting.person}首次到{site.name}值班"
                yield self.breach(sitting.slot.id, 1, zh, f"{sitting.person} is new at {site.name}")
