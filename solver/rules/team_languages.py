"""A team that is asked for several languages speaks each of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.goals import Goal
from models.report import Breach, Level, UnmetKind
from solver.modelling.choices import Block
from solver.modelling.demand import DemandRule, Lack, missing_on

if TYPE_CHECKING:
    from models.slots import Slot
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class TeamLanguages(DemandRule):
    """On a slot of two or more people, each language of its post is spoken by one of them.

    A slot of one person is content with one of the languages (``language``).
    Formula: for each slot s of two or more people and each language k of its post,
    [no holder of s speaks k].

    Source: Guangdong 12348: Mandarin, Cantonese, Hakka, Teochew; domain notes: dialect needs.
    """

    zh: ClassVar[str] = "同班语种齐全"
    en: ClassVar[str] = "team languages"
    unfit_zh: ClassVar[str] = "不会所缺的语言"
    unfit_en: ClassVar[str] = "do not speak the language that is missing"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    level: Level = Level.WAIVABLE
    goal: Goal = Goal.COVERAGE

    def encode(self, model: Model) -> None:
        """At least one speaker of each language."""
        facts = model.facts
        wanted = [
            (n, word)
            for n, slot in enumerate(facts.slots)
            if slot.head_count > 1
            for word in sorted(set(slot.post.languages))
        ]
        if not wanted:
            return
        none = np.zeros(0, dtype=np.int64)
        for choices in model.choices_of(self.blocks):
            held = choices.holding()
            groups, columns = [none], [none]
            for number, (slot_number, word) in enumerate(wanted):
                speaks = np.array([word in person.languages for person in facts.people], dtype=bool)
                mine = held.column[(held.demand == slot_number) & speaks[held.person]]
                groups.append(np.full(len(mine), number))
                columns.append(mine)
            ones = np.ones(len(wanted), dtype=np.int64)
            model.at_least(self, np.concatenate(groups), np.concatenate(columns), ones)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Ask each team for its languages."""
        for slot in facts.slots:
            for word in _missing(plan, slot):
                what = f"{slot.date} {slot.part.label} {slot.site.name} {slot.post.name}"
                yield self.breach(
                    slot.id, 1, f"{what}无人会{word}", f"{what}: nobody speaks {word}"
                )

    def lacking(self, plan: Reading) -> Iterator[Lack]:
        """Every slot at which nobody speaks one of its languages."""
        for number, slot in enumerate(plan.facts.slots):
            if missing := _missing(plan, slot):
                names = f"会{'、'.join(missing)}的人员", f"speaker of {', '.join(missing)}"
                unmet = missing_on(slot, UnmetKind.LANGUAGE, len(missing), *names)
                speakers = (
                    n
                    for n, person in enumerate(plan.facts.people)
                    if not set(missing).isdisjoint(person.languages)
                )
                yield Lack(unmet, Block.DUTIES, number, fitting=frozenset(speakers))


def _missing(plan: Reading, slot: Slot) -> list[str]:
    """Return the languages of a slot of several people that none of its holders speaks."""
    if slot.head_count < 2:
        return []
    known = plan.facts.instance.person_by_id
    spoken = {word for person in plan.holders[slot.id] for word in known[person].languages}
    return sorted(set(slot.post.languages) - spoken)
