"""Runs: what decides an answer, where it is kept, and that nothing is solved twice."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from models.instance import Instance
from models.roster import Roster
from scenarios.whatif import runs as runs_module
from scenarios.whatif.runs import (
    Run,
    RunResult,
    RunState,
    RunStep,
    Shelf,
    Workers,
    answer_to,
    carry_out,
)
from solver.limits import Stage
from tests.factories import tiny_instance
from tests.scenarios.asking import ONE, answered, prepared

CAPS = """[[scenario]]
name = "上限 {cap}"
grid = { cap = [1, 2, 5] }
[[scenario.change]]
do = "cap"
most = "{cap}"
"""
ADVISERS = 'stage = "advisers"'


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    """The base, two scenarios, and one that changes nothing."""
    return prepared(tiny_instance(), CAPS, ADVISERS)[2]


@pytest.fixture(scope="module")
def answers(runs: list[Run]) -> dict[str, RunResult]:
    return answered(runs)


def test_scenarios_start_from_the_base_and_one_that_changes_nothing_is_the_base(runs: list[Run]):
    base, one, two, same = runs
    assert (base.start, one.start, two.start) == ("", base.key, base.key)
    assert same is base
    assert len({run.key for run in runs}) == 3


def test_the_key_is_of_everything_that_decides_the_answer_and_of_nothing_else(runs: list[Run]):
    run = runs[1]
    limits = run.limits
    others = [
        replace(run, instance=runs[2].instance),
        replace(run, start=""),
        replace(run, stage=Stage.ALL),
        replace(run, limits=replace(limits, seed=2)),
        replace(run, limits=replace(limits, seconds=61)),
        replace(run, limits=replace(limits, deterministic=False)),
    ]
    assert len({run.key, *(other.key for other in others)}) == 7
    same = replace(run, limits=replace(limits, workers=8, cluster="tcp://127.0.0.1:1"))
    assert same.key == run.key
    # the same content read from another file, its rows in another order
    rows = run.instance.model_copy(update={"people": run.instance.people[::-1]})
    assert replace(run, instance=rows).key == run.key


def test_what_is_kept_is_not_solved_again(
    runs: list[Run], answers: dict[str, RunResult], tmp_path: Path
):
    shelf, steps = Shelf(tmp_path), []
    for run in runs[:2]:
        shelf.put(run, answers[run.key])
    # nobody to solve it: everything else is on the shelf
    found = carry_out(runs[:2], shelf, Workers(workers=0), steps.append)
    assert found == {run.key: answers[run.key] for run in runs[:2]}
    assert [(step.run, step.state) for step in steps] == [(run, RunState.KEPT) for run in runs[:2]]


def test_a_crew_solves_what_is_missing_and_every_answer_is_kept(
    runs: list[Run], answers: dict[str, RunResult], tmp_path: Path
):
    shelf, steps = Shelf(tmp_path / "deep" / "runs"), list[RunStep]()
    shelf.put(runs[0], answers[runs[0].key])
    found = carry_out(runs, shelf, Workers(workers=2), steps.append)
    assert rosters(found) == rosters(answers)
    assert {run.key: shelf.get(run) for run in runs} == found
    states = [step.state for step in steps]
    assert states.count(RunState.SOLVED) == states.count(RunState.STARTED) == 2
    names = {path.name for path in shelf.of(runs[1]).iterdir()}
    assert names == {"input.json", "run.json", "roster.json", "report.json"}


def test_processes_left_over_help_inside_the_last_runs():
    assert [Workers(workers=4).inside(calls) for calls in (9, 4, 3, 2, 1)] == [1, 1, 1, 2, 4]
    assert Workers(workers=4, cluster="tcp://127.0.0.1:1").inside(1) == 1


def rosters(answers: dict[str, RunResult]) -> dict[str, Roster | None]:
    return {key: answer.roster for key, answer in answers.items()}


@pytest.mark.parametrize("file", ["report.json", "roster.json"])
def test_an_answer_that_cannot_be_read_is_no_answer(
    file: str, runs: list[Run], answers: dict[str, RunResult], tmp_path: Path
):
    shelf, run = Shelf(tmp_path), runs[0]
    shelf.put(run, answers[run.key])
    whole = (shelf.of(run) / file).read_bytes()
    (shelf.of(run) / file).write_bytes(whole[: len(whole) // 2])
    assert shelf.get(run) is None
    shelf.put(run, answers[run.key])
    assert shelf.get(run) == answers[run.key]


def test_an_answer_to_another_input_is_no_answer(
    runs: list[Run], answers: dict[str, RunResult], tmp_path: Path
):
    shelf = Shelf(tmp_path)
    shelf.put(runs[1], answers[runs[1].key])
    shutil.move(shelf.of(runs[1]), shelf.of(runs[2]))
    assert shelf.get(runs[2]) is None


def test_what_a_killed_program_left_half_written_is_cleared(
    runs: list[Run], answers: dict[str, RunResult], tmp_path: Path
):
    shelf, run = Shelf(tmp_path), runs[0]
    left = tmp_path / f".{run.key}-left"
    left.mkdir()
    (left / "roster.json").write_text("{")
    assert shelf.get(run) is None
    shelf.put(run, answers[run.key])
    assert [path.name for path in tmp_path.iterdir()] == [run.key]


def pinned_far_away() -> Instance:
    """L003 is the fixed adviser of a village that a circle of no minutes leaves outside."""
    pin = {"kind": "adviser", "target": "410105001001", "person": "L003"}
    return tiny_instance(pins=[pin])


def test_what_the_solver_will_not_start_is_kept_with_its_reasons(tmp_path: Path):
    change = 'do = "circle"\neverywhere = 0\nhard = true'
    _, _, (base, run) = prepared(pinned_far_away(), ONE + change, ADVISERS)
    answer = answer_to(run, answer_to(base, None).roster)
    assert (answer.roster, answer.report) == (None, None)
    assert [issue.code for issue in answer.issues] == ["pin_breaks_rule"]
    shelf = Shelf(tmp_path)
    shelf.put(run, answer)
    assert shelf.get(run) == answer


def dies_once(run: Run, start: Roster | None) -> RunResult:
    """Solve, but let the first worker that comes here be killed in the middle of it."""
    try:
        Path(os.environ["ZHIBAN_TEST_GRAVE"]).touch(exist_ok=False)
    except FileExistsError:
        return answer_to(run, start)
    assert multiprocessing.parent_process() is not None
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def test_a_killed_worker_costs_time_and_no_answer(
    runs: list[Run],
    answers: dict[str, RunResult],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("ZHIBAN_TEST_GRAVE", str(tmp_path / "grave"))
    monkeypatch.setattr(runs_module, "answer_to", dies_once)
    found = carry_out(runs[:2], Shelf(tmp_path / "runs"), Workers(workers=1))
    assert (tmp_path / "grave").exists()
    assert rosters(found) == {run.key: answers[run.key].roster for run in runs[:2]}
