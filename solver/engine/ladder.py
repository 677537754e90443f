"""The ladder: goal after goal, each solved to its own bound and then held.

A rung goes: linear programme (bound, near-whole values) -> CP-SAT on what lies within one
hop of a fraction, the rest fixed, first along short rows and then along longer ones ->
where a gap is left, HiGHS on the whole of a county, or on one county of many after the other
and on neighbours together. Columns whose reduced cost exceeds the gap can never move in a plan
that good; they are fixed for the rungs that follow, which therefore get smaller and smaller.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import Flags, Ints
from models.goals import TOLERANCE, Goal, GoalResult
from solver.engine.cp_sat import constrain
from solver.engine.face import SLACK, face
from solver.engine.greedy import Demands, construct
from solver.engine.groups import Groups, amounts
from solver.engine.highs import WHOLE, Effort, branch, restrict
from solver.engine.linear import Relaxed, relax
from solver.engine.matrix import Matrix
from solver.engine.rung import Rung, neighbourhoods, one_hop

HOPS: tuple[int, ...] = (20, 80, 10**9)
"""Row lengths along which fractions are repaired, shortest first: a county's preference rung
took CP-SAT 0.8 s along rows of up to 20 columns and 6.9 s along all (7.0 s with HiGHS)."""


MOVES: tuple[int, ...] = (0, 10, 20, 40)
"""Row lengths along which a plan moves towards the linear programme, none first. On the largest
county of Yunnan the last goal went 689 -> 268 -> 256 -> 238 -> 231 in 60 s, where HiGHS on all
columns found nothing in 65 s."""

FIRST = (Goal.PRIORITY, Goal.COVERAGE, Goal.TIERS, Goal.OVERLOAD, Goal.WAIVABLE)
"""Goals that rarely stand in each other's way: what everybody must have."""

OPENING = 100
"""How much more each of the first goals weighs than the next where they are tried together."""

REPAIR_SHARE, BRANCH_SHARE, GROUP_SHARE = 0.15, 0.6, 0.05
"""Share of the time left that one repair, the search, or one step of it, may take: later goals
need theirs, but a goal left with a gap makes the next one the harder."""

BRIEF_SHARE, REGROUP_SHARE = 0.1, 0.3
"""Share of the time left for a first search of the whole, and for groups of people where it ends without proof."""

GROUP_SIZES = (4, 8)
"""People planned anew together: of a county whose hours bind, four take CP-SAT a moment, eight a second."""

GROUP_SECONDS, PATIENCE, GROUPS = 1.0, 20, 400
"""Seconds for one group; groups in a row without gain before larger ones are drawn; groups at most."""

LEAN = 10
"""How much more a unit of a goal weighs than all one choice may take of a limit."""

REPAIRED = 60_000
"""Columns beyond which moving county by county gives more than one engine on all of them."""

REPAIR_FLOOR, BRANCH_FLOOR = 2.0, 0.5
"""Seconds an engine may take even when the time is up, if the grace of the effort is no shorter; a
linear programme may take all of the grace. A goal without it and one repair keeps whatever the goal
before left, which on a city was 100 times its bound; both take a second or two on a county."""


@dataclass(frozen=True)
class Progress:
    """What a watcher sees while a rung is solved."""

    stage: str
    goal: Goal
    value: int
    bound: float
    seconds: float

    @property
    def gap(self) -> float:
        """(value - bound) / max(1, |value|)."""
        return relative_gap(self.value, self.bound)


OnProgress = Callable[[Progress], None]


def relative_gap(value: float, bound: float) -> float:
    """Return (value - bound) / max(1, |value|), never below 0."""
    return max(0.0, value - bound) / max(1.0, abs(value))


