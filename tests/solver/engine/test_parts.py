"""Parts of a stage: what an interrupt leaves, what a dead worker costs, what a cut loses."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.goals import LADDER, Goal, GoalResult
from models.instance import Instance
from scenarios.generator.catalogue import load
from scenarios.generator.generate import generate
from scenarios.generator.sizes import SIZES
from solver.engine import parts as parts_module
from solver.engine.greedy import FULL
from solver.engine.highs import Effort, branch, restrict
from solver.engine.ladder import FIRST, Progress
from solver.engine.linear import relax
from solver.engine.parts import PartResult, Parts, Task, climb_part
from solver.engine.split import StagePart
from solver.modelling.facts import Facts
from solver.modelling.stages import pinned_start, seats_model
from solver.profiles import load_rules


def stage(
    instance: Instance | None = None,
    on_progress: Any = lambda step: None,
    **effort: Any,
) -> Parts:
    facts = Facts(instance or load("township"), "2026-12")
    model = seats_model(facts, load_rules("default"))
    matrix = model.matrix()
    prices = [(goal, model.price(goal)) for goal in LADDER]
    start = pinned_start(model, matrix)
    whole = StagePart(np.arange(len(start)), matrix, prices, start, model.regions(), model.owners())
    return Parts("seats", whole, Effort(**({"seconds": 60} | effort)), on_progress)


@cache
def three_counties() -> Instance:
    """Three counties of one city, made up; one adviser in five serves the next county too."""
    whole = generate("3205", SIZES["L"], 1)
    counties = sorted({area.id for area in whole.areas if area.level == "county"})[:3]
    areas = {a.id for a in whole.areas if a.id in counties or a.parent in counties}
    areas |= {a.id for a in whole.areas if a.level == "city"}
    people = [p for p in whole.people if p.area in areas and (p.is_adviser or p.kind == "mediator")]
    crossing = {
        p.id: (*p.serves_areas, counties[(counties.index(p.serves_areas[0]) + 1) % 3])
        for p in people[::5]
        if p.kind != "mediator" and p.serves_areas[0] in counties
    }
    kept = {p.id for p in people}
    villages = [v for v in whole.villages if v.area in areas]
    tables = {
        "areas": [a for a in whole.areas if a.id in areas],
        "people": [
            p.model_copy(update={"serves_areas": crossing.get(p.id, p.serves_areas)})
            for p in people
        ],
        "villages": [
            v if v.adviser in kept else v.model_copy(update={"adviser": None}) for v in villages
        ],
        "sites": (),
        "posts": (),
        "leave": (),
        "wishes": (),
        "conflicts": (),
        "ledger": (),
        "lectures": (),
    }
    return whole.model_copy(update={name: tuple(rows) for name, rows in tables.items()})


def values_of(parts: Parts) -> dict[str, int]:
    return {result.name: result.value for result in parts.results}


def slow_but_for_the_first(name: str, task: Task) -> PartResult:
    """Stand for an engine that hears no signal: the largest part answers, the others do not."""
    if len(task.part.columns) < 30:
        time.sleep(120)
    return PartResult(task.part.start, ())


def dies_once(name: str, task: Task) -> PartResult:
    """Climb, but let the first worker that comes here be killed in the middle of it."""
    try:
        Path(os.environ["ZHIBAN_TEST_GRAVE"]).touch(exist_ok=False)
    except FileExistsError:
        return climb_part(name, task)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def dies_always(name: str, task: Task) -> PartResult:
    """Kill every worker; only the parent, which has no parent pool, can climb."""
    if multiprocessing.parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return climb_part(name, task)


def test_interrupted_second_try_keeps_the_finished_first() -> None:
    whole = stage()
    start = whole.values.copy()
    whole.climb()
    values, results = whole.values.copy(), whole.results
    for number, part in enumerate(whole._parts):
        whole._keep(number, PartResult(start[part.columns], ()))
    assert whole.values.tolist() == values.tolist()
    assert whole.results == results


def test_interrupt_ends_the_processes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_module, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr("solver.engine.split.SMALL", 1)
    monkeypatch.setattr(parts_module, "climb_part", slow_but_for_the_first)
    told: list[Progress] = []
    whole = stage(on_progress=told.append, workers=2)
    assert len(whole._parts) > 1
    monkeypatch.setattr(whole, "_tell", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        whole.climb()
    assert time.monotonic() - began < 60  # the children sleep for 120 s
    assert multiprocessing.active_children() == []


@pytest.mark.slow
@pytest.mark.parametrize("killer", [dies_once, dies_always])
def test_killed_worker_costs_no_result(
    killer: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    alone = stage(three_counties(), deterministic=True)
    alone.climb()
    monkeypatch.setattr(parts_module, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr(parts_module, "climb_part", killer)
    monkeypatch.setenv("ZHIBAN_TEST_GRAVE", str(tmp_path / "grave"))
    pool = stage(three_counties(), deterministic=True, workers=2, cut=0)
    apart = stage(three_counties(), deterministic=True, cut=0)
    assert len(pool._parts) >= 3
    pool.climb()
    monkeypatch.setattr(parts_module, "climb_part", climb_part)
    apart.climb()
    assert pool.values.tolist() == apart.values.tolist()
    assert pool.results[0].value == alone.results[0].value


def test_cut_at_borders_states_what_the_borders_won() -> None:
    whole, cut = stage(three_counties(), seconds=120), stage(three_counties(), seconds=120, cut=0)
    whole.climb()
    cut.climb()
    assert not any(result.is_cut for result in whole.results)
    assert all(result.is_cut for result in cut.results)
    best, reached = values_of(whole), values_of(cut)
    first = next(name for name in best if best[name] != reached[name]) if best != reached else ""
    assert not first or reached[first] > best[first]  # lexicographic: whole is never worse
    for result in cut.results:
        apart = result.value + result.border_gain
        assert apart >= result.bound or result.border_gain < 0
    assert cut._whole.matrix.admits(cut.values)


def test_without_time_every_goal_is_told_and_the_plan_is_kept() -> None:
    late = stage(three_counties(), seconds=0.001, grace=0.0)
    start = late.values.copy()
    late.climb()
    assert late._whole.matrix.admits(late.values)
    assert [goal for goal, _ in late._whole.prices] == [Goal[r.name.upper()] for r in late.results]
    before = [int(price @ start) for _, price in late._whole.prices]
    assert [result.value for result in late.results] <= before
    assert all(result.bound <= result.value for result in late.results)


def test_nothing_left_to_move_is_solved() -> None:
    whole = stage()
    part = whole._parts[0]
    _, price = part.prices[0]
    none = np.zeros(len(price), dtype=bool)
    matrix, rest, _ = restrict(part.matrix, price, part.start, none)
    answer, relaxed = branch(matrix, rest, Effort(1)), relax(matrix, rest, Effort(1))
    assert answer.values is not None
    assert (len(answer.values), answer.bound) == (0, 0)
    assert relaxed is not None
    assert (len(relaxed.values), relaxed.bound) == (0, 0)


def test_time_left_over_goes_to_the_widest_gap_first() -> None:
    parts = stage(seconds=100)
    parts._parts, parts._weights = [parts._parts[0]] * 3, dict.fromkeys(range(3), 1.0)
    gaps = {0: (10, 9.0), 1: (40, 10.0), 2: (5, 5.0)}
    for number, (value, bound) in gaps.items():
        told = GoalResult(
            name="travel", zh="", stage="seats", value=value, bound=bound, gap=0, seconds=1
        )
        parts._reached[number] = (told.model_copy(update={"gap": (value - bound) / value}),)
    tried: list[list[int]] = []
    given: dict[int, float] = {}

    def run(numbers: list[int], goals: Any) -> None:
        tried.append(numbers)
        given.update({n: parts._share(numbers[at:], 1, goals) for at, n in enumerate(numbers)})

    parts._climb_with(run)
    assert tried[-1] == [1, 0]
    assert given[1] == pytest.approx(100 * 30 / 31, abs=1)


def test_goals_reached_first_are_the_first_of_the_ladder() -> None:
    """A goal left out between them would be held to what a later one closed, and its bound be false."""
    assert LADDER[: len(FIRST)] == FIRST
    assert LADDER[: len(FULL)] == FULL
