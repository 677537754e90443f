"""Turns are shared out evenly, counting what earlier months left."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from models.goals import Goal
from models.report import Breach, Level
from models.vocabulary import DayClass, PersonKind, PostKind
from solver.modelling.choices import Block
from solver.modelling.rule import Rule

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading

TINY = 1e-9
"""Keeps a whole quotient whole in floating point."""

TurnClass = tuple[PostKind, DayClass] | None
"""Duty kind and day class; None stands for all turns together."""


class FairShare(Rule):
    """Each further turn of a duty kind and day class costs more, earlier months counted.

    For each person and class (duty kind, day class), and for all turns together, the n-th turn
    of the month costs floor((b + n - 1) / share[p]), b the turns carried over: those of the last
    ``window_months`` beyond the least in the person's kind. People without a ledger start at the
    mean. Formula: sum over p, class of sum_{n=1..turns} floor((b + n - 1) / share[p]).

    Source: fair share by duty kind (solver notes); QGenda points ledger, share-based; GTM-V
    users: newcomers count from their start; Xiangtan, Huai'an rotas.
    """

    zh: ClassVar[str] = "值班分担均衡"
    en: ClassVar[str] = "fair share of turns"
    blocks: ClassVar[frozenset[Block]] = frozenset({Block.DUTIES})

    level: Level = Level.SOFT
    goal: Goal = Goal.FAIRNESS
    window_months: Annotated[int, Field(ge=0, le=36)] = 6
    steps: Annotated[int, Field(ge=1, le=62)] = 40

    def encode(self, model: Model) -> None:
        """Rising cost per class, and for the total."""
        facts = model.facts
        kinds, classes = list(PostKind), list(DayClass)
        of_slot = [kinds.index(s.post.kind) * 3 + classes.index(s.day_class) for s in facts.slots]
        number = np.array(of_slot, dtype=np.int64)
        for choices in model.choices_of(self.blocks):
            held = choices.holding()
            total = np.full(len(held), len(kinds) * 3)
            for group_class in (number[held.demand], total):
                for name in np.unique(group_class):
                    mine = group_class == name
                    pair = None if name == len(kinds) * 3 else (kinds[name // 3], classes[name % 3])
                    model.rising(
                        self, held.person[mine], held.column[mine], self._costs(facts, pair)
                    )

    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Add up each person's turns class by class."""
        classes: list[TurnClass] = [
            None,
            *sorted({(s.post.kind, s.day_class) for s in facts.slots}),
        ]
        carried = {pair: self.carried(facts, pair) for pair in classes}
        for person in facts.people:
            turns = Counter((t.slot.post.kind, t.slot.day_class) for t in plan.turns_of(person.id))
            for pair in classes:
                count = turns.total() if pair is None else turns[pair]
                before = carried[pair][person.id]
                rungs = (min(nth, self.steps) - 1 + before for nth in range(1, count + 1))
                amount = sum(math.floor(rung / person.share + TINY) for rung in rungs)
                if amount:
                    zh, en = _named(pair)
                    zh = f"{person.name}{zh} {count} 次，往月结转 {before} 次"
                    en = f"{person.name}: {en} {count}, carried {before}"
                    yield self.breach(person.id, amount, zh, en)

    def carried(self, facts: Facts, pair: TurnClass) -> dict[str, int]:
        """Return the turns carried over by each person in a class (None: all turns)."""
        key = (type(self), self.window_months, pair)
        return facts.remember(key, lambda: self._carried(facts, pair))

    def _carried(self, facts: Facts, pair: TurnClass) -> dict[str, int]:
        everyone = facts.instance.people
        served: Counter[str] = Counter()
        earliest = _months_before(facts.month, self.window_months)
        for entry in facts.instance.ledger:
            in_class = pair is None or (entry.kind, entry.day_class) == pair
            if earliest <= entry.month < facts.month:
                served[entry.person] += entry.turns if in_class else 0
        by_kind: dict[PersonKind, list[int]] = {}
        for person in everyone:
            if person.id in served:
                by_kind.setdefault(person.kind, []).append(served[person.id])
        start = {kind: (min(turns), sum(turns) // len(turns)) for kind, turns in by_kind.items()}
        carried = {}
        for person in everyone:
            least, mean = start.get(person.kind, (0, 0))
            carried[person.id] = served.get(person.id, mean) - least
        return carried

    def _costs(self, facts: Facts, pair: TurnClass) -> Ints:
        carried = self.carried(facts, pair)
        before = np.array([carried[person.id] for person in facts.people], dtype=np.float64)
        share = np.array([person.share for person in facts.people])
        nth = np.arange(self.steps)[None, :]
        return np.asarray(np.floor((before[:, None] + nth) / share[:, None] + TINY), dtype=np.int64)


def _named(pair: TurnClass) -> tuple[str, str]:
    if pair is None:
        return "本月值班共", "all turns"
    kind, day_class = pair
    return f"本月{day_class.label}{kind.label}", f"{kind.value} on {day_class.value}"


def _months_before(month: str, count: int) -> str:
    year, number = map(int, month.split("-"))
    index = 12 * year + number - 1 - count
    return f"{index // 12:04d}-{index % 12 + 1:02d}"
