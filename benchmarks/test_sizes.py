"""Sizes T, S and M as a user meets them: one whole command, start-up to last file.

Run with ``make bench``. Timed: ``zhiban solve FILE --out DIR``. Each run must reach the targets
of proof (every goal's gap 0, no hard breach by a separate ``zhiban verify``); time and memory
targets are printed beside the medians, never asserted, because machines differ.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.cases import CASES, SEEDS
from benchmarks.history import RUNS, append
from benchmarks.measure import GOOD, Effort, Plan, rows_of
from benchmarks.timed import Timed

SIZES = ("T", "S", "M")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("size", SIZES)
def test_whole_command(benchmark: BenchmarkFixture, tmp_path: Path, size: str, seed: int) -> None:
    case, effort, done = CASES[size], Effort(seed=seed), list[Timed]()
    plan = Plan(case.make(seed), tmp_path)
    rounds = 3 if seed == SEEDS[0] else 1
    benchmark.group = f"{size} (target {case.seconds:g} s, {case.memory_mb:g} MB)"
    benchmark.pedantic(  # type: ignore[no-untyped-call]
        lambda: done.append(plan.solve(effort)), rounds=rounds, warmup_rounds=1, iterations=1
    )
    assert [run.code for run in done] == [GOOD] * (rounds + 1), done[-1].out
    timed = replace(done[-1], seconds=median(run.seconds for run in done[1:]))
    rows = rows_of(plan, size, effort, timed)
    append(RUNS, rows)
    gaps = {f"{row.stage} {row.rung}": row.gap for row in rows}
    benchmark.extra_info.update(
        seed=seed, gap=max(row.gap or 0 for row in rows), peak_memory_mb=rows[0].peak_memory_mb
    )
    assert set(gaps.values()) == {0.0}, gaps
    assert rows[0].hard_breaches == 0
