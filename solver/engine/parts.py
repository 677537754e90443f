"""A stage in parts: climbed one by one, or side by side where that pays, then joined.

Every part first reaches what everybody must have, then climbs the rest, so that a plan cut short by time or
Ctrl-C leaves no county empty. Where parts were taken apart at ties, the choices in these are climbed
once more from the plan as it is; where a stage was cut at borders, neighbours are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import Flags, Ints
from models.goals import Goal, GoalResult
from solver.engine.crews import ClusterCrew, Crew, LocalCrew, shared_out
from solver.engine.highs import Effort
from solver.engine.ladder import FIRST, Ladder, OnProgress, Progress, relative_gap
from solver.engine.linear import relax
from solver.engine.rung import neighbourhoods
from solver.engine.split import StagePart, components, split, ties, without

WORTH_A_PROCESS = 60_000
"""Columns of a whole stage below which a second process costs more than it saves."""

TRY_SECONDS = 20
"""Seconds left below which a county that got better is not tried once more."""

FIRST_SHARE, BORDER_SHARE, TIES_SHARE = 0.4, 0.25, 0.05
"""Share of a stage's time for the first goals, and kept for borders and for ties where there are any."""


@dataclass(frozen=True)
class PartResult:
    """What a ladder reached in one part."""

    values: Ints
    results: tuple[GoalResult, ...]
    box: tuple[Ints, Ints] | None = None


@dataclass(frozen=True)
class Task:
    """A climb to do: its start, its goals, and what is already proven."""

    part: StagePart
    reached: tuple[GoalResult, ...]
    effort: Effort


