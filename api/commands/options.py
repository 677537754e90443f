"""Arguments and options shared by several commands, and their handling."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from api.commands.terminal import say, summary
from solver.limits import Stage

if TYPE_CHECKING:
    from models.instance import Instance
    from models.report import Report
    from models.roster import Roster

File = Annotated[
    Path,
    typer.Argument(
        help="输入：.xlsx 工作簿、CSV 文件夹或其 zip、JSON。Workbook, CSV folder or zip, JSON."
    ),
]
RosterFile = Annotated[
    Path, typer.Argument(help="排班结果 roster.json，或含五张安排表的工作簿。A roster.")
]
Out = Annotated[Path | None, typer.Option(help="结果文件夹。Folder for the results.")]
Month = Annotated[str | None, typer.Option(help="月份 YYYY-MM，默认用输入里的。Month.")]
Months = Annotated[
    int,
    typer.Option(
        min=1,
        max=24,
        help="连排几个月，顾问与调解员不变，每月一个文件夹；固定安排和请假按原日期生效。"
        "Months in a row, seats kept; pins and leave hold on the dates they name.",
    ),
]
Profile = Annotated[str | None, typer.Option(help="规则方案，见 zhiban rules。Rule profile.")]
Changes = Annotated[
    list[str] | None, typer.Option("--set", help="RULE.FIELD=VALUE，可多次。Change a rule.")
]
StageOption = Annotated[
    Stage, typer.Option("--stage", help="顾问与调解员、当月，或两者。Seats, month, or both.")
]
Seconds = Annotated[
    float, typer.Option("--time-limit", min=1, help="求解秒数上限。Seconds to solve.")
]
Seed = Annotated[int, typer.Option(min=0, max=2**31 - 1, help="随机种子。Seed.")]
Deterministic = Annotated[bool, typer.Option("--deterministic", help="结果可逐字重现。Repeatable.")]
Workers = Annotated[int, typer.Option(min=1, max=64, help="并行进程数，用于大的方案。Processes.")]
Apart = Annotated[
    bool, typer.Option("--apart", help="各县分开求解，再改进县界。Counties apart, then borders.")
]
Cluster = Annotated[str, typer.Option(help="dask 集群地址，如 tcp://127.0.0.1:8786。A cluster.")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")]
Strict = Annotated[
    bool, typer.Option("--fail-on-unmet", help="有缺岗时退出码为 1。Exit 1 if unmet.")
]


def read_input(
    file: Path,
    month: str | None = None,
    profile: str | None = None,
    changes: Iterable[str] | None = None,
) -> Instance:
    """Read an instance with the command's options and ensure that its rules can be loaded."""
    from api.actions import planning
    from models.formats.read import read_instance

    instance: Instance = planning.with_choices(read_instance(file), month, profile, changes)
    planning.rules_of(instance)
    return instance


def read_both(
    file: Path,
    roster: Path,
    month: str | None = None,
    profile: str | None = None,
    changes: Iterable[str] | None = None,
) -> tuple[Instance, Roster]:
    """Read an instance and a roster of it."""
    from models.formats.roster_table import read_roster

    instance = read_input(file, month, profile, changes)
    return instance, read_roster(roster, instance)


def finish(report: Report, as_json: bool, strict: bool) -> NoReturn:
    """Print a report and exit with the matching code."""
    if as_json:
        sys.stdout.write(report.model_dump_json(indent=2) + "\n")
    else:
        say(summary(report))
    raise typer.Exit(1 if report.hard or (strict and report.unmet) else 0)


def print_json(value: Any) -> None:
    """Print a document for a machine."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
