"""Long measurements, one run at a time: ``python -m benchmarks.run city`` and the like.

Every run is written as soon as it is known; what this commit has already been measured on, on
this machine, is left out, so that an interrupted command goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Annotated

import typer

from benchmarks.baselines.contest import contest
from benchmarks.cases import (
    CASES,
    FEW_SEEDS,
    Case,
    counties,
    part_of_province,
    points,
)
from benchmarks.faults.service import Database
from benchmarks.faults.trial import trial
from benchmarks.history import (
    BASELINES,
    BORDERS,
    COUNTIES,
    CURVES,
    FAULTS,
    FEEDS,
    RUNS,
    YEARS,
    Run,
    append,
    is_known,
    read_runs,
    results_folder,
)
from benchmarks.machine import commit, machine
from benchmarks.measure import Effort, measured
from benchmarks.service import feeds
from benchmarks.years.carried import closed
from benchmarks.years.section import PICTURE, draw
from models.instance import Instance

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

Seeds = Annotated[list[int], typer.Option("--seed", help="Seeds, one option each.")]
Limit = Annotated[float, typer.Option("--time-limit", help="Seconds of planning a run.")]
FEW_WORKERS = 2
"""Processes that the limits of the cases are meant for."""

SHORT_SECONDS = 120
"""Seconds of planning in which every part of Yunnan is climbed once: enough to compare workers."""

POINTS = (250, 500, 1000, 2000, 4000, 8000, 16000)
"""Villages of the curves' points; the last takes what Yunnan has (14,888)."""


@app.command()
def city(seeds: Seeds = list(FEW_SEEDS)) -> None:  # noqa: B006 - typer copies it
    """Suzhou, three seeds of up to 2 minutes, then its baselines on the first: about 20 minutes."""
    for seed in seeds:
        _case(CASES["suzhou"], Effort(seed))
    baselines(["suzhou"], [seeds[0]])


@app.command()
def province(seeds: Seeds = list(FEW_SEEDS)) -> None:  # noqa: B006
    """Yunnan: three seeds, then 2 workers, 1, and one killed half way in a shorter time: 45 minutes."""
    case = CASES["yunnan"]
    for seed in seeds:
        _case(case, Effort(seed))
    short = replace(case, name=f"yunnan {SHORT_SECONDS:g} s", limit=SHORT_SECONDS)
    for count in (FEW_WORKERS, 1):
        _case(short, Effort(seeds[0], workers=count))
    _case(short, Effort(seeds[0]), kill_after=_usual_seconds(short.name, seeds[0]) / 2)


@app.command()
def stress(seeds: Seeds = list(FEW_SEEDS)) -> None:  # noqa: B006
    """Shehong and Changping, too few advisers for the cap, three seeds each: under 2 minutes."""
    for name in ("shehong", "changping"):
        for seed in seeds:
            _case(CASES[name], Effort(seed))


@app.command()
def borders(seeds: Seeds = list(FEW_SEEDS)) -> None:  # noqa: B006
    """Suzhou's seats as one model, then counties apart with borders improved: about 4 minutes."""
    case = CASES["suzhou"]
    for seed in seeds:
        for name, is_apart in (("suzhou whole", False), ("suzhou apart", True)):
            effort = Effort(seed, case.limit, stage="advisers", is_apart=is_apart)
            _unless_known(BORDERS, name, effort, case.make)


@app.command("baselines")
def baselines_command(
    sizes: Annotated[list[str], typer.Argument(help="Cases, as T S M suzhou.")],
    seeds: Seeds = [1],  # noqa: B006
) -> None:
    """Every contender on the same instances in one run: up to 5 minutes a case and seed."""
    baselines(sizes, seeds)


def baselines(sizes: Iterable[str], seeds: Iterable[int]) -> None:
    """Let every contender plan each case and write its row when it is done."""
    for name in sizes:
        case = CASES[name]
        for seed in seeds:
            effort = Effort(seed, seconds=case.limit)
            for rows in contest(case.make(seed), name, effort):
                append(BASELINES, rows)
                first = rows[0]
                typer.echo(
                    f"{name} seed {seed} {first.contender} ({first.part}): {first.status}, "
                    f"{first.whole_seconds:.1f} s, {first.peak_memory_mb:.0f} MB, hard breaches "
                    f"{first.hard_breaches}, " + ", ".join(f"{r.rung} {r.value}" for r in rows)
                )


