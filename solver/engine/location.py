"""Location: the best new sites for given demand, with proof and with the people who serve them.

Maximal cover (Church & ReVelle 1974, doi 10.1111/j.1435-5597.1974.tb00902.x) and p-median (ReVelle
& Swain 1970, doi 10.1111/j.1538-4632.1970.tb00142.x) are one question over different pairs: of the
pairs within a circle the first goal serves most and the second travels least among what is served;
of all pairs everybody is served and travel alone decides. Unlike in both, a new site counts only if
people have turns left for it after the duties there are.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import Flags, Ints
from models.goals import Goal
from solver.engine.highs import WHOLE, Effort, branch
from solver.engine.matrix import NO_BOUND
from solver.engine.programme import Priced, Programme

LEAST_SECONDS = 1.0
"""What a goal has even when the time is up."""


@dataclass(frozen=True)
class Catchment:
    """Which demand may use which site: parallel arrays, ``minutes`` one way."""

    demand: Ints
    site: Ints
    minutes: Ints

    def __len__(self) -> int:
        return len(self.demand)

    def where(self, mask: Flags) -> Catchment:
        """Return the pairs where ``mask`` holds."""
        return Catchment(self.demand[mask], self.site[mask], self.minutes[mask])


@dataclass(frozen=True)
class Staff:
    """People who are alike, by group, and the tasks they may take: parallel arrays by pair.

    A ``task`` is the duty at a site, by the site's number, or one of the duties there are, numbered
    from the number of sites on. ``turns`` is what each task asks for (of a site: if it is opened),
    ``room`` how many turns each group can take.
    """

    group: Ints
    task: Ints
    turns: Ints
    room: Ints


@dataclass(frozen=True)
class Location:
    """A question of location: where to open sites beside those that stand.

    By demand: its ``weight`` and its ``matters``. By site: whether it ``stands``, the ``most``
    demands it may serve, and the ``least`` matters that these bring to it if it is open.
    """

    weight: Ints
    matters: Ints
    reach: Catchment
    stands: Flags
    most: Ints
    least: Ints
    staff: Staff

    def locate(self, new: int, effort: Effort) -> Located:
        """Open at most ``new`` sites: most duties kept, then most weight served, then least travel.

        Formula: minimise sum_t e[t], then sum_v w[v]·u[v], over whole y (site open), x (demand uses
        a site that takes only some), z (turns of a group at a task), u (demand left), e (duties
        short) >= 0, with sum_j (y[j] or x[v,j]) + u[v] >= 1, x[v,j] <= y[j],
        sum_v x[v,j] <= most[j]·y[j], sum_v m[v]·x[v,j] >= least[j]·y[j], sum_j x[v,j] <= 1,
        sum of new y[j] <= new, sum_g z[g,j] >= turns[j]·y[j] (new j),
        sum_g z[g,t] + e[t] >= turns[t], sum_t z[g,t] <= room[g]; then, held to both, minimise
        sum_v w[v]·(d[v,1] + sum_n (d[v,n+1] - d[v,n])·f[v,n]) over f[v,n] >= 0, which is 1 where
        nothing within the n-th way d[v,n] serves v: f[v,0] = 1 and
        f[v,n] + sum_{j at d[v,n]} (y[j] or x[v,j]) >= f[v,n-1]; where least[j] binds also
        f[v,n-1] >= f[v,n] and f[v,n-1] >= x[v,j], so that nobody is counted at one site and served
        at another. A demand that is left counts like one at the end of its reach.

        By way and not by pair (Cornuéjols, Nemhauser & Wolsey 1980): with ways in whole minutes a
        county of 276 villages without any site takes seconds, by pair its linear programme alone
        took 40.
        """
        work = _LocationSearch(self, new, effort)
        work.cover()
        work.come_near()
        return work.located()

    @property
    def is_choosy(self) -> Flags:
        """Whether a site cannot just take everybody: who uses it is then decided pair by pair."""
        choosy: Flags = (self.most < len(self.weight)) | (self.least > 0)
        return choosy

    def useful(self) -> Catchment:
        """Return the pairs that a best plan may need.

        Of standing sites that take everybody a demand uses the nearest, and none beyond it, unless
        to bring its matters to a site that needs them.
        """
        reach = self.reach
        is_open = (self.stands & ~self.is_choosy)[reach.site]
        nearest = np.full(len(self.weight), NO_BOUND, dtype=np.int64)
        np.minimum.at(nearest, reach.demand[is_open], reach.minutes[is_open])
        limit = nearest[reach.demand]
        kept = (reach.minutes < limit) | (is_open & (reach.minutes == limit))
        return reach.where(kept | (self.least[reach.site] > 0))


@dataclass(frozen=True)
class Reached:
    """What a goal came to, and the least it can be, those before it held."""

    value: int
    bound: float


@dataclass(frozen=True)
class Located:
    """A plan: the sites opened, the site of each demand (-1: none), value and bound of each goal."""

    opened: Ints
    site_of: Ints
    goals: dict[Goal, Reached]

    def value(self, goal: Goal) -> int:
        """Return what a goal came to; 0 for one that nothing asks for."""
        return self.goals[goal].value if goal in self.goals else 0

    def bound(self, goal: Goal) -> float:
        """Return the least that a goal can be, those before it held."""
        return self.goals[goal].bound if goal in self.goals else 0.0


class _LocationSearch:
    """A question under way: the programme so far and the best plan."""

    def __init__(self, asked: Location, new: int, effort: Effort) -> None:
        self._effort, self._until = effort, time.monotonic() + effort.seconds
        self._asked, self._reach = asked, asked.useful()
        self._programme, self._goals = Programme(), dict[Goal, Reached]()
        is_new = (~asked.stands).astype(np.int64)
        self._open = self._programme.columns(np.ones_like(is_new), 1 - is_new)
        self._programme.at_most(np.array([new]), (np.zeros_like(is_new), self._open, is_new))
        self._short = self._staffed()
        self._used = self._using()
        self._left = self._programme.columns(np.ones_like(asked.weight))
        self._values = self._programme.price(
            (self._open, 1 - is_new), (self._left, 1), (self._short, self._duties)
        )

    def cover(self) -> None:
        """Keep the duties there are, then serve most weight."""
        left = np.arange(len(self._left)), self._left, 1
        used = self._reach.demand, self._used, 1
        self._programme.at_least(np.ones_like(self._left), used, left)
        self._climb(Goal.PRIORITY, (self._short, np.ones_like(self._short)))
        self._climb(Goal.COVERAGE, (self._left, self._asked.weight))

    def come_near(self) -> None:
        """Travel least among what is as good so far."""
        width = int(self._reach.minutes.max(initial=0)) + 1
        key = self._reach.demand * width + self._reach.minutes
        ways, of_pair = np.unique(key, return_inverse=True)
        demand, minutes = ways // width, ways % width
        is_first = np.diff(demand, prepend=-1) > 0
        is_last = np.diff(demand, append=-1) != 0
        further, nth = self._programme.columns(np.ones_like(ways)), np.arange(len(ways))
        later = nth[~is_first]
        found = (nth, further, 1), (of_pair, self._used, 1), (later, further[later - 1], -1)
        self._programme.at_least(is_first.astype(np.int64), *found)
        self._bind(further, is_first, of_pair)
        always = self._programme.columns(np.ones(1, dtype=np.int64), lower=1)
        beyond = (minutes < self._service()[1][demand]).astype(np.int64)
        self._values = np.concatenate([self._values, beyond, np.ones_like(always)])
        weight = self._asked.weight[demand]
        nearest = np.array([weight @ (minutes * is_first)])
        steps = np.diff(minutes, append=0) * ~is_last * weight
        columns, each = np.append(always, further), np.append(nearest, steps)
        self._climb(Goal.TRAVEL, (columns, each))

    def _bind(self, further: Ints, is_first: Flags, way_of_pair: Ints) -> None:
        """Let nothing nearer serve a demand that brings its matters to a site that needs them."""
        brings = (self._asked.least[self._reach.site] > 0) & ~is_first[way_of_pair]
        if not brings.any():
            return
        nth, later = np.arange(int(brings.sum())), np.flatnonzero(~is_first)
        nearer, used = further[way_of_pair[brings] - 1], self._used[brings]
        self._programme.at_least(np.zeros_like(nth), (nth, nearer, 1), (nth, used, -1))
        nth = np.arange(len(later))
        steps = (nth, further[later - 1], 1), (nth, further[later], -1)
        self._programme.at_least(np.zeros_like(nth), *steps)

    def located(self) -> Located:
        """Return the plan; sites that nobody uses stay closed."""
        site_of, _ = self._service()
        opened = np.flatnonzero(np.isin(np.arange(len(self._open)), site_of) & ~self._asked.stands)
        return Located(opened, site_of, self._goals)

    @property
    def _duties(self) -> Ints:
        """Turns of the duties there are."""
        return self._asked.staff.turns[len(self._asked.stands) :]

    def _staffed(self) -> Ints:
        """Ask for the turns of open new sites and of the duties there are; return what these lack."""
        staff, stands, programme = self._asked.staff, self._asked.stands, self._programme
        taken = programme.columns(np.minimum(staff.turns[staff.task], staff.room[staff.group]))
        short = programme.columns(self._duties)
        of_site, site = staff.task < len(stands), np.arange(len(stands))
        asked = staff.turns[: len(stands)] * ~stands
        at_site = staff.task[of_site], taken[of_site], 1
        programme.at_least(np.zeros_like(asked), at_site, (site, self._open, -asked))
        at_duty = staff.task[~of_site] - len(stands), taken[~of_site], 1
        programme.at_least(self._duties, at_duty, (np.arange(len(short)), short, 1))
        programme.at_most(staff.room, (staff.group, taken, 1))
        return short

    def _using(self) -> Ints:
        """Return the column that says of each pair whether the site serves the demand."""
        asked, reach, programme = self._asked, self._reach, self._programme
        used, by_pair = self._open[reach.site], asked.is_choosy[reach.site]
        pairs = reach.where(by_pair)
        own = programme.columns(np.ones_like(pairs.demand))
        used[by_pair] = own
        nth, site = np.arange(len(pairs)), np.flatnonzero(asked.is_choosy)
        at = np.searchsorted(site, pairs.site)
        is_open, none = self._open[site], np.zeros_like(site)
        every = np.arange(len(site))
        programme.at_most(np.zeros_like(own), (nth, own, 1), (nth, self._open[pairs.site], -1))
        programme.at_most(np.ones_like(asked.weight), (pairs.demand, own, 1))
        programme.at_most(none, (at, own, 1), (every, is_open, -asked.most[site]))
        brought = at, own, asked.matters[pairs.demand]
        programme.at_least(none, brought, (every, is_open, -asked.least[site]))
        return used

    def _service(self) -> tuple[Ints, Ints]:
        """Return site and minutes of each demand (-1 and endless: left).

        The nearest that serves it, but the site that needs its matters where it brings them to one.
        """
        used = self._reach.where(self._values[self._used] > 0)
        needs = self._asked.least[used.site] > 0
        order = np.lexsort((-used.minutes, needs))
        site_of = np.full(len(self._left), -1, dtype=np.int64)
        minutes = np.full(len(self._left), NO_BOUND, dtype=np.int64)
        site_of[used.demand[order]] = used.site[order]
        minutes[used.demand[order]] = used.minutes[order]
        return site_of, minutes

    def _climb(self, goal: Goal, priced: Priced) -> None:
        """Reach one goal and hold it for those that follow."""
        columns, each = priced
        matrix, price = self._programme.matrix(), self._programme.price(priced)
        value, bound = int(price @ self._values), float(price @ matrix.lower)
        if value > bound:
            left = max(LEAST_SECONDS, self._until - time.monotonic())
            answer = branch(matrix, price, replace(self._effort, seconds=left))
            bound = max(bound, float(np.ceil(answer.bound - WHOLE)))
            found = answer.values
            if found is not None and price @ found < value and matrix.admits(found):
                self._values, value = found, int(price @ found)
        self._goals[goal] = Reached(value, min(bound, value))
        self._programme.at_most(np.array([value]), (np.zeros_like(columns), columns, each))
