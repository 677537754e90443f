"""Answers a question of location: by branch and bound, or by exchange where it has too many pairs."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import maximum_flow

from models.arrays import Flags, Ints
from models.goals import Goal
from solver.engine.highs import Effort
from solver.engine.interchange import WORTH, Exchange
from solver.engine.location import Located, Location, Reached

LARGE = 150_000
"""Pairs above which the linear programme alone may take more than a minute."""


def locate(asked: Location, new: int, effort: Effort) -> Located:
    """Open at most ``new`` sites; see ``Location.locate``.

    Large questions are answered by exchange, within the seconds, if no site has a limit of its own.
    """
    if len(asked.reach) <= LARGE or asked.is_choosy.any():
        return asked.locate(new, effort)
    return _ByExchange(asked, new, effort).located()


class _ByExchange:
    """A large question: tables of what each demand costs at each site, the last one nobody's.

    ``left`` is the weight that a site leaves, ``way`` the weight × minutes, of what is left at the
    end of its reach. A better plan leaves less, then travels less.
    """

    def __init__(self, asked: Location, new: int, effort: Effort) -> None:
        self._asked, self._seed = asked, effort.seed
        self._start, self._seconds = time.monotonic(), effort.seconds
        reach, weight = asked.reach, asked.weight
        shape = len(weight), len(asked.stands) + 1
        furthest = np.zeros(len(weight), dtype=np.int64)
        np.maximum.at(furthest, reach.demand, reach.minutes)
        minutes = np.repeat(furthest[:, None], shape[1], axis=1)
        minutes[reach.demand, reach.site] = reach.minutes
        is_left = np.ones(shape, dtype=np.int64)
        is_left[reach.demand, reach.site] = 0
        self._way, self._left = weight[:, None] * minutes, weight[:, None] * is_left
        self._step = int((weight * furthest).sum()) + 1
        self._duties = self._served(np.zeros(0, dtype=np.int64))
        stands = np.append(asked.stands, True)
        cost = self._left * self._step + self._way
        self._question = Exchange(cost, stands, new, self.may_open, self._unstaffed())

    def located(self) -> Located:
        """Return the best plan found, with a bound of each goal."""
        question = self._question
        first = question.improved(question.built(), self._until(0.4))
        left, way = self._values(first)
        bounds = self._bound(self._left, left, 0.5), self._bound(self._way, way, 0.7)

        def enough(value: int) -> bool:
            left, way = divmod(value, self._step)
            return left <= bounds[0] and way - bounds[1] <= WORTH * way

        opened = question.searched(first, self._until(0.9), self._seed, enough)
        return self._plan(opened, bounds)

    def may_open(self, opened: Ints) -> bool:
        """Say whether new sites have their turns without any more lacking at the duties there are."""
        turns = int(self._asked.staff.turns[opened].sum())
        return not turns or self._served(opened) == self._duties + turns

    def _bound(self, cost: Ints, value: int, share: float) -> float:
        question = replace(self._question, cost=cost)
        return question.bound(value, self._until(share)) if value and question.new else float(value)

    def _plan(self, opened: Ints, bounds: tuple[float, float]) -> Located:
        is_open = np.append(self._asked.stands, True)
        is_open[opened] = True
        sites = np.flatnonzero(is_open)
        nearest = sites[self._question.cost[:, sites].argmin(axis=1)]
        is_left = self._left[np.arange(len(nearest)), nearest] > 0
        site_of = np.where(is_left | (nearest == len(self._asked.stands)), -1, nearest)
        left, way = self._values(opened)
        lacking = int(self._asked.staff.turns[len(self._asked.stands) :].sum()) - self._duties
        goals = {
            Goal.PRIORITY: Reached(lacking, lacking),
            Goal.COVERAGE: Reached(left, min(left, bounds[0])),
            Goal.TRAVEL: Reached(way, min(way, bounds[1])),
        }
        return Located(np.sort(opened[np.isin(opened, site_of)]), site_of, goals)

    def _values(self, opened: Ints) -> tuple[int, int]:
        return divmod(self._question.value(opened), self._step)

    def _until(self, share: float) -> float:
        return self._start + share * self._seconds

    def _unstaffed(self) -> Flags:
        """Return the sites that have no turns even alone, by counting who could take them."""
        staff, count = self._asked.staff, len(self._asked.stands)
        room = np.bincount(staff.task, weights=staff.room[staff.group], minlength=count)[:count]
        return np.append(~self._asked.stands & (room < staff.turns[:count]), False)

    def _served(self, opened: Ints) -> int:
        """Return how many turns of some new sites and of the duties there are people can take."""
        staff = self._asked.staff
        asked = np.zeros_like(staff.turns)
        asked[opened] = staff.turns[opened]
        asked[len(self._asked.stands) :] = staff.turns[len(self._asked.stands) :]
        pairs = asked[staff.task] > 0
        group, task = staff.group[pairs], staff.task[pairs]
        groups, tasks = np.arange(len(staff.room)), np.flatnonzero(asked)
        first, source, sink = len(groups), len(groups) + len(asked), len(groups) + len(asked) + 1
        tail = np.concatenate([np.full_like(groups, source), group, first + tasks])
        head = np.concatenate([groups, first + task, np.full_like(tasks, sink)])
        most = int(asked.sum())
        room = np.concatenate(
            [staff.room, np.minimum(staff.room[group], asked[task]), asked[tasks]]
        )
        capacity = np.minimum(room, most).astype(np.int32)
        graph = sparse.csr_array((capacity, (tail, head)), shape=(sink + 1, sink + 1))
        return int(maximum_flow(graph, source, sink).flow_value) if most else 0
