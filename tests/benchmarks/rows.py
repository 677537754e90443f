"""Made-up rows of measurements."""

from __future__ import annotations

from typing import Any

from benchmarks.history import Closed, Contest, Faults, FeedLoad, Run

ORIGIN = {
    "date": "2026-12-01T08:00Z",
    "commit": "abcdef0123",
    "machine": "Made-up CPU, 2 cores, 24 GiB",
    "python": "3.11.9",
    "ortools": "9.15.1",
    "size": "T",
    "seed": 1,
    "villages": 18,
    "people": 11,
    "slots": 56,
    "workers": 2,
}


def run(**changes: Any) -> Run:
    """Return a row of a run that reached its goal."""
    row = {
        "status": "optimal",
        "stage": "seats",
        "rung": "coverage",
        "value": 0,
        "bound": 0.0,
        "gap": 0.0,
        "rung_seconds": 0.1,
        "whole_seconds": 2.0,
        "build_seconds": 0.5,
        "solve_seconds": 1.0,
        "peak_memory_mb": 200.0,
        "hard_breaches": 0,
    }
    return Run(**ORIGIN | row | changes)


def feed_load(**changes: Any) -> FeedLoad:
    """Return a row of unchanged feeds that met their target."""
    row = {
        "phase": "unchanged",
        "rate": 0.0,
        "connections": 32,
        "subscribers": 3558,
        "requests": 30_000,
        "errors": 0,
        "seconds": 20.0,
        "per_second": 1500.0,
        "p50_ms": 9.0,
        "p99_ms": 40.0,
        "max_ms": 90.0,
        "is_solving": True,
        "generator_cores": 0.1,
        "other_cores": 0.02,
    }
    return FeedLoad(**ORIGIN | row | changes)


def contest(**changes: Any) -> Contest:
    """Return a row of zhiban in a contest."""
    row = {
        "contender": "zhiban",
        "part": "all",
        "status": "planned",
        "limit_seconds": 60.0,
        "rung": "coverage",
        "value": 4,
        "hard_breaches": 0,
        "unmet": 4,
        "plan_seconds": 1.0,
        "whole_seconds": 2.0,
        "peak_memory_mb": 200.0,
    }
    return Contest(**ORIGIN | row | changes)


def trial(**changes: Any) -> Faults:
    """Return a row of a trial under faults in which nothing went wrong."""
    counted = ("killed_worker", "killed_server", "done", "edited", "published", "repeated")
    none = ("killed_database", "failed", "cancelled", "withdrawn", "clashed", "wrong")
    seconds = ("longest_answer_seconds", "longest_job_seconds", "seconds")
    row = {name: ORIGIN[name] for name in ("date", "commit", "machine", "python")}
    row |= {"database": "sqlite", "seed": 1, "rounds": 7}
    row |= dict.fromkeys(counted, 7) | dict.fromkeys(none, 0) | dict.fromkeys(seconds, 9.0)
    return Faults(**row | changes)


def month_closed(**changes: Any) -> Closed:
    """Return a row of a class in which nobody is off by much."""
    row = {name: ORIGIN[name] for name in ("date", "commit", "machine", "python", "seed", "people")}
    row |= {"month": "2025-12", "name": "standby", "turns": 500, "unmet": 0, "seconds": 0.9}
    return Closed.model_validate(row | {"most_below": -1.2, "most_above": 0.9} | changes)
