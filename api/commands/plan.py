"""Plan a month: of an input, or of a bundled scenario."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from api.commands.options import (
    Apart,
    AsJson,
    Changes,
    Cluster,
    Deterministic,
    File,
    Month,
    Months,
    Out,
    Profile,
    Seconds,
    Seed,
    StageOption,
    Strict,
    Workers,
    finish,
    print_json,
    read_input,
)
from api.commands.terminal import progress, say, summary
from solver.limits import Limits, Stage

if TYPE_CHECKING:
    from models.instance import Instance
    from solver.solve import Outcome

app = typer.Typer()

CORES = os.cpu_count() or 1
"""Processes a large plan is climbed with, unless told otherwise."""


@app.command()
def demo(
    scenario: Annotated[
        str,
        typer.Option(
            help="jinshui、township、county、suzhou、bengbu、wuhu、yunnan、shehong 或 changping"
        ),
    ] = "jinshui",
    out: Out = None,
    seed: Seed = 1,
    time_limit: Seconds = 60,
    as_json: AsJson = False,
) -> None:
    """用内置的真实地理做一个月的完整排班。Plan a month on bundled real geography."""
    from api.actions import planning
    from models.formats.write import write_workbook
    from scenarios.generator.catalogue import load

    instance = load(scenario, seed=seed)
    folder, limits = out or Path("out") / scenario, Limits(seconds=time_limit, seed=seed)
    report = _solve(instance, Stage.ALL, folder, limits, as_json).report
    write_workbook(instance, folder / "input.xlsx")
    verified = planning.verify_written(folder / "input.xlsx", folder)
    if not as_json:
        say(f"输入 input: {folder / 'input.xlsx'}")
        say(f"独立核对 verified from the files: 硬性违规 hard breaches {len(verified.hard)}")
    finish(verified if verified.hard else report, as_json, strict=False)


@app.command()
def solve(
    file: File,
    out: Out = None,
    month: Month = None,
    months: Months = 1,
    stage: StageOption = Stage.ALL,
    profile: Profile = None,
    changes: Changes = None,
    time_limit: Seconds = 60,
    seed: Seed = 1,
    workers: Workers = CORES,
    cluster: Cluster = "",
    apart: Apart = False,
    deterministic: Deterministic = False,
    as_json: AsJson = False,
    fail_on_unmet: Strict = False,
) -> None:
    """排出一个月（或连续几个月）的计划并写出全部结果。Plan a month, or several, and write every result."""
    from api.actions import planning

    instance = read_input(file, month, profile, changes)
    folder = out or Path("out") / file.resolve().stem
    planning.check_apart(file, folder)
    cut = 0 if apart else None
    limits = Limits(time_limit, seed, deterministic, workers, cluster, cut)
    if months > 1:
        _solve_months(instance, months, stage, folder, limits, as_json, fail_on_unmet)
    finish(_solve(instance, stage, folder, limits, as_json).report, as_json, fail_on_unmet)


def _solve_months(
    instance: Instance,
    months: int,
    stage: Stage,
    out: Path,
    limits: Limits,
    as_json: bool,
    strict: bool,
) -> NoReturn:
    """Plan month after month, a folder each; every plan counts as history for the next."""
    from solver.year.following import following

    reports = []
    for _ in range(months):
        folder = out / instance.settings.month
        outcome = _solve(instance, stage, folder, limits, as_json)
        reports.append(outcome.report)
        if not as_json:
            say(summary(outcome.report))
        instance = following(instance, outcome.roster).instance
    if as_json:
        print_json([report.model_dump(mode="json") for report in reports])
    is_short = strict and any(report.unmet for report in reports)
    raise typer.Exit(1 if is_short or any(report.hard for report in reports) else 0)


def _solve(instance: Instance, stage: Stage, out: Path, limits: Limits, as_json: bool) -> Outcome:
    from api.actions import planning

    planning.check_folder(out)
    with progress(quiet=as_json) as on_progress:
        outcome = planning.plan(instance, stage, limits, on_progress)
    files = planning.write(instance, outcome, out)
    if not as_json:
        say(f"已写出 {len(files)} 个文件 files written: {out}")
    return outcome
