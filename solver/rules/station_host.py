"""A village belongs to one station, which is open in the village that houses it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level
from solver.modelling.choices import Block
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class StationHost(Rule):
    """A village belongs to one station at most, whose host village, of its township, uses it itself.

    Formula: for each village v, max(0, sum_w y[v,w] - 1); for each host w other than v,
    max(0, y[v,w] - y[w,w]). The model offers hosts of the same township alone; another counts 1.

    Source: S2 苏州 2016: the station is set up in a village committee and run by the township's office.
    """

    zh: ClassVar[str] = "归属一个固定站"
    en: ClassVar[str] = "one open station per village"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.STATIONS})

    level: Level = Level.HARD
    goal: Goal = Goal.WAIVABLE

    def encode(self, model: Model) -> None:
        """Take one host at most, and none without the host's own choice."""
        for choices in model.choices_of(self.blocks):
            model.at_most(self, choices.demand, choices.column, 1)
            own = choices.person == choices.demand
            column_of = np.full(len(model.facts.villages), -1, dtype=np.int64)
            column_of[choices.person[own]] = choices.column[own]
            shared = choices.where(~own)
            pair, opened = np.arange(len(shared)), column_of[shared.person]
            offered = opened >= 0
            group = np.concatenate([pair, pair[offered]])
            column = np.concatenate([shared.column, opened[offered]])
            coef = np.repeat([1, -1], [len(pair), int(offered.sum())])
            model.at_most(self, group, column, 0, coef)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the stations of a village, and ask of each whether its own village uses it."""
        known = facts.instance.village_by_id
        for village in facts.villages:
            hosts = plan.hosts[village.id]
            if len(hosts) > 1:
                zh = f"{village.name}归入 {len(hosts)} 个固定站"
                en = f"{village.name} belongs to {len(hosts)} stations"
                yield self.breach(village.id, len(hosts) - 1, zh, en)
            for host in (known[host_id] for host_id in hosts):
                if host.id not in plan.hosts[host.id]:
                    zh = f"{village.name}归入{host.name}，那里没有固定站"
                    en = f"{village.name} belongs to {host.name}, where there is no station"
                    yield self.breach(village.id, 1, zh, en)
                elif host.area != village.area:
                    zh = f"{village.name}归入外乡镇的{host.name}"
                    en = f"{village.name} belongs to {host.name} of another township"
                    yield self.breach(village.id, 1, zh, en)
