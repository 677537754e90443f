"""Limits of a person's month: which number holds for whom, and which turns it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.people import Limit, Person
from models.vocabulary import LimitKind
from solver.modelling.choices import Block

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading, Sitting


def limits_of(facts: Facts, kind: LimitKind, field: str) -> list[tuple[int, Limit]]:
    """Return the person number and row of each limit of a kind that gives a number, ``least`` or ``most``.

    A row without a person holds for everybody on the duty list who has no row of the same kind,
    post and part.
    """
    rows = [r for r in facts.instance.limits if r.kind is kind and getattr(r, field) is not None]
    own = {(row.person, row.post, row.part) for row in rows}
    found = []
    for row in rows:
        for number, person in enumerate(facts.people):
            is_named = (person.id, row.post, row.part) in own
            if row.person == person.id or (row.person is None and person.is_duty and not is_named):
                found.append((number, row))
    return found


def number_of(rows: list[tuple[int, Limit]], field: str, otherwise: Ints) -> Ints:
    """Return the number that holds for each person, ``otherwise`` where no row says."""
    found = otherwise.copy()
    for person, row in rows:
        found[person] = getattr(row, field)
    return found


def turns_counted(model: Model, rows: list[tuple[int, Limit]]) -> tuple[Ints, Ints]:
    """Return group (the number among ``rows``) and column of each turn that a limit counts."""
    slots = model.facts.slots
    groups, columns = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for choices in model.choices_of({Block.DUTIES}):
        held = choices.holding()
        for number, (person, row) in enumerate(rows):
            counts = [_counts(row, slot.post.id, slot.part) for slot in slots]
            mine = held.where((held.person == person) & np.array(counts, dtype=bool)[held.demand])
            groups.append(np.full(len(mine), number))
            columns.append(mine.column)
    return np.concatenate(groups), np.concatenate(columns)


def turns_held(plan: Reading, person: Person, row: Limit) -> list[Sitting]:
    """Return the turns of a person that a limit counts."""
    turns = plan.turns_of(person.id)
    return [turn for turn in turns if _counts(row, turn.slot.post.id, turn.slot.part)]


def named(row: Limit) -> str:
    """Return what a limit counts, in Chinese."""
    return f"{row.part.label if row.part else ''}{row.post or ''}班次"


def _counts(row: Limit, post: str, part: object) -> bool:
    return row.post in (None, post) and row.part in (None, part)
