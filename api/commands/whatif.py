"""What if: scenarios of a question solved side by side, compared, and one of them promoted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.options import AsJson, Cluster, Workers
from api.commands.plan import CORES
from api.commands.terminal import say
from models.issues import InputError
from models.messages import issue

if TYPE_CHECKING:
    from models.instance import Instance
    from scenarios.whatif.question import Question

app = typer.Typer()

Folder = Annotated[Path | None, typer.Option(help="结果文件夹。Folder for the results.")]


@app.command()
def whatif(
    file: Annotated[
        Path,
        typer.Argument(help="输入文件；只有一个参数时为问题。The input; alone, the question."),
    ],
    scenarios: Annotated[
        Path | None,
        typer.Argument(help="问题文件 .toml，或内置问题的名称。A question file, or a bundled one."),
    ] = None,
    out: Folder = None,
    workers: Workers = CORES,
    cluster: Cluster = "",
    as_json: AsJson = False,
) -> None:
    """假设分析：并排求解各方案并比较，中断后再运行即继续。Solve scenarios side by side and compare."""
    from api.actions import planning, whatif
    from api.commands.whatif_terminal import comparison_lines, run_progress
    from scenarios.questions import question_path
    from scenarios.whatif.runs import Workers

    path = question_path(scenarios or file)
    if scenarios is None and path.suffix != ".toml":
        raise InputError([issue("whatif_what")])
    question, base = _read(path, file if scenarios is not None else None)
    folder = out or Path("out") / path.stem
    planning.check_folder(folder)
    planning.check_apart(file, folder, whatif.RESULTS)
    with run_progress(quiet=as_json) as watch:
        found = whatif.ask(question, base, folder, Workers(workers, cluster), watch)
    if as_json:
        typer.echo(found.model_dump_json(indent=1))
    else:
        say("\n".join(comparison_lines(found)))
        names = (whatif.PAGE, whatif.WORKBOOK, whatif.JSON)
        say(f"已写出 written: {'、'.join(str(folder / name) for name in names)}")
    is_whole = not found.missing and all(row.rank for row in found.scenarios)
    raise typer.Exit(0 if is_whole else 1)


def _read(path: Path, file: Path | None) -> tuple[Question, Instance]:
    """Return the question and its base: the file of the command before that of the question."""
    from api.actions import whatif
    from scenarios.whatif.question_file import read_question

    question = read_question(path)
    name, folder = (question.head.base, path.parent) if file is None else (str(file), Path())
    return question, whatif.base_of(name, folder, question.head.base_seed)


@app.command()
def promote(
    folder: Annotated[Path, typer.Argument(help="zhiban whatif 的结果文件夹 its folder")],
    name: Annotated[str, typer.Argument(help="方案名称 the scenario")],
    out: Annotated[Path, typer.Option(help="结果文件夹。Folder for the plan.")],
    seed: Annotated[int | None, typer.Option(help="哪个种子 which seed")] = None,
) -> None:
    """采用一个方案：写出它的完整计划与输入。Take one scenario: write its whole plan and its input."""
    from api.actions import planning, whatif

    planning.check_folder(out)
    chosen = whatif.promote(folder, name, seed, out)
    say(f"已写出方案“{chosen.name}”的计划与输入 plan and input written: {out}")
    say(
        f"输入 input: {out / 'input.json'}；核对 check: zhiban verify {out / 'input.json'} {out / 'roster.json'}"
    )


@app.command()
def changes(
    markdown: Annotated[
        bool, typer.Option("--markdown", help="输出说明页。Print the page.")
    ] = False,
) -> None:
    """列出可用的改变与内置问题。List the changes there are, and the bundled questions."""
    from scenarios.changes import change_types
    from scenarios.questions import questions
    from scenarios.whatif.change_reference import change_reference

    if markdown:
        typer.echo(change_reference(), nl=False)
        return
    for code, kind in change_types().items():
        say(f"{code}  {kind.zh}  {kind.en}    {', '.join(kind.model_fields)}")
    say("内置问题 bundled questions:")
    for path in questions():
        say(f"  {path.stem}")
