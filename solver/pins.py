"""Pins as choices of a model, and what the two rules about pins share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.people import Pin
from models.report import Breach
from models.roster import slot_id
from models.travel import Ints
from models.vocabulary import PinKind, Strength
from solver.choices import OF_PEOPLE, Block, Choices
from solver.facts import Facts
from solver.rules.base import Rule

if TYPE_CHECKING:
    from solver.model import Model
    from solver.reading import Reading

BLOCK_OF: dict[PinKind, Block] = {
    PinKind.ADVISER: Block.ADVISERS,
    PinKind.MEDIATOR: Block.MEDIATORS,
    PinKind.DUTY: Block.DUTIES,
    PinKind.STANDBY: Block.DUTIES,
    PinKind.VISIT: Block.VISITS,
}


class PinRule(Rule):
    """What the rules about fixed and about kept pins share."""

    strength: ClassVar[Strength]
    blocks: ClassVar[frozenset[Block]] = OF_PEOPLE

    def encode(self, model: Model) -> None:
        """Ask for each pin's choice."""
        pins = [pin for pin in model.facts.instance.pins if pin.strength is self.strength]
        for choices in model.choices_of(self.blocks):
            group, column, wanted = pinned(model.facts, choices, pins)
            model.at_least(self, group, column, wanted)

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Look each pin up in the plan."""
        for pin in facts.instance.pins:
            if pin.strength is self.strength and in_month(facts, pin) and not plan.has(pin):
                when = f" {pin.date} {pin.part.label}" if pin.date and pin.part else ""
                zh = f"未保留{pin.kind.label} {pin.target}{when} {pin.person}"
                yield self.breach(
                    pin.target, 1, zh, f"{pin.kind.value} pin of {pin.person} is not kept"
                )


def in_month(facts: Facts, pin: Pin) -> bool:
    """Say whether the pin speaks of this month; standing seats always do."""
    return pin.date is None or pin.date in facts.day_idx


def pinned(facts: Facts, choices: Choices, pins: Sequence[Pin]) -> tuple[Ints, Ints, Ints]:
    """Return group numbers, columns and the wanted 1 per pin of this block and month."""
    mine = [pin for pin in pins if BLOCK_OF[pin.kind] is choices.block and in_month(facts, pin)]
    empty = np.zeros(0, dtype=np.int64)
    groups, columns = [empty], [empty]
    for number, pin in enumerate(mine):
        column = choices.column[_asked(facts, choices, pin)]
        columns.append(column)
        groups.append(np.full(len(column), number))
    return np.concatenate(groups), np.concatenate(columns), np.ones(len(mine), dtype=np.int64)


def _asked(facts: Facts, choices: Choices, pin: Pin) -> Ints:
    demand = _demand(facts, pin)
    same = (choices.person == facts.person_idx.get(pin.person, -1)) & (choices.demand == demand)
    same &= choices.standby == (pin.kind is PinKind.STANDBY)
    if pin.kind is PinKind.VISIT and pin.date is not None and pin.part is not None:
        same &= choices.half == facts.half(pin.date, pin.part)
    return np.flatnonzero(same)


def _demand(facts: Facts, pin: Pin) -> int:
    if pin.kind in (PinKind.ADVISER, PinKind.VISIT):
        return facts.village_idx.get(pin.target, -1)
    if pin.kind is PinKind.MEDIATOR:
        return facts.site_idx.get(pin.target, -1)
    if pin.date is None or pin.part is None:
        return -1
    return facts.slot_idx.get(slot_id(pin.target, pin.date, pin.part), -1)
