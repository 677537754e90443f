"""Parts of a stage: what an interrupt leaves, and what happens to the processes."""

from __future__ import annotations

import multiprocessing
import time
from typing import Any

import numpy as np
import pytest

from scenarios.catalogue import load
from solver import parts as parts_module
from solver.engines import Effort, branch, relax, restrict
from solver.facts import Facts
from solver.goals import LADDER
from solver.ladder import Progress
from solver.parts import Climbed, Parts, Task
from solver.split import Part
from solver.profiles import load_rules
from solver.stages import pinned_start, seats_model


def stage(on_progress: Any = lambda step: None, workers: int = 1) -> Parts:
    model = seats_model(Facts(load("township"), "2026-12"), load_rules("default"))
    matrix = model.matrix()
    prices = [(goal, model.price(goal)) for goal in LADDER]
    effort = Effort(30, workers=workers)
    return Parts("seats", matrix, prices, pinned_start(model, matrix), effort, on_progress)


def slow_but_for_the_first(name: str, part: Part, effort: Effort) -> Climbed:
    """Stand for an engine that hears no signal: the largest part answers, the others do not."""
    if len(part.columns) < 30:
        time.sleep(120)
    return Climbed(part.start, ())


def test_interrupted_second_try_keeps_the_finished_first() -> None:
    whole = stage()
    start = whole.values.copy()
    whole.climb()
    values, results = whole.values.copy(), whole.results
    for number, part in enumerate(whole._parts):
        whole._keep(number, Climbed(start[part.columns], ()))
    assert whole.values.tolist() == values.tolist()
    assert whole.results == results


def test_interrupt_ends_the_processes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_module, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr(parts_module, "SMALL", 1)
    monkeypatch.setattr(parts_module, "climb_part", slow_but_for_the_first)
    told: list[Progress] = []
    whole = stage(told.append, workers=2)
    assert len(whole._parts) > 1
    monkeypatch.setattr(whole, "_tell", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        whole.climb()
    assert time.monotonic() - began < 60  # the children sleep for 120 s
    assert multiprocessing.active_children() == []


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
