"""Which days each person works: as marks of a model, and as dates read from a roster.

A day is worked where a duty or visit of that date is held; standing by is no work. What is settled
for the days around the month counts, so that stretches of days run across its borders.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.vocabulary import PersonKind, PinKind
from solver.modelling.borders import NEAR
from solver.modelling.choices import Block

if TYPE_CHECKING:
    from models.arrays import Ints
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading
    from solver.modelling.rule import Rule

BLOCKS = frozenset({Block.DUTIES, Block.VISITS})
AROUND = NEAR.days
"""Days before and after the month that a grid shows."""

OFF, WORKED, UNKNOWN = -1, -2, -3
"""What a cell of a grid holds beside the mark of a day that may be worked."""


@dataclass(frozen=True)
class Pattern:
    """Days of which some are worked and some are free, as one stretch of each person's grid.

    ``worked`` and ``free`` are numbers of days from the stretch's first.
    """

    worked: tuple[int, ...]
    free: tuple[int, ...]

    @property
    def length(self) -> int:
        """How many days it spans."""
        return max((*self.worked, *self.free)) + 1


def grid_of(model: Model, exempt: tuple[PersonKind, ...]) -> Ints:
    """Return people × days: the mark of each day of the month, and what is known of the days around.

    Day d of the month stands at ``AROUND`` + d. Of the days on one side of the month something is
    known where something is settled there. Of the exempt nothing is known.
    """
    facts = model.facts
    month = len(facts.days)
    found = np.full((len(facts.people), month + 2 * AROUND), UNKNOWN, dtype=np.int64)
    found[:, AROUND : AROUND + month] = OFF
    for person, days in _settled_numbers(facts):
        if any(day < 0 for day in days):
            found[person, :AROUND] = OFF
        if any(day >= month for day in days):
            found[person, AROUND + month :] = OFF
        found[person, [AROUND + day for day in days]] = WORKED
    parts = [choices.holding() for choices in model.choices_of(BLOCKS)]
    group = [c.person * found.shape[1] + AROUND + c.half // 3 for c in parts]
    column = np.concatenate([c.column for c in parts])
    at, mark = model.marks(np.concatenate(group), column)
    found.ravel()[at] = mark
    found[[person.kind in exempt for person in facts.people]] = UNKNOWN
    return found


def forbid(model: Model, rule: Rule, grid: Ints, pattern: Pattern, amount: int = 1) -> None:
    """Charge ``amount`` for each place where a pattern occurs that has a working day in the month.

    Where a day of the stretch is not known, it is taken not to occur.
    """
    members = np.array((*pattern.worked, *pattern.free), dtype=np.int64)
    coef = np.where(np.arange(len(members)) < len(pattern.worked), 1, -1)
    starts = np.arange(grid.shape[1] - pattern.length + 1)
    cells = grid[:, starts[:, None] + members].reshape(-1, len(members))
    is_open = cells >= 0
    missed = np.where(coef > 0, (cells == OFF), (cells == WORKED)) | (cells == UNKNOWN)
    kept = ~missed.any(axis=1) & (is_open & (coef > 0)).any(axis=1)
    cells, is_open = cells[kept], is_open[kept]
    bound = len(pattern.worked) - 1 - ((cells == WORKED) & (coef > 0)).sum(axis=1)
    at, nth = np.nonzero(is_open)
    price = np.full(len(bound), amount, dtype=np.int64)
    model.at_most(rule, at, cells[at, nth], bound, coef[nth], amount=price)


def worked_dates(facts: Facts, plan: Reading, person: str) -> list[dt.date]:
    """Return the dates on which somebody works, in order, those settled around the month too."""
    own = {turn.slot.date for turn in plan.turns_of(person)}
    own |= {visit.date for visit in plan.visits_of[person]}
    things = facts.settled.get(person, ())
    return sorted(own | {t.day for t in things if t.kind is not PinKind.STANDBY})


def stretches(dates: list[dt.date]) -> Iterator[tuple[dt.date, dt.date]]:
    """Yield first and last day of each run of days without a gap; ``dates`` are in order."""
    first = previous = None
    for day in dates:
        if first is None or previous is None or (day - previous).days > 1:
            if first is not None and previous is not None:
                yield first, previous
            first = day
        previous = day
    if first is not None and previous is not None:
        yield first, previous


def _settled_numbers(facts: Facts) -> Iterator[tuple[int, list[int]]]:
    """Yield the number of each person and of the days worked around the month, 0 its first."""
    for person, things in facts.settled.items():
        days = [(t.day - facts.days[0]).days for t in things if t.kind is not PinKind.STANDBY]
        if person in facts.person_idx and days:
            yield facts.person_idx[person], days