class Ladder:
    """Climbs the goals of one stage; ``values`` is always the best feasible plan so far.

    Parameters
    ----------
    stage
        Name shown with the goals.
    matrix
        Rows and bounds.
    start
        A feasible point.
    effort
        Limits for the whole stage.
    on_progress
        Told of every better value or bound.
    regions
        County of each column, -1 for those of none.
    owners
        Person of each column, -1 for those of none: whose choices are made anew together.
    """

    def __init__(
        self,
        stage: str,
        matrix: Matrix,
        start: Ints,
        effort: Effort,
        on_progress: OnProgress,
        regions: Ints | None = None,
        owners: Ints | None = None,
    ) -> None:
        self.stage = stage
        self.values = start
        nobody = np.full(len(start), -1, dtype=np.int64)
        self._regions = nobody if regions is None else regions
        self._owners = nobody if owners is None else owners
        self._unheld = matrix
        self.results: list[GoalResult] = []
        self._held: list[tuple[Ints, int]] = []
        self._is_face = False
        self._matrix = matrix
        self._effort = effort
        self._began = time.monotonic()
        self._on_progress = on_progress

    @property
    def box(self) -> tuple[Ints, Ints]:
        """Bounds of the columns that every plan as good as this one, goal by goal, keeps."""
        return self._matrix.lower, self._matrix.upper

    def climb(
        self, prices: Iterable[tuple[Goal, Ints]], reached: Iterable[GoalResult] = ()
    ) -> None:
        """Solve each goal in turn and hold what it reached; ``reached`` are proven at the start."""
        known = {result.name: result for result in reached if result.gap == 0}
        asked = [(goal, price) for goal, price in prices if price.any()]
        self._open([(goal, price) for goal, price in asked if goal in FIRST and goal not in known])
        for goal, price in asked:
            if goal in known and known[goal].value == int(price @ self.values):
                self.results.append(known[goal])
                self._hold(price, known[goal].value + TOLERANCE[goal])
            else:
                self._rung(goal, price)

    def _open(self, prices: Sequence[tuple[Goal, Ints]]) -> None:
        """Try the first goals together: mostly all can be had, and each then needs no work.

        Only a start: what each goal reached is proven on its own rung.
        """
        lower = self._matrix.lower
        if len(prices) < 2 or all(p @ self.values == p @ lower for _, p in prices):
            return
        weighed = (p * OPENING**n for n, (_, p) in enumerate(reversed(prices)))
        together = sum(weighed, np.zeros_like(lower))
        rung = Rung(self._matrix, together)
        relaxed = relax(rung.part, rung.price, self._left(1.0, self._effort.grace))
        if relaxed is not None:
            self._accept(together, rung.lift(np.rint(relaxed.values).astype(np.int64)))
            self._repair(prices[-1][0], rung, relaxed, HOPS[0])

    def _rung(self, goal: Goal, price: Ints) -> None:
        began = time.monotonic()
        self._is_face = False
        value, floor = int(price @ self.values), int(price @ self._matrix.lower)
        bound, engine = float(floor), "bound"
        if value > floor:
            bound, engine = self._solve(goal, price)
        value = int(price @ self.values)
        seconds = time.monotonic() - began
        self.results.append(
            GoalResult(
                name=goal.value,
                zh=goal.label,
                stage=self.stage,
                value=value,
                bound=bound,
                gap=relative_gap(value, bound),
                seconds=round(seconds, 3),
                engine=engine,
            )
        )
        self._tell(goal, value, bound)
        self._hold(price, value + TOLERANCE[goal], self._is_face)

    def _solve(self, goal: Goal, price: Ints) -> tuple[float, str]:
        rung = Rung(self._matrix, price)
        relaxed = relax(rung.part, rung.price, self._left(1.0, self._effort.grace))
        if relaxed is None:
            if self._is_late():
                return float(price @ self._matrix.lower), "bound"
            return self._branch(rung, None, float(price @ self._matrix.lower)), "HiGHS"
        bound = float(relaxed.bound + rung.offset)
        self._tell(goal, int(price @ self.values), bound)
        self._accept(price, rung.lift(np.rint(relaxed.values).astype(np.int64)))
        engine = "LP"
        if price @ self.values > bound:
            bound, engine = self._close_gap(goal, rung, relaxed, bound)
        self._prune(rung, relaxed)
        return bound, engine

    def _close_gap(
        self, goal: Goal, rung: Rung, relaxed: Relaxed, bound: float
    ) -> tuple[float, str]:
        """Bring value and bound together, the quickest engine first; return bound and engine."""
        price, engine = rung.whole_price, "LP+CP-SAT"
        for longest in HOPS:
            if price @ self.values > bound and (longest == HOPS[0] or not self._is_late()):
                self._repair(goal, rung, relaxed, longest)
        if price @ self.values <= bound or self._is_late():
            return bound, engine
        if goal in FIRST and len(rung.free) <= REPAIRED:
            relaxed = self._leanest(rung, relaxed)
            self._fill_up(goal, rung, relaxed)
        for longest in MOVES:
            while price @ self.values > bound and self._move_towards(rung, relaxed, longest):
                engine = "HiGHS"
        if price @ self.values > bound:
            return self._settle(goal, rung, relaxed, bound), "HiGHS"
        return bound, engine

    def _repair(self, goal: Goal, rung: Rung, relaxed: Relaxed, longest: int) -> None:
        """Let CP-SAT round what is fractional and its neighbours along rows up to ``longest``."""
        free = one_hop(rung.part, np.abs(relaxed.values - np.rint(relaxed.values)) > WHOLE, longest)
        if free.sum() > REPAIRED:
            return
        whole = np.rint(relaxed.values).astype(np.int64)
        part, price, offset = restrict(rung.part, rung.price, whole, free)
        bound = float(relaxed.bound + rung.offset)

        def tell(value: int, _: float) -> None:
            self._tell(goal, value + offset + rung.offset, bound)

        answer = constrain(part, price, self._left(REPAIR_SHARE, REPAIR_FLOOR), on_solution=tell)
        if answer.values is not None:
            whole[free] = answer.values
            self._accept(rung.whole_price, rung.lift(whole))

    def _settle(self, goal: Goal, rung: Rung, relaxed: Relaxed, bound: float) -> float:
        """Search the whole, and groups of people where that ends without proof; return the bound.

        What everybody must have is searched in groups before the whole is given long: where hours
        bind, a search of the whole finds no plan in any time.
        """
        price = rung.whole_price
        if goal in FIRST:
            bound = self._branch(rung, relaxed, bound, BRIEF_SHARE)
            self._regroup(rung, relaxed, bound)
        if price @ self.values > bound:
            bound = self._search(rung, relaxed, bound)
        if goal not in FIRST:
            self._regroup(rung, relaxed, bound)
        return bound

    def _leanest(self, rung: Rung, relaxed: Relaxed) -> Relaxed:
        """Return the answer, of those as good, that takes least of everybody's limits.

        Without a price, hours are wasted: where they bind, no rounding of such an answer fits.
        """
        taken = amounts(self._unheld)[rung.free]
        price = rung.price * LEAN * (int(taken.max(initial=0)) + 1) + taken
        lean = relax(rung.part, price, self._left(REPAIR_SHARE, REPAIR_FLOOR))
        return relaxed if lean is None else replace(relaxed, values=lean.values)

    def _fill_up(self, goal: Goal, rung: Rung, relaxed: Relaxed) -> None:
        """Keep what is whole in the linear programme and fill what lacks with what takes least."""
        matrix, fillers = self._matrix, self._matrix.fillers
        whole = matrix.close(rung.lift(np.floor(relaxed.values + WHOLE).astype(np.int64)))
        priced = (rung.whole_price[fillers.column] > 0) & (fillers.sign > 0)
        rows = np.unique(fillers.row[priced])
        demands = Demands(rows, amounts(self._unheld), np.zeros(len(matrix.low), dtype=bool))
        prices = [(goal, rung.whole_price)]
        self._accept(rung.whole_price, construct(matrix, prices, whole, demands))

    def _move_towards(self, rung: Rung, relaxed: Relaxed, longest: int) -> bool:
        """Let HiGHS move what the linear programme would move, and its neighbours; say if it got better.

        Unlike a repair this always holds a plan, the present one (relaxation induced
        neighbourhood search: Danna, Rothberg, Le Pape 2005, doi 10.1007/s10107-004-0518-7).
        """
        now = self.values[rung.free]
        differs: Flags = np.abs(relaxed.values - now) > WHOLE
        near = one_hop(rung.part, differs, longest) & self._open_columns(rung, relaxed)
        effort = (
            self._left(REPAIR_SHARE, REPAIR_FLOOR)
            if longest == 0
            else self._branching(REPAIR_SHARE)
        )
        return self._move(rung, differs | near, effort)

    def _move(self, rung: Rung, free: Flags, effort: Effort) -> bool:
        """Let HiGHS choose the free columns anew, the rest as it is; say if the plan got better."""
        now, before = self.values[rung.free], int(rung.whole_price @ self.values)
        part, price, _ = restrict(rung.part, rung.price, now, free)
        answer = branch(part, price, effort)
        if answer.values is None:
            return False
        moved = now.copy()
        moved[free] = answer.values
        self._accept(rung.whole_price, rung.lift(moved))
        return int(rung.whole_price @ self.values) < before

    def _regroup(self, rung: Rung, relaxed: Relaxed, bound: float) -> None:
        """Let CP-SAT plan a few people anew, group after group, while time is left and it helps."""
        if len(rung.free) > REPAIRED or (self._owners[rung.free] < 0).all():
            return
        taken = amounts(self._unheld)[rung.free]
        groups = Groups(rung.part, self._owners[rung.free], taken, self._effort.seed)
        until = time.monotonic() + self._branching(REGROUP_SHARE).seconds
        sizes, misses = list(GROUP_SIZES), 0
        for _ in range(GROUPS):
            is_late = not self._effort.deterministic and time.monotonic() > until
            if is_late or rung.whole_price @ self.values <= bound or not sizes:
                return
            drawn = groups.draw(self.values[rung.free], rung.price, sizes[0])
            if drawn is not None and self._plan_anew(rung, relaxed, *drawn):
                misses = 0
                continue
            misses += 1
            if misses == PATIENCE:
                sizes, misses = sizes[1:], 0

    def _plan_anew(self, rung: Rung, relaxed: Relaxed, free: Flags, ties: Ints) -> bool:
        """Let CP-SAT choose the free columns anew from the present plan; say if it got better.

        Of equal plans the one with less in ``ties`` is taken.
        """
        now, before = self.values[rung.free], int(rung.whole_price @ self.values)
        free = free & (self._open_columns(rung, relaxed) | (now != np.rint(relaxed.values)))
        price = rung.price * (int(ties @ rung.part.upper) + 1) + ties
        part, price_of_free, _ = restrict(rung.part, price, now, free)
        effort = replace(self._effort, seconds=GROUP_SECONDS)
        answer = constrain(part, price_of_free, effort, hint=now[free])
        if answer.values is None:
            return False
        moved, whole_price = now.copy(), np.zeros_like(rung.whole_price)
        moved[free], whole_price[rung.free] = answer.values, price
        self._accept(whole_price, rung.lift(moved))
        return int(rung.whole_price @ self.values) < before

    def _search(self, rung: Rung, relaxed: Relaxed, bound: float) -> float:
        """Branch on the whole of a county; of many counties, on one after the other."""
        groups = neighbourhoods(rung.part, self._regions[rung.free])
        if len(groups) <= 1 or len(rung.free) <= REPAIRED:
            return self._branch(rung, relaxed, bound)
        until = time.monotonic() + self._branching(BRANCH_SHARE).seconds
        waiting = deque(groups)
        while waiting and rung.whole_price @ self.values > bound and time.monotonic() < until:
            group = waiting.popleft()
            if self._move_within(rung, relaxed, group):
                waiting += [other for other in groups if other & group and other not in waiting]
        return bound

    def _move_within(self, rung: Rung, relaxed: Relaxed, group: frozenset[int]) -> bool:
        """Let HiGHS move what lies in a group of counties, the rest as it is; say if it got better."""
        now = self.values[rung.free]
        is_open = self._open_columns(rung, relaxed) | (now != np.rint(relaxed.values))
        free: Flags = is_open & np.isin(self._regions[rung.free], sorted(group))
        return self._move(rung, rung.part.with_fillers(free), self._branching(GROUP_SHARE))

    def _open_columns(self, rung: Rung, relaxed: Relaxed) -> Flags:
        """Return the columns that a plan as good as this one may move from the linear programme's bound."""
        gap = float(rung.whole_price @ self.values) - (relaxed.objective + rung.offset)
        is_open: Flags = np.abs(relaxed.reduced) <= gap + SLACK
        return is_open

    def _branch(
        self, rung: Rung, relaxed: Relaxed | None, bound: float, share: float = BRANCH_SHARE
    ) -> float:
        """Let HiGHS search all columns that are open; it starts without a plan, so it is told which."""
        part, price, fixed = rung.part, rung.price, 0
        free: Flags = np.ones(len(rung.free), dtype=bool)
        whole = np.zeros(len(rung.free), dtype=np.int64)
        if relaxed is not None:
            free, whole = (
                self._open_columns(rung, relaxed),
                np.rint(relaxed.values).astype(np.int64),
            )
            part, price, fixed = restrict(rung.part, rung.price, whole, free)
        answer = branch(part, price, self._branching(share))
        if answer.values is not None:
            whole[free] = answer.values
            self._accept(rung.whole_price, rung.lift(whole))
        proven = float(np.ceil(answer.bound + fixed - WHOLE)) + rung.offset
        return max(bound, min(proven, float(rung.whole_price @ self.values)))

    def _accept(self, price: Ints, values: Ints) -> None:
        """Keep ``values`` if they are better and hold every row in whole numbers."""
        closed = self._matrix.close(values)
        is_better = price @ closed < price @ self.values and self._matrix.admits(closed)
        if is_better and all(held @ closed <= most for held, most in self._held):
            self.values = closed

    def _hold(self, price: Ints, most: int, is_face: bool = False) -> None:
        """Bind all later rungs to ``price @ x <= most``; a face needs no row for it."""
        matrix = self._matrix
        if most == int(price @ matrix.lower):
            upper = np.where(price > 0, matrix.lower, matrix.upper)
            self._matrix = replace(matrix, upper=upper)
        elif is_face:
            self._held.append((price, most))
        else:
            self._matrix = matrix.with_row(price, high=most)

    def _prune(self, rung: Rung, relaxed: Relaxed) -> None:
        """Keep to the plans as good as this one, as far as the linear programme tells them."""
        gap = float(rung.whole_price @ self.values) - (relaxed.objective + rung.offset)
        self._matrix, self._is_face = face(self._matrix, rung, relaxed, gap)

    def _branching(self, share: float) -> Effort:
        return self._left(share, min(BRANCH_FLOOR, self._effort.seconds))

    def _left(self, share: float, floor: float) -> Effort:
        floor = min(floor, self._effort.grace)
        left = self._effort.seconds - self._spent()
        return replace(self._effort, seconds=max(floor, share * left))

    def _is_late(self) -> bool:
        """Say whether the grace is over too, so that a goal may have its first steps and no more."""
        return self._spent() > self._effort.seconds + self._effort.grace

    def _spent(self) -> float:
        return 0.0 if self._effort.deterministic else time.monotonic() - self._began

    def _tell(self, goal: Goal, value: int, bound: float) -> None:
        seconds = time.monotonic() - self._began
        self._on_progress(Progress(self.stage, goal, value, bound, seconds))
