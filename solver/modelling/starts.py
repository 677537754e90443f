"""Starting plans of a solve: built by simple rules, or as much of another plan as is allowed.

A start is a plan to be better than. Every goal is still solved to its own bound, so that it neither
binds the answer nor counts in it, as pins to keep would; it only decides between equally good plans.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy import sparse

from models.arrays import Ints
from models.goals import Goal
from models.report import Level
from models.roster import Roster
from solver.engine.greedy import Demands, Prices, construct
from solver.engine.matrix import NO_BOUND, Matrix
from solver.modelling.demand import DemandRule
from solver.modelling.facts import Facts
from solver.modelling.model import Model
from solver.modelling.stages import pinned_start, taken_columns


def columns_of(model: Model, roster: Roster) -> Ints:
    """Return the columns of what a roster takes and the model offers.

    People, places and slots that are gone are passed over, and so is what no rule offers any more.
    """
    return taken_columns(model, known_part(model.facts, roster))


def start_from(model: Model, matrix: Matrix, columns: Ints) -> Ints:
    """Return the fixed pins and what of another plan goes with them; at worst the pins alone.

    Where a hard limit is exceeded, such as fewer hours, the last choices of its row give way.
    """
    pins = pinned_start(model, matrix)
    taken = np.zeros(len(pins), dtype=bool)
    taken[columns] = True
    kept = _within_limits(matrix, taken, pins)
    return kept if matrix.admits(kept) else pins


def constructed(model: Model, matrix: Matrix, prices: Prices) -> Ints:
    """Return a plan that fills every demand in order of date with the nearest who is free, or a better one."""
    return construct(matrix, prices, pinned_start(model, matrix), _demands(model, matrix))


def unlike(model: Model, columns: Ints) -> Ints:
    """Return the price of each column by which plans are told apart: 1 for a choice that is not among these."""
    price = np.zeros_like(model.price(Goal.LIKENESS))
    for choices in model.choices.values():
        price[choices.column] = 1
    price[columns] = 0
    return price


def known_part(facts: Facts, roster: Roster) -> Roster:
    """Return the rows of a roster whose people, places and slots the facts know."""
    people, villages, sites = facts.person_idx, facts.village_idx, facts.site_idx
    hosts = {None, *villages}
    return Roster(
        month=facts.month,
        advisers=tuple(r for r in roster.advisers if r.village in villages and r.person in people),
        mediators=tuple(r for r in roster.mediators if r.site in sites and r.person in people),
        duties=tuple(r for r in roster.duties if r.slot in facts.slot_idx and r.person in people),
        visits=tuple(
            r
            for r in roster.visits
            if r.village in villages and r.person in people and r.date in facts.day_idx
        ),
        stations=tuple(r for r in roster.stations if r.village in villages and r.host in hosts),
    )


def _demands(model: Model, matrix: Matrix) -> Demands:
    """Return what a clerk goes through: seats, then duties by date, then visits, each nearest first.

    A demand stands at its last half day: a visit may be on any, so visits come after the duties.
    """
    fillers = matrix.fillers
    asked = _columns(t.column for t in model.terms if isinstance(t.rule, DemandRule))
    held = _columns(t.column for t in model.terms if t.rule.level is Level.WAIVABLE)
    row = np.unique(fillers.row[np.isin(fillers.column, asked) & (fillers.sign > 0)])
    half, minutes = _by_column(model, "half", -1), _by_column(model, "minutes", NO_BOUND)
    rows = sparse.csr_array(matrix.rows[row])
    last = np.full(len(row), -1, dtype=np.int64)
    np.maximum.at(last, np.repeat(np.arange(len(row)), np.diff(rows.indptr)), half[rows.indices])
    rank = np.empty_like(half)
    rank[np.lexsort((half, minutes))] = np.arange(len(half))
    kept = np.zeros(len(matrix.low), dtype=bool)
    kept[fillers.row[np.isin(fillers.column, held)]] = True
    return Demands(row[np.argsort(last, kind="stable")], rank, kept)


def _columns(parts: Iterable[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _by_column(model: Model, name: str, otherwise: int) -> Ints:
    """Return a field of the choices by column; columns that are no choice have ``otherwise``."""
    found = np.full(len(model.price(Goal.LIKENESS)), otherwise, dtype=np.int64)
    for choices in model.choices.values():
        found[choices.column] = getattr(choices, name)
    return found


def _within_limits(matrix: Matrix, taken: np.ndarray, pins: Ints) -> Ints:
    """Return the plan of ``taken`` and the pins, less one choice of each row that is too full, again and again."""
    choice = np.zeros(len(pins), dtype=np.int64)
    choice[taken] = 1
    fixed = _choices(matrix, pins)
    choice[fixed] = 1
    while True:
        plan = matrix.close(choice)
        over = np.flatnonzero(np.rint(matrix.rows @ plan).astype(np.int64) > matrix.high)
        loose = [_last_loose(matrix, int(row), choice, fixed) for row in over]
        given_up = sorted({column for column in loose if column >= 0})
        if not given_up:
            return plan
        choice[given_up] = 0


def _choices(matrix: Matrix, plan: Ints) -> np.ndarray:
    """Mark what a plan takes beside slacks and steps, which follow from it."""
    is_taken: np.ndarray = plan > 0
    is_taken[matrix.fillers.column] = False
    return is_taken


def _last_loose(matrix: Matrix, row: int, choice: Ints, fixed: np.ndarray) -> int:
    """Return the last choice that fills a row and is not fixed, -1 if there is none."""
    rows = matrix.unmarked
    span = slice(rows.indptr[row], rows.indptr[row + 1])
    column, coef = rows.indices[span], rows.data[span]
    loose = column[(coef > 0) & (choice[column] > 0) & ~fixed[column]]
    return int(loose.max(initial=-1))
