"""Make an input: a blank workbook, or one of made-up people in a real area."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import AsJson, Month, Seed, print_json
from api.commands.terminal import say

app = typer.Typer()


class SizeName(StrEnum):
    """How large an instance to make."""

    T = "T"
    S = "S"
    M = "M"
    L = "L"
    XL = "XL"
    STRESS = "stress"


@app.command()
def template(file: Annotated[Path, typer.Argument(help="新建的 .xlsx 文件")]) -> None:
    """生成空白工作簿：中文表头、说明、示例与下拉。Write a blank workbook."""
    from api.actions import planning
    from models.formats.write import write_template

    planning.check_new_workbook(file)
    write_template(file)
    say(f"已生成 written: {file}")


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
    from api.actions import planning
    from models.formats.write import write_csv_folder, write_json, write_workbook
    from scenarios.generator.generate import generate as make
    from scenarios.generator.geography import Geography

    month = planning.month_of(month)
    planning.check_new(out)
    instance = make(area, size.value, seed, geography=Geography.load(geo), month=month)
    writer = {".xlsx": write_workbook, ".json": write_json}.get(
        out.suffix.lower(), write_csv_folder
    )
    writer(instance, out)
    say(
        f"已生成 written: {out}（{instance.settings.name}，{len(instance.villages)} 个村居，{len(instance.people)} 人）"
    )


@app.command("read")
def read_old(
    files: Annotated[list[Path], typer.Argument(help="旧表，可多个（.xlsx、.xls、.et、.ods）")],
    out: Annotated[Path, typer.Option(help="新的工作簿（.xlsx）")],
    month: Month = None,
    mapping: Annotated[
        Path | None, typer.Option(help="读法文件（TOML），默认在工作簿旁；下月再用。Kept answers.")
    ] = None,
    county: Annotated[str | None, typer.Option(help="县（市、区）名称。The county's name.")] = None,
    kind: Annotated[
        str | None, typer.Option(help="没写类别、看不出类别的人员，如 律师。Kind of the others.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """把单位自己的旧表读成工作簿：人员、机构、村居、顾问、上月值班。Read an office's own old files."""
    from api.actions import old_files, planning

    planned = planning.month_of(month) if month is not None else None
    found, kept = old_files.taken_in(files, out, mapping, planned, (county, kind))
    told = {"taken": found.taken, "left": found.left}
    if as_json:
        shown = {name: [asdict(line) for line in lines] for name, lines in told.items()}
        print_json(shown | {"counts": found.instance.counts(), "mapping": str(kept)})
        return
    for head, lines in (("读取 taken", found.taken), ("未读 not taken", found.left)):
        for line in lines:
            say(f"{head}: {line.zh}    {line.en}")
    for remark in found.remarks:
        say(remark.lines())
    say(f"已写出 written: {out}、{kept}")
