"""The command line: ``zhiban``. Exit 0 good, 1 hard breach (or unmet demand where asked), 2 bad input.

Heavy libraries are loaded inside the commands, so that help and template answer at once.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from api import substitutes
from api.failures import exit_code, leave
from api.terminal import progress, say, shortage_lines, summary
from solver.limits import Limits

if TYPE_CHECKING:
    from models.instance import Instance
    from models.report import Report

app = typer.Typer(
    name="zhiban",
    help="值班：公共法律服务排班。Plans village advisers, duty rosters, visits and mediators.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(substitutes.app)

File = Annotated[
    Path,
    typer.Argument(help="输入：.xlsx 工作簿、CSV 文件夹或 JSON。Workbook, CSV folder or JSON."),
]
RosterFile = Annotated[
    Path, typer.Argument(help="排班结果 roster.json，或含四张安排表的工作簿。A roster.")
]
Out = Annotated[Path | None, typer.Option(help="结果文件夹。Folder for the results.")]
Month = Annotated[str | None, typer.Option(help="月份 YYYY-MM，默认用输入里的。Month.")]
Profile = Annotated[str | None, typer.Option(help="规则方案，见 zhiban rules。Rule profile.")]
Changes = Annotated[
    list[str] | None, typer.Option("--set", help="RULE.FIELD=VALUE，可多次。Change a rule.")
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
    bool, typer.Option("--fail-on-unmet", help="有未满足需求时退出码为 1。Exit 1 if unmet.")
]


CORES = os.cpu_count() or 1
"""Processes a large plan is climbed with, unless told otherwise."""


class StageName(StrEnum):
    """What to plan."""

    ALL = "all"
    ADVISERS = "advisers"
    MONTH = "month"


class SizeName(StrEnum):
    """How large an instance to make."""

    T = "T"
    S = "S"
    M = "M"
    L = "L"
    XL = "XL"
    STRESS = "stress"


class DocumentName(StrEnum):
    """A document with a published schema."""

    INSTANCE = "instance"
    ROSTER = "roster"
    REPORT = "report"


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
    from models.formats.write import write_workbook
    from scenarios.catalogue import load

    instance = load(scenario, seed=seed)
    folder, limits = out or Path("out") / scenario, Limits(seconds=time_limit, seed=seed)
    report = _solve(instance, StageName.ALL, folder, limits, as_json)
    write_workbook(instance, folder / "input.xlsx")
    verified = _planning().verify_written(folder / "input.xlsx", folder)
    if not as_json:
        say(f"输入 input: {folder / 'input.xlsx'}")
        say(f"独立核对 verified from the files: 硬性违规 hard breaches {len(verified.hard)}")
    _finish(verified if verified.hard else report, as_json, strict=False)


@app.command()
def template(file: Annotated[Path, typer.Argument(help="新建的 .xlsx 文件")]) -> None:
    """生成空白工作簿：中文表头、说明、示例与下拉。Write a blank workbook."""
    from models.formats.write import write_template

    _planning().check_new_workbook(file)
    write_template(file)
    say(f"已生成 written: {file}")


@app.command("check-input")
def check_input(file: File, as_json: AsJson = False) -> None:
    """检查输入，列出全部问题。Check the input and list every issue."""
    instance = _read(file)
    _planning().rules_of(instance)
    counts = {name: len(rows) for name, rows in instance.tables() if rows}
    if as_json:
        _print_json({"ok": True, "counts": counts, "input_hash": instance.content_hash})
        return
    titles = type(instance).model_fields
    say("没有问题 ok")
    for name, count in counts.items():
        say(f"  {titles[name].title} {name}: {count}")


@app.command()
def solve(
    file: File,
    out: Out = None,
    month: Month = None,
    stage: StageName = StageName.ALL,
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
    """排出一个月的计划并写出全部结果。Plan a month and write every result."""
    instance = _read(file, month, profile, changes)
    folder = out or Path("out") / file.resolve().stem
    _planning().check_apart(file, folder)
    cut = 0 if apart else None
    limits = Limits(time_limit, seed, deterministic, workers, cluster, cut)
    _finish(_solve(instance, stage, folder, limits, as_json), as_json, fail_on_unmet)


@app.command()
def verify(
    file: File,
    roster: RosterFile,
    month: Month = None,
    profile: Profile = None,
    changes: Changes = None,
    as_json: AsJson = False,
    fail_on_unmet: Strict = False,
) -> None:
    """独立检查任何排班，包括手工排的。Check any roster, also one made by hand."""
    from models.formats.roster_table import read_roster
    from solver.verify import verify as check_roster

    instance = _read(file, month, profile, changes)
    read = read_roster(roster, instance)
    report = check_roster(instance, _planning().rules_of(instance), read)
    _finish(report, as_json, fail_on_unmet)


@app.command()
def explain(
    file: File,
    roster: RosterFile,
    village: Annotated[str | None, typer.Option(help="村居代码 village id")] = None,
    slot: Annotated[str | None, typer.Option(help="班次 slot，如 岗位@20261201am")] = None,
    person: Annotated[str | None, typer.Option(help="人员编号 person id")] = None,
    month: Month = None,
    as_json: AsJson = False,
) -> None:
    """说明为什么是这个人、为什么没有人。Say why this one, why nobody."""
    from models.formats.roster_table import read_roster
    from solver.facts import Facts
    from solver.verify import explainer
    from solver.why import Why

    asked = [option for option in (village, slot, person) if option is not None]
    if len(asked) != 1:
        raise typer.BadParameter(
            "请给出 --village、--slot、--person 之一 / give exactly one of them"
        )
    instance = _read(file, month)
    read = read_roster(roster, instance)
    rules, facts = _planning().rules_of(instance), Facts(instance, read.month)
    why = Why(facts, rules, read, explainer(facts, rules, read))
    ask = why.village if village is not None else why.slot if slot is not None else why.person
    lines = ask(asked[0])
    if as_json:
        _print_json([{"zh": line.zh, "en": line.en} for line in lines])
    else:
        say("\n".join(f"{line.zh}    {line.en}" for line in lines))


@app.command()
def shortage(
    file: File,
    profile: Profile = None,
    changes: Changes = None,
    as_json: AsJson = False,
) -> None:
    """说明上限守得住否，缺几名顾问、缺在哪里。Say how many advisers are missing for the cap, and where."""
    found = _planning().shortage_of(_read(file, None, profile, changes))
    if as_json:
        _print_json({"shortage": found.model_dump(mode="json") if found else None})
    elif found is None:
        say("上限守得住，不缺顾问。The cap holds, no adviser is missing.")
    else:
        say("\n".join(shortage_lines(found)))


@app.command()
def generate(
    area: Annotated[str, typer.Option(help="区划代码：乡镇 9 位、县 6 位、市 4 位、省 2 位")],
    out: Annotated[Path, typer.Option(help=".xlsx、.json 或 CSV 文件夹")],
    size: SizeName = SizeName.T,
    seed: Seed = 1,
    month: Annotated[str, typer.Option(help="月份 YYYY-MM")] = "2026-12",
    geo: Annotated[Path | None, typer.Option(help="其他地区的地理表文件夹")] = None,
) -> None:
    """用真实地理和虚构人员生成一份输入。Make an input from real geography and made-up people."""
    from models.formats.write import write_csv_folder, write_json, write_workbook
    from scenarios.generate import generate as make
    from scenarios.geography import Geography

    month = _planning().month_of(month)
    _planning().check_new(out)
    instance = make(area, size.value, seed, geography=Geography.load(geo), month=month)
    writer = {".xlsx": write_workbook, ".json": write_json}.get(
        out.suffix.lower(), write_csv_folder
    )
    writer(instance, out)
    say(
        f"已生成 written: {out}（{instance.settings.name}，{len(instance.villages)} 个村居，{len(instance.people)} 人）"
    )


@app.command()
def rules(
    profile: Profile = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="输出说明页。Print the page.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """列出规则、参数与出处。List the rules, their numbers and sources."""
    from solver.profiles import load_rules, profile_names, profile_tables
    from solver.reference import rule_reference

    if markdown:
        sys.stdout.write(rule_reference())
        return

    name = profile or "default"
    sources = {code: table["source"] for code, table in profile_tables(name).items()}
    found = load_rules(name)
    if as_json:
        _print_json(
            {
                rule.code: {**rule.model_dump(mode="json"), "source": sources.get(rule.code)}
                for rule in found
            }
        )
        return
    say(f"规则方案 profiles: {', '.join(profile_names())}；当前 shown: {name}")
    for rule in found:
        numbers = {
            k: v for k, v in rule.model_dump(mode="json").items() if k not in ("level", "goal")
        }
        fields = " ".join(f"{key}={value}" for key, value in numbers.items())
        say(
            f"{rule.code}  {rule.zh}  {rule.level.label}/{rule.rung.label}  {fields}  {sources.get(rule.code, '')}"
        )


@app.command()
def schema(document: Annotated[DocumentName, typer.Argument()]) -> None:
    """输出 JSON Schema。Print a JSON Schema."""
    from models.formats.document import schema as schema_of

    _print_json(schema_of(document.value))


@app.command()
def version() -> None:
    """显示版本，报告问题时请附上。Show versions for bug reports."""
    from solver.versions import versions

    say(" ".join(f"{name} {number}" for name, number in versions().items()))


def main() -> None:
    """Run the command line; no traceback ever reaches a user (set ZHIBAN_DEBUG=1 to see one)."""
    leave(exit_code(lambda: app(standalone_mode=False)))


def _solve(
    instance: Instance, stage: StageName, out: Path, limits: Limits, as_json: bool
) -> Report:
    from solver.solve import Stage

    _planning().check_folder(out)
    with progress(quiet=as_json) as on_progress:
        outcome = _planning().plan(instance, Stage[stage.name], limits, on_progress)
    files = _planning().write(instance, outcome, out)
    if not as_json:
        say(f"已写出 {len(files)} 个文件 files written: {out}")
    report: Report = outcome.report
    return report


def _finish(report: Report, as_json: bool, strict: bool) -> NoReturn:
    if as_json:
        sys.stdout.write(report.model_dump_json(indent=2) + "\n")
    else:
        say(summary(report))
    raise typer.Exit(1 if report.hard or (strict and report.unmet) else 0)


def _read(
    file: Path,
    month: str | None = None,
    profile: str | None = None,
    changes: Iterable[str] | None = None,
) -> Instance:
    """Read an instance with the command's choices and see that its rules can be loaded."""
    from models.formats.read import read_instance

    instance: Instance = _planning().with_choices(read_instance(file), month, profile, changes)
    _planning().rules_of(instance)
    return instance


def _planning() -> ModuleType:
    from api import planning

    return planning


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main()
