"""A fixed station covers few villages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from models.goals import Goal
from models.report import Breach, Level
from solver.modelling.choices import Block
from solver.modelling.rule import Count, Rule

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class VillagesPerStation(Rule):
    """A fixed station covers at most ``most`` villages, its own included.

    Formula: for each host village w, max(0, sum_v y[v,w] - most).

    Source: S2 苏州 2016: one fixed station covers several villages, 原则上不超过3个.
    """

    zh: ClassVar[str] = "每站覆盖村居上限"
    en: ClassVar[str] = "villages per station"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.STATIONS})

    level: Level = Level.WAIVABLE
    goal: Goal = Goal.WAIVABLE
    most: Count = 3

    @property
    def station_numbers(self) -> Mapping[str, int]:
        """The number of this rule."""
        return {"most_villages": self.most}

    def encode(self, model: Model) -> None:
        """At most ``most`` villages per host."""
        for choices in model.choices_of(self.blocks):
            model.at_most(self, choices.person, choices.column, self.most)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the villages of each station."""
        for host in facts.villages:
            count = len(plan.users[host.id])
            if count > self.most:
                zh = f"{host.name}固定站覆盖 {count} 个村居，上限 {self.most}"
                en = f"the station in {host.name} covers {count} villages, at most {self.most}"
                yield self.breach(host.id, count - self.most, zh, en)
