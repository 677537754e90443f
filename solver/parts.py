"""A stage in parts: what shares no row is climbed apart, side by side where that pays.

People serve inside their areas, so the model of a city falls into counties and mediators into
townships. Goals are sums over parts; the best plan goal by goal is the best plan of each part
goal by goal, so values and bounds simply add up and nothing is lost.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from models.report import GoalResult
from models.travel import Ints
from solver.engines import Effort, restrict
from solver.goals import Goal
from solver.ladder import Ladder, OnProgress, Progress, relative_gap
from solver.model import Matrix

SMALL = 3_000
"""Parts below this many columns are put together: a rung costs more to start than to solve."""

WORTH_A_PROCESS = 60_000
"""Columns of a whole stage below which a second process costs more than it saves."""

Prices = Sequence[tuple[Goal, Ints]]


@dataclass(frozen=True)
class Part:
    """Some columns of a stage, with everything a ladder needs."""

    columns: Ints
    matrix: Matrix
    prices: Prices
    start: Ints


@dataclass(frozen=True)
class Climbed:
    """What a ladder reached in one part."""

    values: Ints
    results: tuple[GoalResult, ...]


class Parts:
    """Climbs all parts of a stage; ``values`` is always the best plan of the whole so far."""

    def __init__(
        self,
        stage: str,
        matrix: Matrix,
        prices: Prices,
        start: Ints,
        effort: Effort,
        on_progress: OnProgress,
    ) -> None:
        self.stage = stage
        self.values = start.copy()
        self._prices = [(goal, price) for goal, price in prices if price.any()]
        self._parts = list(split(matrix, self._prices, start))
        self._effort = effort
        self._on_progress = on_progress
        self._began = time.monotonic()
        self._reached: dict[int, tuple[GoalResult, ...]] = {}

    @property
    def results(self) -> list[GoalResult]:
        """Goals reached in at least one part: values and bounds added up over all parts."""
        return [
            result
            for goal, price in self._prices
            if (result := self._total(goal, price)) is not None
        ]

    def climb(self) -> None:
        """Climb every part, then again with the time left those that kept a gap.

        An interrupt leaves what was reached until then.
        """
        processes = min(self._effort.workers, len(self._parts))
        if processes > 1 and len(self.values) >= WORTH_A_PROCESS:
            with _pool(processes) as pool:
                self._side_by_side(pool, processes, list(range(len(self._parts))))
                self._side_by_side(pool, processes, self._worth_another_try())
        else:
            self._one_by_one(list(range(len(self._parts))))
            self._one_by_one(self._worth_another_try())

    def _worth_another_try(self) -> list[int]:
        """Return the parts with a gap, if more time is left for them than they have had."""
        if self._effort.deterministic:
            return []
        gaps = {n: r for n, r in self._reached.items() if any(result.gap > 0 for result in r)}
        spent = sum(result.seconds for results in gaps.values() for result in results)
        return sorted(gaps) if self._left() > 1.2 * spent else []

    def _one_by_one(self, numbers: list[int]) -> None:
        for at, number in enumerate(numbers):
            part, effort = self._parts[number], self._effort_for(numbers[at:], workers=1)
            ladder = Ladder(self.stage, part.matrix, part.start, effort, self._watch(number))
            try:
                ladder.climb(part.prices)
            finally:
                self._keep(number, Climbed(ladder.values, tuple(ladder.results)))

    def _side_by_side(self, pool: Executor, workers: int, numbers: list[int]) -> None:
        """Keep ``workers`` parts under way; each is given its share of the time then left."""
        waiting = deque(numbers)
        running: dict[Future[Climbed], int] = {}
        while waiting or running:
            while waiting and len(running) < workers:
                effort = self._effort_for(list(waiting), workers)
                number = waiting.popleft()
                task = pool.submit(climb_part, self.stage, self._parts[number], effort)
                running[task] = number
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                self._keep(running.pop(future), future.result())
            self._tell()

    def _effort_for(self, numbers: list[int], workers: int) -> Effort:
        """Return the share of the time left of the first of ``numbers``, by columns among them."""
        if self._effort.deterministic:
            return self._effort
        ahead = sum(len(self._parts[number].columns) for number in numbers)
        share = min(1.0, workers * len(self._parts[numbers[0]].columns) / max(1, ahead))
        return replace(self._effort, seconds=max(1.0, self._left() * share))

    def _left(self) -> float:
        return self._effort.seconds - (time.monotonic() - self._began)

    def _keep(self, number: int, climbed: Climbed) -> None:
        """Take what a part reached, unless an earlier try got further or was better goal by goal."""
        before = self._reached.get(number, ())
        is_as_far = len(climbed.results) >= len(before)
        if not before or (is_as_far and _rank(climbed.results) < _rank(before)):
            self.values[self._parts[number].columns] = climbed.values
            self._reached[number] = climbed.results

    def _watch(self, number: int) -> OnProgress:
        """Show a part's step as one of the whole; alone, it is the whole."""
        rest = self.values.copy()
        rest[self._parts[number].columns] = 0
        offsets = {goal: int(price @ rest) for goal, price in self._prices}
        bounds = {goal: self._bound(goal, without=number) for goal, _ in self._prices}

        def tell(step: Progress) -> None:
            value, bound = step.value + offsets[step.goal], step.bound + bounds[step.goal]
            seconds = time.monotonic() - self._began
            self._on_progress(replace(step, value=value, bound=bound, seconds=seconds))

        return tell

    def _tell(self) -> None:
        for r in self.results:
            goal = Goal[r.name.upper()]
            self._on_progress(
                Progress(self.stage, goal, r.value, r.bound, time.monotonic() - self._began)
            )

    def _bound(self, goal: Goal, without: int = -1) -> float:
        return sum(
            result.bound
            for number, results in self._reached.items()
            for result in results
            if number != without and result.name == goal.value
        )

    def _total(self, goal: Goal, price: Ints) -> GoalResult | None:
        mine = [r for results in self._reached.values() for r in results if r.name == goal.value]
        if not mine:
            return None
        value, bound = int(price @ self.values), self._bound(goal)
        return GoalResult(
            name=goal.value,
            zh=goal.label,
            stage=self.stage,
            value=value,
            bound=bound,
            gap=relative_gap(value, bound),
            seconds=round(sum(result.seconds for result in mine), 3),
            engine=max((result.engine for result in mine), key=ENGINES.index),
        )


