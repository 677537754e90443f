"""Change a plan by hand and let every result follow; print it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.actions.named import meant
from api.commands.options import (
    AsJson,
    File,
    Out,
    RosterFile,
    print_json,
    read_both,
    read_input,
)
from api.commands.terminal import SHOWN_UNMET, complain, say
from models.issues import InputError
from models.messages import Spot, issue

if TYPE_CHECKING:
    from api.actions.updating import Updated
    from models.instance import Instance

app = typer.Typer()

NewFolder = Annotated[Path, typer.Option(help="结果文件夹。Folder for the results.")]


@app.command()
def update(
    file: File,
    roster: Annotated[Path, typer.Argument(help="改过的 roster.xlsx。The edited workbook.")],
    out: NewFolder,
    before: Annotated[
        Path | None,
        typer.Option(help="修改前的 roster.json；roster.xlsx 自带，一般不用填。The plan before."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """核对手工修改，重写全部结果，列出谁的班交给谁。Check an edited plan and write everything anew."""
    from api.actions.absences import check_places
    from api.actions.updating import update_month

    check_places(file, roster, out)
    updated = update_month(read_input(file), roster, out, dt.datetime.now(dt.UTC), before)
    _tell(updated, out, as_json)


@app.command()
def swap(
    file: File,
    roster: RosterFile,
    person: Annotated[str, typer.Argument(help="谁的班，姓名或编号。Whose duty.")],
    slot: Annotated[
        str, typer.Argument(help="哪个班，如 “12月8日 上午 某某站 咨询”，或班次代码。Which slot.")
    ],
    to: Annotated[str, typer.Argument(help="交给谁，姓名或编号。Who takes it.")],
    out: NewFolder,
    in_return: Annotated[
        str | None, typer.Option(help="对方换回来的班；不填为只交出。What is given in return.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """两人换班，或一人把班交给另一人，并重写全部结果。Swap or hand over a duty; everything follows."""
    from api.actions.absences import check_places
    from api.actions.slot_words import slot_named
    from api.actions.updating import calendars_in, duty_on, swapped, write_changed

    check_places(file, roster, out)
    instance, before = read_both(file, roster)
    giver, taker = (_person(instance, word) for word in (person, to))
    given = duty_on(before, giver, slot_named(instance, before.month, slot, "SLOT"), "SLOT")
    wanted = None
    if in_return is not None:
        other = slot_named(instance, before.month, in_return, "--in-return")
        wanted = duty_on(before, taker, other, "--in-return")
    after = swapped(before, given, taker, wanted)
    earlier, at = calendars_in(roster.parent), dt.datetime.now(dt.UTC)
    _tell(write_changed(instance, before, after, out, at, earlier), out, as_json)


@app.command("print")
def print_month(
    file: File,
    roster: RosterFile,
    out: Out = None,
    fonts: Annotated[
        Path | None,
        typer.Option(
            envvar="ZHIBAN_FONTS",
            help="放有单位字体（方正小标宋、仿宋、黑体）的文件夹。Folder with the office's fonts.",
        ),
    ] = None,
) -> None:
    """生成可打印的 PDF：公示表、各地点的值班表、每人一张卡。PDFs: wall sheet, doors, cards."""
    from api.actions.printing import print_plan

    instance, read = read_both(file, roster)
    folder = out or roster.parent
    for path, pages in print_plan(instance, read, folder, fonts):
        say(f"已写出 written: {path}（{pages} 页 pages）")


def _person(instance: Instance, word: str) -> str:
    """Return the id of a person given by id or name."""
    found = meant(instance, "people", word)
    if found not in instance.person_by_id:
        raise InputError([issue("unknown_person", Spot(cell="PERSON"), word)])
    return found


def _tell(updated: Updated, out: Path, as_json: bool) -> None:
    """Say what changed and what it broke; exit 1 if a hard rule is broken."""
    hard = updated.report.hard
    if as_json:
        print_json(
            {
                "changes": [row.model_dump(mode="json") for row in updated.changes],
                "sentences": list(updated.sentences),
                "breaches": [breach.model_dump(mode="json") for breach in hard],
                "new_breaches": updated.new_breaches,
                "remarks": [remark.model_dump() for remark in updated.remarks],
            }
        )
        raise typer.Exit(1 if hard else 0)
    for remark in updated.remarks:
        complain(f"提示 remark: {remark.lines()}")
    say(f"改动 {len(updated.changes)} 处 changes: {len(updated.changes)}")
    say("\n".join(f"  {sentence}" for sentence in updated.sentences) or "  没有改动 none")
    say(f"硬性违规 hard breaches: {len(hard)}（新增 new {updated.new_breaches}）")
    for breach in hard[:SHOWN_UNMET]:
        say(f"  ! {breach.zh} / {breach.en} [{breach.rule}]")
    say(f"缺岗 unmet: {len(updated.report.unmet)}")
    say(f"已写出 written: {out}")
    raise typer.Exit(1 if hard else 0)
