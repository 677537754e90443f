"""Prints medians, memory and gaps after a benchmark run."""

from __future__ import annotations

from statistics import median
from typing import Any

import pytest


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print one line per size: median of the runs, most memory, largest gap, seeds."""
    session = getattr(config, "_benchmarksession", None)
    groups: dict[str, list[Any]] = {}
    for run in getattr(session, "benchmarks", ()):
        groups.setdefault(run.group, []).append(run)
    for name, runs in groups.items():
        seconds = median(run.stats.median for run in runs)
        memory = max(run.extra_info["peak_memory_mb"] for run in runs)
        gap = max(run.extra_info["gap"] for run in runs)
        seeds = sorted({run.extra_info["seed"] for run in runs})
        terminalreporter.write_line(
            f"{name}: median {seconds:.2f} s, peak {memory:.0f} MB, largest gap {gap:.2%}, seeds {seeds}"
        )
