"""Long ways are shared out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from models.goals import Goal
from models.report import Breach, Level
from models.vocabulary import Mode
from solver.modelling.choices import Block
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading

TINY = 1e-9
"""Keeps a whole quotient whole in floating point."""


class FairTravel(Rule):
    """Each further turn of the month that lies far away counts as more minutes of travel.

    A turn is far where the way there takes longer than ``far_minutes``, one way, for the person who
    holds it; remote and on-call duties are not. It stands beside the minutes themselves, so that not
    everything far goes to whoever lives least far from it, and people far from everything are spared.
    Formula: sum over p of sum_{n=1..far turns} floor(step_minutes · (n - 1) / share[p]); turns beyond
    the ``steps``-th cost what that one costs.

    Source: S0 蚌埠 2020; S4 芜司办〔2021〕30号 (one-hour circle in the country); workload equity.
    """

    zh: ClassVar[str] = "远途均摊"
    en: ClassVar[str] = "fair share of long ways"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    level: Level = Level.SOFT
    goal: Goal = Goal.TRAVEL
    far_minutes: Annotated[int, Field(ge=0, le=1440)] = 60
    step_minutes: Annotated[int, Field(ge=0, le=1440)] = 20
    steps: Annotated[int, Field(ge=1, le=62)] = 20

    def encode(self, model: Model) -> None:
        """Rising cost from each person's second far turn on."""
        facts = model.facts
        share = np.array([person.share for person in facts.people]).reshape(-1, 1)
        nth = np.arange(self.steps)[None, :]
        costs = np.floor(self.step_minutes * nth / share + TINY).astype(np.int64)
        onsite = np.array([slot.post.mode is Mode.ONSITE for slot in facts.slots], dtype=bool)
        for choices in model.choices_of(self.blocks):
            held = choices.holding()
            far = held.where(onsite[held.demand] & (held.minutes > self.far_minutes))
            model.rising(self, far.person, far.column, costs)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count each person's far turns, one after the other."""
        far: Counter[str] = Counter()
        for turn in plan.sittings:
            if turn.standby or turn.slot.post.mode is not Mode.ONSITE:
                continue
            way = facts.minutes(turn.person, facts.site_place(turn.slot.site.id))
            far[turn.person] += way > self.far_minutes
        for person in facts.people:
            earlier = (min(n, self.steps - 1) for n in range(far[person.id]))
            amount = sum(math.floor(self.step_minutes * n / person.share + TINY) for n in earlier)
            if amount:
                zh = f"{person.name}本月远途值班 {far[person.id]} 次"
                en = f"{person.name} has {far[person.id]} turns far away"
                yield self.breach(person.id, amount, zh, en)
