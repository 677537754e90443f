"""The months of an office: the next one, what was held, what is paid, what is reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.options import AsJson, File, Month, print_json, read_both
from api.commands.terminal import say

if TYPE_CHECKING:
    from models.issues import Sentence

app = typer.Typer()


class FundBy(StrEnum):
    """By what a year's fund is split over townships."""

    VILLAGES = "villages"
    POPULATION = "population"


Results = Annotated[
    Path, typer.Argument(help="排班结果：结果文件夹，或其中的 roster.json、改过的工作簿。Results.")
]


Attendance = Annotated[
    Path | None, typer.Option(help="填好的出勤表；不给则按排班全部到岗。Attendance of the month.")
]

sheets = typer.Typer(no_args_is_help=True, help="出勤：生成表格，读回核对。Attendance sheets.")
app.add_typer(sheets, name="attendance")


@app.command("next")
def next_month(
    file: File,
    results: Results,
    out: Annotated[Path, typer.Option(help="下月的工作簿（.xlsx）、.json 或 CSV 文件夹")],
    fresh: Annotated[
        bool, typer.Option("--fresh", help="席位不固定，可重新安排。Seats may change.")
    ] = False,
    attendance: Attendance = None,
    as_json: AsJson = False,
) -> None:
    """由本月的输入和结果生成下月的输入。Make next month's input from this month's and its results."""
    from api.actions import months

    instance, roster = read_both(file, months.roster_file(results))
    done = months.closed(attendance, instance, roster)
    made = months.next_input(instance, roster, out, done, keep_seats=not fresh)
    if as_json:
        shown = {"month": made.instance.settings.month}
        print_json(shown | _plain(carried=made.carried, dropped=made.dropped))
        return
    say(f"已写出 written: {out}（{made.instance.settings.month}）")
    _tell("带入 carried over", made.carried)
    _tell("未带入 dropped", made.dropped)


@sheets.command()
def template(
    file: File,
    results: Results,
    out: Annotated[Path, typer.Option(help="新建的出勤表（.xlsx）")],
    held: Annotated[
        bool, typer.Option("--held", help="预填到岗，只改例外。Fill in that everybody came.")
    ] = False,
) -> None:
    """生成出勤表：每次值班、走访、讲座、调解席位一行。Write a sheet with a row for everything planned."""
    from api.actions import months

    instance, roster = read_both(file, months.roster_file(results))
    count = months.attendance_sheet(instance, roster, out, held=held)
    say(f"已写出 written: {out}（{count} 行 rows）")


@sheets.command()
def read(
    file: File,
    results: Results,
    sheet: Annotated[Path, typer.Argument(help="填好的出勤表。The sheet, filled in.")],
    as_json: AsJson = False,
) -> None:
    """核对出勤表并汇总；有误则列出单元格和改法。Check a filled-in sheet and sum it up."""
    from api.actions import months

    instance, roster = read_both(file, months.roster_file(results))
    summed = months.summed(instance, roster, sheet)
    if as_json:
        print_json(summed)
        return
    for name, value in summed.items():
        say(f"{months.SUMS[name]} {name}: {value:g}")


@app.command()
def statement(
    file: File,
    results: Results,
    out: Annotated[Path, typer.Option(help="结算结果文件夹。Folder for the statement.")],
    attendance: Attendance = None,
    rates: Annotated[
        Path | None, typer.Option(help="补贴标准（TOML，含 source 出处），优先于规则方案。Rates.")
    ] = None,
    corrects: Annotated[
        Path | None, typer.Option(help="本月已出的结算：只列差额。Only what differs from it.")
    ] = None,
    add: Annotated[
        list[Path] | None, typer.Option(help="并入往月的更正，可多次。Corrections to include.")
    ] = None,
    paid: Annotated[
        list[Path] | None, typer.Option(help="本年已出的结算，用于全年预计。Earlier statements.")
    ] = None,
    fund_by: Annotated[
        FundBy, typer.Option(help="全年经费按村居数或人口分配。How the fund is split.")
    ] = FundBy.VILLAGES,
    as_json: AsJson = False,
) -> None:
    """按实际完成结算一个月的补贴，精确到分，逐项可查。State what a month pays, to the cent, row by row."""
    from api.actions import months, statements

    instance, roster = read_both(file, months.roster_file(results))
    asked = statements.StatementOrder(
        attendance, rates, corrects, add or (), paid or (), fund_by.value
    )
    made = statements.state(instance, roster, asked, out)
    if as_json:
        print_json(made.model_dump(mode="json") | {"total": str(made.total)})
        return
    say(f"合计 total: {made.total:,} 元 yuan（{len(made.rows)} 行 rows，{made.month}）")
    _tell("提示 remark", made.remarks)
    say(f"已写出 written: {out}")


@app.command()
def report(
    files: Annotated[
        list[Path],
        typer.Argument(help="输入，可多个：各县、各月各一份。Inputs, one an office and month."),
    ],
    results: Annotated[list[Path], typer.Option(help="对应的结果，次序同输入。Results, in order.")],
    out: Annotated[Path, typer.Option(help="月报文件夹。Folder for the report.")],
    attendance: Annotated[
        list[Path] | None, typer.Option(help="对应的出勤表，没有的写 -。Attendance, in order.")
    ] = None,
    month: Month = None,
    cutoff: Annotated[
        int | None,
        typer.Option(min=1, max=31, help="截止日，默认按规则方案（25）。Last day counted."),
    ] = None,
    targets: Annotated[
        Path | None,
        typer.Option(help="全年任务表（目标：区划、指标、年度、全年任务）。Yearly targets."),
    ] = None,
    by: Annotated[
        FundBy, typer.Option(help="任务按村居数或人口分配。How targets are split.")
    ] = FundBy.VILLAGES,
    as_json: AsJson = False,
) -> None:
    """生成月报：指标、计划与完成、全年任务进度、提醒，逐级汇总。Report a month, area by area."""
    from api.actions import planning, reports

    order = reports.ReportOrder(
        inputs=files,
        results=results,
        attendance=attendance or (),
        month=planning.month_of(month) if month is not None else None,
        cutoff=cutoff,
        targets=targets,
        by_population=by is FundBy.POPULATION,
    )
    made = reports.report(order, out)
    if as_json:
        print_json(made.model_dump(mode="json"))
        return
    say(f"{made.title} {made.month}，截至 {made.cutoff} up to this day")
    _tell("提醒 alert", made.alerts)
    _tell("待办 open", made.open_items)
    _tell("说明 remark", made.remarks)
    say(f"已写出 written: {out}")


def _plain(**lines: Sequence[Sentence]) -> dict[str, object]:
    return {name: [asdict(line) for line in told] for name, told in lines.items()}


def _tell(head: str, lines: Sequence[Sentence]) -> None:
    for line in lines:
        say(f"{head}: {line.zh}    {line.en}")
