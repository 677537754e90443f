"""A team slot has its mix of kinds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level, UnmetKind
from solver.modelling.choices import Block
from solver.modelling.demand import DemandRule, Lack, missing_on

if TYPE_CHECKING:
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class TeamMix(DemandRule):
    """A team slot has at least the number of each kind its post names.

    Formula: for each slot s and kind k in mix[s], max(0, mix[s,k] - sum of y[p,s] over kind k).

    Source: S2 苏州 2016: 96 town service teams of justice cadres, notaries, full-time mediators
    and lawyers.
    """

    zh: ClassVar[str] = "服务团人员搭配"
    en: ClassVar[str] = "team mix"
    unfit_zh: ClassVar[str] = "人员类别不是所缺的"
    unfit_en: ClassVar[str] = "are not of the kind that is missing"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    level: Level = Level.WAIVABLE
    goal: Goal = Goal.COVERAGE

    def encode(self, model: Model) -> None:
        """At least the wanted number of each kind."""
        facts = model.facts
        wanted = [
            (n, kind, low)
            for n, slot in enumerate(facts.slots)
            for kind, low in slot.post.mix.items()
        ]
        empty = np.zeros(0, dtype=np.int64)
        for choices in model.choices_of(self.blocks):
            holding = choices.holding()
            groups, columns = [empty], [empty]
            for number, (slot, kind, _) in enumerate(wanted):
                at = np.flatnonzero(holding.demand == slot)
                mine = [i for i in at if facts.people[holding.person[i]].kind is kind]
                columns.append(holding.column[mine])
                groups.append(np.full(len(mine), number))
            bound = np.array([low for _, _, low in wanted], dtype=np.int64)
            model.at_least(self, np.concatenate(groups), np.concatenate(columns), bound)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Count the kinds in each team."""
        known = facts.instance.person_by_id
        for slot in facts.slots:
            present = [known[person].kind for person in plan.holders[slot.id]]
            for kind, low in slot.post.mix.items():
                count = present.count(kind)
                if count < low:
                    what = f"{slot.date} {slot.part.label} {slot.site.name} {slot.post.name}"
                    zh = f"{what}需要{kind.label} {low} 人，现有 {count} 人"
                    yield self.breach(
                        slot.id, low - count, zh, f"{what}: {count} of {low} {kind.value}"
                    )

    def lacking(self, plan: Reading) -> Iterator[Lack]:
        """Every slot with too few people of a kind."""
        people, known = plan.facts.people, plan.facts.instance.person_by_id
        for number, slot in enumerate(plan.facts.slots):
            present = Counter(known[person].kind for person in plan.holders[slot.id])
            missing = Counter(slot.post.mix) - present
            if missing:
                names = "、".join(kind.label for kind in missing)
                names_en = ", ".join(kind.value for kind in missing)
                total = missing.total()
                unmet = missing_on(slot, UnmetKind.TEAM, total, names, names_en)
                fitting = frozenset(n for n, p in enumerate(people) if p.kind in missing)
                yield Lack(unmet, Block.DUTIES, number, fitting=fitting)