@app.command()
def curves(
    villages: Annotated[list[int], typer.Option(help="Villages of the points.")] = list(POINTS),  # noqa: B006
    seed: int = 1,
    limit: Limit = 860,
) -> None:
    """Yunnan's first counties until 250 … 16,000 villages are reached: up to 45 minutes."""
    for name, codes in points(tuple(villages)).items():
        _unless_known(CURVES, name, Effort(seed, limit), _part(codes))


@app.command("counties")
def counties_command(
    every: Annotated[int, typer.Option(help="Take every n-th county.")] = 1,
    seed: int = 1,
    limit: Limit = 60,
) -> None:
    """Each county of Yunnan alone, one process each: about 15 minutes for all 129."""
    for code in list(counties())[::every]:
        _unless_known(COUNTIES, code, Effort(seed, limit, workers=1), _part((code,)))


@app.command()
def faults(
    rounds: Annotated[int, typer.Option(help="Solves, shared by two offices.")] = 100,
    seed: int = 1,
    database: Database = Database.SQLITE,
    folder: Annotated[Path | None, typer.Option(help="Keeps data and logs.")] = None,
) -> None:
    """Kill the service's processes while two offices work; exit 1 if anything is wrong: 15 minutes."""
    row, wrong = trial(rounds, seed, database, folder)
    append(FAULTS, [row])
    typer.echo(row.model_dump_json(exclude={"machine"}))
    for complaint in wrong:
        typer.echo(complaint)
    raise typer.Exit(bool(wrong))


@app.command("feeds")
def feeds_command(
    seconds: Annotated[float, typer.Option(help="Seconds of a phase.")] = 20,
) -> None:
    """Calendar feeds of a month of Suzhou under load while the city is solved: about 6 minutes."""
    for row in feeds.measured(seconds):
        append(FEEDS, [row])
        typer.echo(
            f"{row.phase} {row.rate:g}: {row.requests} requests, {row.errors} errors, "
            f"{row.per_second:g}/s, p50 {row.p50_ms:g}, p99 {row.p99_ms:g}, max {row.max_ms:g} ms, "
            f"solving {row.is_solving}, others {row.other_cores:g} cores"
        )


@app.command("years")
def years_command(seeds: Seeds = list(FEW_SEEDS)) -> None:  # noqa: B006
    """Two years of months of one made-up county, each from the ledger of those before: 2 minutes a seed."""
    for seed in seeds:
        rows = []
        for month in closed(seed):
            append(YEARS, month)
            rows += month
            off = max(max(row.most_above, -row.most_below) for row in month)
            typer.echo(
                f"{month[0].month} seed {seed}: {month[0].seconds:.1f} s, most off {off:.1f}"
            )
        draw(rows, results_folder() / PICTURE)


def _part(codes: tuple[str, ...]) -> Callable[[int], Instance]:
    return lambda seed: part_of_province(codes, seed)


def _case(case: Case, effort: Effort, kill_after: float | None = None) -> None:
    # one worker in twice the time gives every part the effort that it has from two
    effort = replace(effort, seconds=case.limit * FEW_WORKERS / effort.workers)
    _unless_known(RUNS, case.name, effort, case.make, kill_after)


def _unless_known(
    file: str,
    name: str,
    effort: Effort,
    make: Callable[[int], Instance],
    kill_after: float | None = None,
) -> None:
    """Measure once and write the rows, unless this commit has them."""
    if is_known(file, name, effort.seed, effort.workers, killed=kill_after is not None):
        typer.echo(f"{name} seed {effort.seed}: known")
        return
    rows = measured(make(effort.seed), name, effort, kill_after)
    append(file, rows)
    typer.echo(_line(rows))


def _line(rows: list[Run]) -> str:
    first = rows[0]
    gap = max((row.gap or 0 for row in rows), default=0)
    return (
        f"{first.size} seed {first.seed}, {first.workers} workers, {first.killed} killed: "
        f"{first.status}, {first.whole_seconds:.1f} s, {first.peak_memory_mb:.0f} MB, "
        f"largest gap {gap:.3%}, hard breaches {first.hard_breaches}"
    )


def _usual_seconds(size: str, seed: int) -> float:
    """Return the whole seconds of the unbroken run on 2 workers, newest last."""
    known = [
        row.whole_seconds
        for row in read_runs()
        if (row.commit, row.machine, row.size, row.seed) == (commit(), machine(), size, seed)
        and (row.workers, row.killed) == (2, 0)
    ]
    return median(known[-1:])


if __name__ == "__main__":
    app()
