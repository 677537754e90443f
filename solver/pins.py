"""Pins as choices of a model: which columns a pin asks for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.people import Pin
from models.roster import slot_id
from models.travel import Ints
from models.vocabulary import PinKind
from solver.choices import Block, Choices
from solver.facts import Facts

BLOCK_OF: dict[PinKind, Block] = {
    PinKind.ADVISER: Block.ADVISERS,
    PinKind.MEDIATOR: Block.MEDIATORS,
    PinKind.DUTY: Block.DUTIES,
    PinKind.STANDBY: Block.DUTIES,
    PinKind.VISIT: Block.VISITS,
}


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