ENGINES = ("bound", "LP", "LP+CP-SAT", "HiGHS")
"""Engines from the lightest to the heaviest; a goal names the heaviest that any part needed."""


def _rank(results: tuple[GoalResult, ...]) -> tuple[tuple[int, float], ...]:
    """Return what to compare two tries by: value, then gap, goal after goal."""
    return tuple((result.value, result.gap) for result in results)


def climb_part(stage: str, part: Part, effort: Effort) -> Climbed:
    """Climb one part in this process."""
    ladder = Ladder(stage, part.matrix, part.start, effort, lambda _: None)
    ladder.climb(part.prices)
    return Climbed(ladder.values, tuple(ladder.results))


def split(matrix: Matrix, prices: Prices, start: Ints) -> Iterator[Part]:
    """Yield the parts of a stage, largest first; small ones are put together."""
    for columns in _groups(matrix):
        free = np.zeros(len(start), dtype=bool)
        free[columns] = True
        part, _, _ = restrict(matrix, start, start, free)
        own = [(goal, price[columns]) for goal, price in prices]
        yield Part(columns, part, own, start[columns])


def _groups(matrix: Matrix) -> list[Ints]:
    """Return column numbers by part, in a fixed order."""
    rows, columns = matrix.rows.shape
    if not columns:
        return []
    entries = matrix.rows.tocoo()
    size = rows + columns
    links = np.ones(entries.nnz), (entries.row, rows + entries.col)
    graph = sparse.coo_array(links, shape=(size, size)).tocsr()
    _, label = connected_components(graph, directed=False)
    own = label[rows : rows + columns]
    order = np.argsort(own, kind="stable")
    cuts = np.flatnonzero(np.diff(own[order])) + 1
    found = sorted(np.split(order, cuts), key=lambda group: (-len(group), int(group[0])))
    large = [np.sort(group) for group in found if len(group) >= SMALL]
    small = [group for group in found if len(group) < SMALL]
    bins: list[list[Ints]] = []
    filled = SMALL
    for group in small:
        if filled + len(group) > SMALL:
            bins.append([])
            filled = 0
        bins[-1].append(group)
        filled += len(group)
    return [*large, *(np.sort(np.concatenate(members)) for members in bins)]


@contextmanager
def _pool(processes: int) -> Iterator[Executor]:
    """Offer a process pool; an interrupt kills its processes, which hear none themselves.

    Waiting for them instead took over two minutes on a city.
    """
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(processes, initializer=_ignore_interrupts) as pool:
        try:
            yield pool
        except KeyboardInterrupt:
            for child in set(multiprocessing.active_children()) - others:
                child.kill()
            raise  # the pool finds itself broken and joins the dead on leaving


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the parent, which keeps what was reached."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
