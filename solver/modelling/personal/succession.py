"""Turns that nobody should have on a day and the next: what the two rules about them share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from models.people import Succession
from models.report import Breach
from models.vocabulary import Ban, Part
from solver.modelling.choices import Block
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading


class SuccessionRule(Rule):
    """Base class of the rules about successions that are forbidden, and that are not wished."""

    ban: ClassVar[Ban]
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    def applies_to(self, facts: Facts) -> bool:
        """Whether a row is of this kind."""
        return bool(self._rows(facts))

    def encode(self, model: Model) -> None:
        """Not both a turn of the one kind and, on the day after it, one of the other."""
        facts = model.facts
        width = (
            len(facts.days) + 1
        )  # group: the first of the two days, from the day before the month
        for row in self._rows(facts):
            bound = np.ones(len(facts.people) * width, dtype=np.int64)
            for person, day, is_first in _settled(facts, row):
                at = day + 1 if is_first else day
                if 0 <= at < width:
                    bound[person * width + at] = 0
            first = _marks(model, row.part, row.post, width, 1)
            then = _marks(model, row.next_part, row.next_post, width, 0)
            group, column = (np.concatenate(pair) for pair in zip(first, then, strict=True))
            model.at_most(self, group, column, bound, amount=np.full(len(bound), row.weight))

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Look from each day to the next."""
        for row in self._rows(facts):
            for person in facts.people:
                count = _times(facts, plan, person.id, row)
                if count:
                    zh = f"{person.name}有 {count} 次前一天{_zh(row.part, row.post)}、次日{_zh(row.next_part, row.next_post)}"
                    en = f"{person.name}: {count} unwanted successions of turns"
                    yield self.breach(person.id, count * row.weight, zh, en)

    def _rows(self, facts: Facts) -> list[Succession]:
        return [row for row in facts.instance.successions if row.ban is self.ban]


def _marks(
    model: Model, part: Part | None, post: str | None, width: int, shift: int
) -> tuple[Ints, Ints]:
    """Return group and mark of the days on which somebody has such a turn; day 0 is in group ``shift``."""
    slots = model.facts.slots
    fits = np.array([_fits(s.part, s.post.id, part, post) for s in slots], dtype=bool)
    (choices,) = model.choices_of({Block.DUTIES})
    held = choices.holding()
    held = held.where(fits[held.demand])
    return model.marks(held.person * width + held.half // 3 + shift, held.column)


def _settled(facts: Facts, row: Succession) -> Iterator[tuple[int, int, bool]]:
    """Yield person and day (0 the month's first) of turns around it that are of the row, and which of the two."""
    for person, things in facts.settled.items():
        for thing in things if person in facts.person_idx else ():
            day = (thing.day - facts.days[0]).days
            if thing.is_turn and day < 0 and _fits(thing.part, thing.post, row.part, row.post):
                yield facts.person_idx[person], day, True
            later = _fits(thing.part, thing.post, row.next_part, row.next_post)
            if thing.is_turn and day > 0 and later:
                yield facts.person_idx[person], day, False


def _times(facts: Facts, plan: Reading, person: str, row: Succession) -> int:
    """Count the pairs of days, one of them in the month, on which a succession happens."""
    turns: list[tuple[dt.date, Part, str | None]] = [
        (turn.slot.date, turn.slot.part, turn.slot.post.id) for turn in plan.turns_of(person)
    ]
    ours = {day for day, _, _ in turns}
    around = (thing for thing in facts.settled.get(person, ()) if thing.is_turn)
    turns += [(thing.day, thing.part, thing.post) for thing in around]
    first = {day for day, part, post in turns if _fits(part, post, row.part, row.post)}
    then = {day for day, part, post in turns if _fits(part, post, row.next_part, row.next_post)}
    one = dt.timedelta(days=1)
    return sum(day + one in then and bool({day, day + one} & ours) for day in first)


def _fits(part: Part, post: str | None, asked_part: Part | None, asked_post: str | None) -> bool:
    return asked_part in (None, part) and asked_post in (None, post)


def _zh(part: Part | None, post: str | None) -> str:
    return f"{part.label if part else ''}{post or ''}班"