class Parts:
    """Climbs all parts of a stage; ``values`` is always the best plan of the whole so far.

    Parameters
    ----------
    stage
        Name shown with the goals.
    whole
        All columns of the stage.
    effort
        Limits for the whole stage.
    on_progress
        Told of every better value or bound.
    begun
        A plan to start from in place of ``whole.start``, which holds the fixed pins alone and
        decides where the stage is cut.
    """

    def __init__(
        self,
        stage: str,
        whole: StagePart,
        effort: Effort,
        on_progress: OnProgress,
        begun: Ints | None = None,
    ) -> None:
        self.stage = stage
        self._whole = replace(whole, prices=[(g, p) for g, p in whole.prices if p.any()])
        self._ties = self._tying_rows()
        self._parts = split(without(self._whole, self._ties), effort.cut)
        self.values = whole.start.copy() if begun is None else self._inside(begun)
        self._effort = effort
        self._on_progress = on_progress
        self._began = time.monotonic()
        self._reached: dict[int, tuple[GoalResult, ...]] = {}
        self._weights = {n: float(len(part.columns)) for n, part in enumerate(self._parts)}
        self._won: dict[str, int] = {}
        self._across: dict[str, float] = {}
        self._has_borders = np.ones(len(self.values), dtype=bool)
        for part in self._parts:
            self._has_borders[part.columns] = part.is_cut

    def _inside(self, plan: Ints) -> Ints:
        """Return a plan without what lies beyond the borders at which the stage is cut."""
        values = self._whole.start.copy()
        for part in self._parts:
            values[part.columns] = plan[part.columns]
        closed = self._whole.matrix.close(values)
        return closed if self._whole.matrix.admits(closed) else self._whole.start.copy()

    def _tying_rows(self) -> Flags:
        if len(self._whole.columns) < WORTH_A_PROCESS:
            return np.zeros(len(self._whole.matrix.low), dtype=bool)
        return ties(self._whole)

    @property
    def results(self) -> list[GoalResult]:
        """Goals reached in at least one part: values and bounds added up over all parts."""
        totals = (self._total(goal, price) for goal, price in self._whole.prices)
        return [result for result in totals if result is not None]

    def climb(self) -> None:
        """Climb every part, those that kept a gap again with the time left, then the borders.

        An interrupt leaves what was reached until then.
        """
        if self._is_worth_a_crew():
            with self._crew() as crew:
                self._climb_with(lambda numbers, goals: self._side_by_side(crew, numbers, goals))
        else:
            self._climb_with(self._one_by_one)
        self._ease_ties()
        self._improve_borders()

    def _climb_with(self, run: Callable[[list[int], Sequence[Goal]], None]) -> None:
        everything = list(range(len(self._parts)))
        if self._is_shared_out():
            run(everything, FIRST)
        run(everything, tuple(Goal))
        known: dict[int, tuple[GoalResult, ...]] = {}
        while numbers := self._worth_another_try(known):
            known = {number: self._reached[number] for number in numbers}
            self._weights = self._widths()
            run(numbers, tuple(Goal))

    def _is_shared_out(self) -> bool:
        """Say whether no part is most of the stage, which would only be climbed twice."""
        sizes = [len(part.columns) for part in self._parts]
        return len(sizes) > 1 and 2 * max(sizes) <= sum(sizes)

    def _is_worth_a_crew(self) -> bool:
        if self._effort.cluster:
            return True
        is_large = len(self.values) >= WORTH_A_PROCESS
        return is_large and min(self._effort.workers, len(self._parts)) > 1

    def _crew(self) -> Crew:
        if self._effort.cluster:
            return ClusterCrew(self._effort.cluster)
        return LocalCrew(min(self._effort.workers, len(self._parts)))

    def _worth_another_try(self, known: Mapping[int, tuple[GoalResult, ...]]) -> list[int]:
        """Return the parts with a gap, if there is more time for them than they have had.

        What the last try made better is tried again in less: engines search only what a plan as
        good as the present one may move.
        """
        if self._effort.deterministic:
            return []
        widths = self._widths()
        widest = sorted(widths, key=lambda n: (-widths[n], n))
        gaps = {number: self._reached[number] for number in widest}
        spent = sum(result.seconds for r in gaps.values() for result in r if result.gap > 0)
        if not known:
            return widest if self._left() > 1.2 * spent else []
        better = [n for n in widest if n in known and gaps[n] is not known[n]]
        return better if self._left() > TRY_SECONDS else []

    def _widths(self) -> dict[int, float]:
        """Return the parts with gaps, and what these add to the gaps of the whole, over all goals."""
        value = {goal.value: max(1, int(price @ self.values)) for goal, price in self._whole.prices}
        widths = {
            number: sum(max(0.0, r.value - r.bound) / value[r.name] for r in results)
            for number, results in self._reached.items()
        }
        return {number: width for number, width in widths.items() if width > 0}

    def _one_by_one(self, numbers: list[int], goals: Sequence[Goal]) -> None:
        for at, number in enumerate(numbers):
            task = self._task(number, goals, self._share(numbers[at:], 1, goals))
            ladder = _ladder(self.stage, task, self._watch(number))
            try:
                ladder.climb(task.part.prices, task.reached)
            finally:
                self._keep(number, PartResult(ladder.values, tuple(ladder.results), ladder.box))

    def _side_by_side(self, crew: Crew, numbers: list[int], goals: Sequence[Goal]) -> None:
        """Keep the crew busy; a part whose worker died is given to another."""

        def arguments(number: int, waiting: Sequence[int]) -> tuple[str, Task]:
            return self.stage, self._task(number, goals, self._share(waiting, crew.size, goals))

        for number, climbed in shared_out(crew, climb_part, numbers, arguments):
            self._keep(number, climbed)
            self._tell()

    def _ease_ties(self) -> None:
        """Climb the choices in tying rows anew, and if that is not enough, all as one.

        Each part left the weeks of a county that others share to chance; its bound holds without them.
        """
        if self._is_tight():
            return
        choices = np.zeros(len(self.values), dtype=bool)
        choices[self._whole.matrix.rows[np.flatnonzero(self._ties)].indices] = True
        for part in components(
            self._whole.only(self._whole.matrix.with_fillers(choices), self.values)
        ):
            self._climb_more(part)
        if not self._is_tight() and len(self.values) <= self._effort.cut:
            whole = replace(self._whole, start=self.values.copy())
            proven = [r for r in self.results if r.gap == 0]
            for result in self._climb_more(whole, tuple(proven)):
                self._across[result.name] = result.bound
        self._tell()

    def _is_tight(self) -> bool:
        """Say whether no goal is left that ties make worse, or no time."""
        if not self._ties.any() or self._left() <= -self._effort.grace:
            return True
        return all(result.gap == 0 for result in self.results)

    def _climb_more(
        self, part: StagePart, reached: tuple[GoalResult, ...] = ()
    ) -> tuple[GoalResult, ...]:
        """Climb some columns of the whole from the plan as it is; return what they reached."""
        effort = replace(self._effort, seconds=max(1.0, self._left()))
        climbed = climb_part(self.stage, Task(part, reached, effort))
        self.values[part.columns] = climbed.values
        return climbed.results

    def _improve_borders(self) -> None:
        """Climb neighbouring counties of a stage that was cut together, pair after pair."""
        if not any(part.is_cut for part in self._parts) or self._left() <= 0:
            return
        apart = {goal.value: int(price @ self.values) for goal, price in self._whole.prices}
        ties = neighbourhoods(self._whole.matrix, self._whole.regions)
        pairs = [group for group in ties if len(group) > 1]
        for at, pair in enumerate(pairs):
            if self._left() <= 0:
                break
            free = self._around(pair)
            effort = replace(self._effort, seconds=max(1.0, self._left() / (len(pairs) - at)))
            part = self._whole.only(free, self.values)
            climbed = climb_part(self.stage, Task(part, (), effort))
            self.values[part.columns] = climbed.values
        self._won = {
            goal.value: apart[goal.value] - int(price @ self.values)
            for goal, price in self._whole.prices
        }
        self._bound_across()
        self._tell()

    def _bound_across(self) -> None:
        """Bound what a cut leaves open by the linear programme of the whole, while time is left.

        Each goal for plans that are as good in those before it, like any rung.
        """
        matrix = self._whole.matrix
        for goal, price in self._whole.prices:
            value = int(price @ self.values)
            if value > self._bound(goal) and self._left() > 0:
                relaxed = relax(matrix, price, replace(self._effort, seconds=self._left()))
                if relaxed is not None:
                    self._across[goal.value] = relaxed.bound
            matrix = matrix.with_row(price, high=value)

    def _task(self, number: int, goals: Sequence[Goal], seconds: float) -> Task:
        """Return the climb of a part from where it stands."""
        part, reached = self._parts[number], self._reached.get(number, ())
        prices = [(goal, price) for goal, price in part.prices if goal in goals]
        part = replace(part, prices=prices, start=self.values[part.columns])
        return Task(part, reached, replace(self._effort, seconds=seconds))

    def _share(self, numbers: Sequence[int], workers: int, goals: Sequence[Goal]) -> float:
        """Return the seconds for the first of ``numbers``: its share of those left.

        By columns at first; of what is left over, by how wide the gap is.
        """
        if self._effort.deterministic:
            return self._effort.seconds
        left = self._left() * (FIRST_SHARE if tuple(goals) == FIRST else 1.0)
        if self._ties.any():
            left *= 1 - TIES_SHARE
        if any(part.is_cut for part in self._parts):
            left *= 1 - BORDER_SHARE
        ahead = sum(self._weights[number] for number in numbers)
        share = min(1.0, workers * self._weights[numbers[0]] / ahead)
        return max(1.0, left * share)

    def _left(self) -> float:
        spent = 0.0 if self._effort.deterministic else time.monotonic() - self._began
        return self._effort.seconds - spent

    def _keep(self, number: int, climbed: PartResult) -> None:
        """Take what a part reached, unless an earlier try got further or was better goal by goal."""
        before = self._reached.get(number, ())
        shared = min(len(before), len(climbed.results))
        rank, rank_before = _rank(climbed.results), _rank(before)
        is_longer = len(rank) > len(rank_before) and rank[:shared] <= rank_before
        is_better = len(rank) >= len(rank_before) and rank < rank_before
        if is_longer or is_better:
            part = self._parts[number]
            self.values[part.columns] = climbed.values
            if self._ties.any():
                self.values = self._whole.matrix.close(self.values)
            self._reached[number] = climbed.results
            # a plan better in a goal left open may lie outside what later goals closed
            if climbed.box is not None and all(result.gap == 0 for result in climbed.results):
                lower, upper = climbed.box
                matrix = replace(part.matrix, lower=lower, upper=upper)
                self._parts[number] = replace(part, matrix=matrix)

    def _watch(self, number: int) -> OnProgress:
        """Show a part's step as one of the whole; alone, it is the whole."""
        rest = self.values.copy()
        rest[self._parts[number].columns] = 0
        offsets = {goal: int(price @ rest) for goal, price in self._whole.prices}
        bounds = {goal: self._bound(goal, without=number) for goal, _ in self._whole.prices}

        def tell(step: Progress) -> None:
            mine = 0.0 if self._parts[number].is_cut else step.bound
            value, bound = step.value + offsets[step.goal], mine + bounds[step.goal]
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
        """Return a lower bound for every plan of the whole.

        A part with borders bounds nothing but itself: a plan that crosses them may cost less.
        """
        floors = (
            int(price[self._has_borders] @ self._whole.matrix.lower[self._has_borders])
            for asked, price in self._whole.prices
            if asked is goal
        )
        apart = sum(
            result.bound
            for number, results in self._reached.items()
            for result in results
            if number != without and result.name == goal.value and not self._parts[number].is_cut
        )
        return max(apart + next(floors, 0), self._across.get(goal.value, 0.0))

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
            is_cut=any(part.is_cut for part in self._parts),
            border_gain=self._won.get(goal.value, 0),
        )

    def _around(self, pair: Iterable[int]) -> Flags:
        """Mark the choices in some counties and the slacks and steps of their rows."""
        is_near: Flags = np.isin(self._whole.regions, sorted(pair))
        return self._whole.matrix.with_fillers(is_near)


ENGINES = ("bound", "LP", "LP+CP-SAT", "HiGHS")
"""Engines from the lightest to the heaviest; a goal names the heaviest that any part needed."""


def climb_part(stage: str, task: Task) -> PartResult:
    """Climb one part in this process."""
    ladder = _ladder(stage, task, lambda _: None)
    ladder.climb(task.part.prices, task.reached)
    return PartResult(ladder.values, tuple(ladder.results), ladder.box)


def _ladder(stage: str, task: Task, on_progress: OnProgress) -> Ladder:
    part = task.part
    labels = part.regions, part.owners
    return Ladder(stage, part.matrix, part.start, task.effort, on_progress, *labels)


def _rank(results: tuple[GoalResult, ...]) -> tuple[tuple[int, float], ...]:
    """Return what to compare two tries by: value, then gap, goal after goal."""
    return tuple((result.value, result.gap) for result in results)
