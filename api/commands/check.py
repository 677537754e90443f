"""Check an input or a roster, and say why: hand-made rosters are welcome."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from api.actions.named import meant
from api.commands.options import (
    AsJson,
    Changes,
    File,
    Month,
    Profile,
    RosterFile,
    StageOption,
    Strict,
    finish,
    print_json,
    read_both,
    read_input,
)
from api.commands.terminal import say, shortage_lines
from models.issues import InputError, Issue
from models.messages import issue
from solver.limits import Stage

app = typer.Typer()


@app.command("check-input")
def check_input(
    file: File,
    as_json: AsJson = False,
    marked: Annotated[
        Path | None,
        typer.Option(
            "--issues",
            help="另存一份标出全部问题的工作簿（.xlsx）。Write the workbook with every issue marked.",
        ),
    ] = None,
) -> None:
    """检查输入，列出全部问题。Check the input and list every issue."""
    from api.actions import checking

    if marked is not None:
        checking.check_marked(file, marked)
    try:
        instance, odd = checking.checked(file)
    except InputError as error:
        _write_marked(file, marked, error.issues, (), as_json)
        raise
    _write_marked(file, marked, (), odd, as_json)
    counts = {name: len(rows) for name, rows in instance.tables() if rows}
    if as_json:
        told = [remark.model_dump() for remark in odd]
        shown = {"ok": True, "counts": counts, "input_hash": instance.content_hash}
        print_json(shown | {"remarks": told})
        return
    titles = type(instance).model_fields
    say("没有问题 ok")
    if odd:
        say(f"提示 {len(odd)} 条，不影响排班 remarks, none of which stops planning: {len(odd)}")
    for remark in odd:
        say(f"  {remark.lines()}")
    for name, count in counts.items():
        say(f"  {titles[name].title} {name}: {count}")


def _write_marked(
    file: Path,
    marked: Path | None,
    issues: Sequence[Issue],
    remarks: Sequence[Issue],
    is_quiet: bool,
) -> None:
    """Write the workbook with the issues marked, where one is asked for and there are any."""
    from models.formats.marked_workbook import write_marked_workbook

    if marked is None or not (issues or remarks):
        return
    write_marked_workbook(file, marked, issues, remarks)
    if not is_quiet:
        say(f"已标出全部问题 issues marked: {marked}")


@app.command()
def verify(
    file: File,
    roster: RosterFile,
    month: Month = None,
    profile: Profile = None,
    changes: Changes = None,
    stage: StageOption = Stage.ALL,
    as_json: AsJson = False,
    fail_on_unmet: Strict = False,
) -> None:
    """独立检查任何排班，包括手工排的。Check any roster, also one made by hand."""
    from api.actions import planning
    from solver.verify import verify as check_roster

    instance, read = read_both(file, roster, month, profile, changes)
    report = check_roster(instance, planning.rules_of(instance), read, stage)
    finish(report, as_json, fail_on_unmet)


@app.command()
def explain(
    file: File,
    roster: RosterFile,
    village: Annotated[
        str | None, typer.Option(help="村居，代码或名称。A village, by id or name.")
    ] = None,
    slot: Annotated[
        str | None,
        typer.Option(help="班次，如 “12月8日上午 某某站 咨询”，或代码 岗位@20261201am。A slot."),
    ] = None,
    person: Annotated[
        str | None, typer.Option(help="人员，编号或姓名。A person, by id or name.")
    ] = None,
    month: Month = None,
    as_json: AsJson = False,
) -> None:
    """说明为什么是这个人、为什么没有人。Say why this one, why nobody."""
    from api.actions import planning
    from api.actions.slot_words import slot_named
    from solver.answers.why import Why
    from solver.modelling.facts import Facts
    from solver.verify import explainer

    if sum(option is not None for option in (village, slot, person)) != 1:
        raise InputError([issue("explain_what")])
    instance, read = read_both(file, roster, month)
    village, person = meant(instance, "villages", village), meant(instance, "people", person)
    asked = [option for option in (village, slot, person) if option is not None]
    rules, facts = planning.rules_of(instance), Facts(instance, read.month)
    why = Why(facts, rules, read, explainer(facts, rules, read))
    ask = why.village if village is not None else why.slot if slot is not None else why.person
    lines = ask(asked[0] if slot is None else slot_named(instance, read.month, slot))
    if as_json:
        print_json([{"zh": line.zh, "en": line.en} for line in lines])
    else:
        say("\n".join(f"{line.zh}    {line.en}" for line in lines))


@app.command()
def shortage(
    file: File,
    profile: Profile = None,
    changes: Changes = None,
    as_json: AsJson = False,
) -> None:
    """说明顾问够不够、缺几名、缺在哪里。Say how many advisers are missing for the cap, and where."""
    from api.actions import planning

    found = planning.shortage_of(read_input(file, None, profile, changes))
    if as_json:
        print_json({"shortage": found.model_dump(mode="json") if found else None})
    elif found is None:
        say("不超过上限即可全覆盖，不缺顾问。The cap holds, no adviser is missing.")
    else:
        say("\n".join(shortage_lines(found)))
