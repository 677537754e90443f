"""Location: published optima of p-median and p-centre, and small questions tried out in full."""

from __future__ import annotations

import itertools
import random
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse.csgraph import floyd_warshall

from models.arrays import Ints
from models.goals import Goal
from solver.engine import exchanged
from solver.engine.highs import Effort
from solver.engine.location import Catchment, Located, Location, Staff

FOLDER = Path(__file__).parents[2] / "literature"
EFFORT = Effort(60)
NONE = np.zeros(0, dtype=np.int64)
GOALS = (Goal.PRIORITY, Goal.COVERAGE, Goal.TRAVEL)


@cache
def literature(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def distances(name: str) -> tuple[Ints, int]:
    """Return all distances of a published problem and the number of its sites."""
    numbers = np.array(literature(name)["numbers"].split(), dtype=np.int64)
    vertices, _, sites = numbers[:3].tolist()
    length = np.full((vertices, vertices), np.inf)
    for one, other, far in (numbers[3:].reshape(-1, 3) - [1, 1, 0]).tolist():
        length[one, other] = length[other, one] = far
    np.fill_diagonal(length, 0)
    return floyd_warshall(length).astype(np.int64), sites


def anybody(sites: int) -> Staff:
    """Return staff of which no site asks anything."""
    return Staff(NONE, NONE, np.zeros(sites, dtype=np.int64), NONE)


def published(name: str, within: int | None = None) -> Located:
    """Locate the sites of a published problem, each vertex reached within a radius."""
    length, new = distances(name)
    count = len(length)
    demand, site = np.indices(length.shape).reshape(2, -1)
    reach = Catchment(demand, site, length.ravel())
    near = reach if within is None else reach.where(reach.minutes <= within)
    every, none = np.full(count, count), np.zeros(count, dtype=np.int64)
    ones = np.ones_like(none)
    asked = Location(ones, none, near, none > 0, every, none, anybody(count))
    return exchanged.locate(asked, new, EFFORT)


@pytest.mark.parametrize("name", ["pmed1", "pmed5"])
def test_published_median_is_found_and_proven(name: str) -> None:
    found = published(name)
    length, sites = distances(name)
    assert found.value(Goal.TRAVEL) == found.bound(Goal.TRAVEL) == literature(name)["median"]
    assert found.value(Goal.COVERAGE) == 0
    assert length[:, found.opened].min(axis=1).sum() == literature(name)["median"]
    assert len(found.opened) == sites


@pytest.mark.parametrize("name", ["pmed1", "pmed5"])
def test_published_radius_is_the_least_that_covers_all(name: str) -> None:
    radius = literature(name)["radius"]
    assert published(name, radius).value(Goal.COVERAGE) == 0
    # one vertex is left at least, proven, where the sites reach one unit less far
    assert published(name, radius - 1).bound(Goal.COVERAGE) >= 1


def small(seed: int) -> Location:
    """Return up to 5 demands, 1 standing and 3 new sites, 2 groups of people and 1 duty."""
    draw = random.Random(seed)
    demands, sites = draw.randint(2, 5), 4
    every = list(itertools.product(range(demands), range(sites)))
    pairs = np.array(draw.sample(every, draw.randint(3, len(every)))).T
    most = [draw.choice([1, 2, demands]) for _ in range(sites)]
    least = [0, *(draw.choice([0, 0, 3]) for _ in range(sites - 1))]
    tasks = list(itertools.product(range(2), range(1, sites + 1)))
    staff = np.array(draw.sample(tasks, draw.randint(1, len(tasks)))).T
    turns = np.array([0, *(draw.randint(0, 2) for _ in range(sites))])
    return Location(
        weight=np.array([draw.randint(1, 4) for _ in range(demands)]),
        matters=np.array([draw.randint(0, 3) for _ in range(demands)]),
        reach=Catchment(pairs[0], pairs[1], np.array([draw.randint(0, 9) for _ in pairs[0]])),
        stands=np.arange(sites) < 1,
        most=np.array(most),
        least=np.array(least),
        staff=Staff(staff[0], staff[1], turns, np.array([draw.randint(0, 3) for _ in range(2)])),
    )


def short_of(asked: Location, opened: tuple[int, ...]) -> int | None:
    """Return the turns that duties lack, None if the new sites cannot have theirs; every way is tried."""
    staff, sites = asked.staff, len(asked.stands)
    turns = [(task, n) for task in (*opened, sites) for n in range(int(staff.turns[task]))]
    able = set(zip(staff.group.tolist(), staff.task.tolist(), strict=True))
    options = [[None, *(g for g in range(2) if (g, task) in able)] for task, _ in turns]
    best: int | None = None
    for taken in itertools.product(*options):
        within = all(taken.count(g) <= staff.room[g] for g in range(2))
        lacking = [task for (task, _), group in zip(turns, taken, strict=True) if group is None]
        if within and set(lacking) <= {sites}:
            best = len(lacking) if best is None else min(best, len(lacking))
    return best


def services(asked: Location, opened: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Yield weight left and weight × minutes of every way to use open sites, standing or new."""
    demands, use = len(asked.weight), {0, *opened}
    minutes = {
        (d, s): m
        for d, s, m in zip(
            asked.reach.demand.tolist(),
            asked.reach.site.tolist(),
            asked.reach.minutes.tolist(),
            strict=True,
        )
    }
    # one that is left counts like one at the end of its reach
    far = [max((m for (d, _), m in minutes.items() if d == n), default=0) for n in range(demands)]
    options = [[None, *(s for s in use if (d, s) in minutes)] for d in range(demands)]
    for taken in itertools.product(*options):
        users = {s: [d for d, site in enumerate(taken) if site == s] for s in use}
        fits = all(len(users[s]) <= asked.most[s] for s in use)
        busy = all(sum(asked.matters[d] for d in users[s]) >= asked.least[s] for s in use)
        if fits and busy:
            left = sum(asked.weight[d] for d, site in enumerate(taken) if site is None)
            ways = (minutes[d, s] if s is not None else far[d] for d, s in enumerate(taken))
            yield int(left), int(sum(w * way for w, way in zip(asked.weight, ways, strict=True)))


def best(asked: Location, new: int) -> tuple[int, int, int]:
    """Return the least duties short, weight left and travel, in this order, trying everything."""
    found = []
    for size in range(new + 1):
        for opened in itertools.combinations((1, 2, 3), size):
            short = short_of(asked, opened)
            if short is not None:
                found += [(short, left, way) for left, way in services(asked, opened)]
    return min(found)


@pytest.mark.parametrize("seed", [*range(40), 375, 710])
def test_small_questions_are_answered_as_by_trying_everything(seed: int) -> None:
    asked, new = small(seed), seed % 4
    found = asked.locate(new, EFFORT)
    assert tuple(found.value(goal) for goal in GOALS) == best(asked, new)
    assert [found.bound(goal) for goal in GOALS] == [found.value(goal) for goal in GOALS]
    assert len(found.opened) <= new
    assert short_of(asked, tuple(found.opened.tolist())) == found.value(Goal.PRIORITY)
    served = np.flatnonzero(found.site_of >= 0)
    assert int(asked.weight.sum() - asked.weight[served].sum()) == found.value(Goal.COVERAGE)
    assert set(found.site_of[served].tolist()) <= {0, *found.opened.tolist()}


def test_nobody_to_serve_it_keeps_a_site_closed() -> None:
    reach = Catchment(np.array([0, 1, 1]), np.array([0, 0, 1]), np.array([5, 5, 5]))
    ones, none = np.ones(2, dtype=np.int64), np.zeros(2, dtype=np.int64)
    turns = np.array([1, 1, 2])
    # one person with two turns: the duty there is asks for both, then there are none for a site
    busy = Staff(np.array([0, 0]), np.array([0, 2]), turns, np.array([2]))
    asked = Location(ones, none, reach, none > 0, np.full(2, 2), none, busy)
    assert asked.locate(2, EFFORT).opened.tolist() == []
    free = Staff(np.array([0, 0]), np.array([0, 2]), turns, np.array([3]))
    asked = Location(ones, none, reach, none > 0, np.full(2, 2), none, free)
    assert asked.locate(2, EFFORT).opened.tolist() == [0]


def test_a_demand_brings_its_matters_to_one_site_alone() -> None:
    reach = Catchment(np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1]), np.zeros(4, dtype=np.int64))
    ones, matters, least = np.ones(3, dtype=np.int64), np.array([1, 2, 1]), np.array([3, 3])
    asked = Location(ones, matters, reach, least < 0, np.array([2, 2]), least, anybody(2))
    found = asked.locate(2, EFFORT)
    assert (found.value(Goal.COVERAGE), found.bound(Goal.COVERAGE), len(found.opened)) == (1, 1, 1)


def plain(seed: int) -> Location:
    """Return a small question in which no site has a limit of its own."""
    asked = small(seed)
    return replace(
        asked,
        most=np.full_like(asked.most, len(asked.weight)),
        least=np.zeros_like(asked.least),
    )


@pytest.mark.parametrize("seed", range(60))
def test_exchange_holds_its_bounds_and_who_serves(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small questions, answered by exchange as large ones are, beside the proven answer."""
    asked, new = plain(seed), seed % 4
    best = asked.locate(new, EFFORT)
    monkeypatch.setattr(exchanged, "LARGE", -1)
    found = exchanged.locate(asked, new, EFFORT)
    assert short_of(asked, tuple(found.opened.tolist())) == best.value(Goal.PRIORITY)
    assert found.value(Goal.PRIORITY) == best.value(Goal.PRIORITY)
    assert len(found.opened) <= new
    for goal in (Goal.COVERAGE, Goal.TRAVEL):
        assert found.bound(goal) <= best.value(goal)
    reached = found.value(Goal.COVERAGE), found.value(Goal.TRAVEL)
    assert reached >= (best.value(Goal.COVERAGE), best.value(Goal.TRAVEL))
    assert int(asked.weight[found.site_of < 0].sum()) == found.value(Goal.COVERAGE)


@pytest.mark.parametrize("name", ["pmed1", "pmed5"])
def test_exchange_comes_to_within_a_two_hundredth_of_published_medians(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanged, "LARGE", -1)
    found, best = published(name), literature(name)["median"]
    assert found.bound(Goal.TRAVEL) <= best <= found.value(Goal.TRAVEL) <= 1.005 * best
    assert found.bound(Goal.TRAVEL) >= 0.97 * best
