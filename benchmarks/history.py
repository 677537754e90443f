"""History of measurements: one row per run and goal, in append-only CSV files."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from benchmarks.machine import ROOT, commit, machine, now, versions
from models.instance import Instance
from models.slots import expand

RUNS, BASELINES, CURVES, COUNTIES = "runs.csv", "baselines.csv", "curves.csv", "counties.csv"
BORDERS, FAULTS, FEEDS, YEARS = "borders.csv", "faults.csv", "feeds.csv", "years.csv"


def results_folder() -> Path:
    """Return the folder of the CSV files; ``ZHIBAN_RESULTS`` names another one for trials."""
    return Path(os.environ.get("ZHIBAN_RESULTS", ROOT / "benchmarks" / "results"))


class Origin(BaseModel):
    """What was measured, where and with what.

    ``size`` is a case's name, a curve's point or a county's code; ``slots`` the dated duties of
    the month.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: str
    commit: str
    machine: str
    python: str
    ortools: str
    size: str
    seed: int
    villages: int
    people: int
    slots: int
    workers: int

    @classmethod
    def of(cls, instance: Instance, size: str, seed: int, workers: int) -> Self:
        """Return the origin of a measurement that is made now."""
        return cls(
            date=now(),
            commit=commit(),
            machine=machine(),
            **versions(),
            size=size,
            seed=seed,
            villages=len(instance.villages),
            people=len(instance.people),
            slots=len(expand(instance, instance.settings.month)),
            workers=workers,
        )


class Run(Origin):
    """One goal of one whole command; a command that failed has one row without a goal.

    ``status`` is the report's, or ``exit N``. Seconds of a phase are the report's; start-up,
    reading and writing are what is left of ``whole_seconds``.
    """

    killed: int = 0
    status: str
    stage: str = ""
    rung: str = ""
    value: int | None = None
    bound: float | None = None
    gap: float | None = None
    rung_seconds: float | None = None
    whole_seconds: float
    build_seconds: float | None = None
    solve_seconds: float | None = None
    check_seconds: float | None = None
    explain_seconds: float | None = None
    peak_memory_mb: float
    hard_breaches: int | None = None


class Contest(Origin):
    """One goal of one contender on one instance, priced by the independent check.

    ``part`` is ``all`` or ``advisers``; ``plan_seconds`` is building and solving alone.
    """

    contender: str
    part: str
    status: str
    limit_seconds: float
    rung: str = ""
    value: int | None = None
    hard_breaches: int | None = None
    unmet: int | None = None
    plan_seconds: float | None = None
    whole_seconds: float
    peak_memory_mb: float


class Faults(BaseModel):
    """One trial under faults: what was killed, what was done, and how many complaints there are.

    Seconds are those of the whole trial, of the request that had to be asked longest, and of the
    job that took longest from its answer to its end.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: str
    commit: str
    machine: str
    python: str
    database: str
    seed: int
    rounds: int
    killed_worker: int
    killed_server: int
    killed_database: int
    done: int
    failed: int
    cancelled: int
    edited: int
    published: int
    withdrawn: int
    clashed: int
    repeated: int
    longest_answer_seconds: float
    longest_job_seconds: float
    seconds: float
    wrong: int


class FeedLoad(Origin):
    """One phase of the load on the feeds, or the publication before it (a single request).

    ``rate`` is in requests a second, 0 where each connection asks again when it is answered.
    ``errors`` are answers other than asked for, and broken connections. ``is_solving`` says that
    a solve ran from before the phase to its end. ``generator_cores`` is what the generator took,
    ``other_cores`` what processes took that are not of the measurement.
    """

    phase: str
    rate: float = 0
    connections: int = 1
    subscribers: int = 0
    requests: int
    errors: int = 0
    seconds: float
    per_second: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    is_solving: bool = False
    generator_cores: float = 0
    other_cores: float = 0


class Closed(BaseModel):
    """One class of turns at the end of one of many months planned one after the other.

    ``turns`` were served since the start; ``most_below`` and ``most_above`` are the least and
    most of served - due since then, over all people. ``unmet`` and ``seconds`` are of the month.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: str
    commit: str
    machine: str
    python: str
    seed: int
    people: int
    month: str
    name: str
    turns: int
    most_below: float
    most_above: float
    unmet: int
    seconds: float


def append(name: str, rows: Iterable[BaseModel]) -> None:
    """Add rows to a file at once, so that an interrupted run loses only what was under way."""
    lines = [row.model_dump() for row in rows]
    path = results_folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(lines[0]), lineterminator="\n")
        if is_new:
            writer.writeheader()
        writer.writerows(lines)


def read_runs(name: str = RUNS, folder: Path | None = None) -> list[Run]:
    """Return all rows of a file of runs, none when there is no file yet."""
    return [Run.model_validate(row) for row in _rows(name, folder)]


def read_contests(folder: Path | None = None) -> list[Contest]:
    """Return all rows of the baselines, none when there is no file yet."""
    return [Contest.model_validate(row) for row in _rows(BASELINES, folder)]


def read_faults(folder: Path | None = None) -> list[Faults]:
    """Return all trials under faults, none when there is no file yet."""
    return [Faults.model_validate(row) for row in _rows(FAULTS, folder)]


def read_loads(folder: Path | None = None) -> list[FeedLoad]:
    """Return all rows of the feeds, none when there is no file yet."""
    return [FeedLoad.model_validate(row) for row in _rows(FEEDS, folder)]


def read_closed(folder: Path | None = None) -> list[Closed]:
    """Return all months of the years, none when there is no file yet."""
    return [Closed.model_validate(row) for row in _rows(YEARS, folder)]


def is_known(name: str, size: str, seed: int, workers: int, *, killed: bool = False) -> bool:
    """Whether this commit was measured this way on this machine; never for changed code."""
    if commit().endswith("+dirty"):
        return False
    asked = (commit(), machine(), size, seed, workers, killed)
    return any(
        (r.commit, r.machine, r.size, r.seed, r.workers, r.killed > 0) == asked
        for r in read_runs(name)
    )


def _rows(name: str, folder: Path | None) -> list[dict[str, str]]:
    path = (folder or results_folder()) / name
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return [{k: v for k, v in row.items() if v != ""} for row in csv.DictReader(file)]
