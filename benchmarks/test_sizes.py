"""Sizes T, S and M as a user meets them: one whole command, start-up to last file.

Run with ``make bench``. Timed: ``zhiban solve FILE --out DIR``. Each run must reach the targets
of proof (every goal's gap 0, no hard breach by a separate ``zhiban verify``); time and memory
targets are printed beside the medians, never asserted, because machines differ.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from models.formats.write import write_json
from scenarios.generate import generate

SIZES = {"T": "340223105", "S": "340223", "M": "340281"}
"""Size and area: one town, part of a county, and a county of Wuhu."""

TARGET_SECONDS = {"T": 3, "S": 5, "M": 15}
TARGET_MEMORY_MB = {"T": 300, "S": 400, "M": 600}
SEEDS = (1, 2, 3, 4, 5)


def zhiban(*words: str) -> str:
    """Run a command and return what it printed."""
    command = [sys.executable, "-m", "api.cli", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("size", SIZES)
def test_whole_command(benchmark: BenchmarkFixture, tmp_path: Path, size: str, seed: int) -> None:
    file, out = tmp_path / "input.json", tmp_path / "out"
    write_json(generate(SIZES[size], size, seed), file)
    rounds = 3 if seed == SEEDS[0] else 1
    benchmark.group = f"{size} (target {TARGET_SECONDS[size]} s, {TARGET_MEMORY_MB[size]} MB)"
    benchmark.pedantic(
        zhiban, args=("solve", str(file), "--out", str(out)), rounds=rounds, warmup_rounds=1
    )
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    gaps = {goal["stage"] + " " + goal["name"]: goal["gap"] for goal in report["goals"]}
    verified = json.loads(zhiban("verify", str(file), str(out / "roster.json"), "--json"))
    hard = [breach for breach in verified["breaches"] if breach["level"] == "hard"]
    benchmark.extra_info.update(
        seed=seed,
        gap=max(gaps.values()),
        peak_memory_mb=report["peak_memory_mb"],
        children_peak_mb=round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
        duty_coverage_percent=report["kpis"]["duty_coverage_percent"],
        cores=os.cpu_count(),
    )
    assert set(gaps.values()) == {0.0}, gaps
    assert hard == []
