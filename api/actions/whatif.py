"""The what-if actions: ask a question, promote an answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from models.formats.containers.whole_files import replacing, write_text
from models.instance import Instance
from models.issues import InputError, Issue
from models.messages import Spot, issue
from scenarios.whatif.question import Question

if TYPE_CHECKING:
    from scenarios.compare.result import Compared, Comparison
    from scenarios.whatif.preparing import PreparedScenario
    from scenarios.whatif.runs import OnRunStep, Run, Workers

RUNS = "runs"
"""Folder of the answers, below that of the comparison."""
JSON, WORKBOOK, PAGE = "comparison.json", "comparison.xlsx", "comparison.html"
RESULTS = frozenset({JSON, WORKBOOK, PAGE})
"""Names that a comparison gives to its results."""

Watch = Callable[["list[PreparedScenario]", "list[Run]"], "OnRunStep"]
"""Told what there is to solve, it returns who watches the solving."""


def base_of(name: str, folder: Path, seed: int) -> Instance:
    """Return the base of this name: a bundled scenario made with ``seed``, or a file in ``folder``.

    Raises
    ------
    InputError
        When there is no name, or the file cannot be read.
    """
    from models.formats.read import read_instance
    from scenarios.generator.catalogue import SCENARIOS, load

    if not name:
        raise InputError([issue("no_base", Spot(cell="base"))])
    is_bundled = name in SCENARIOS and not (folder / name).exists()
    return load(name, seed) if is_bundled else read_instance(folder / name)


def ask(
    question: Question, base: Instance, out: Path, workers: Workers, watch: Watch
) -> Comparison:
    """Solve a question's scenarios side by side and write the comparison into ``out``.

    What ``out`` holds of an earlier run, whole or cut short, is not solved again. An interrupt
    leaves the comparison of what is there.

    Raises
    ------
    InputError
        With every issue of every scenario, before anything is solved, or when the base itself
        is refused.
    KeyboardInterrupt
        When interrupted before the base was solved.
    """
    from scenarios.compare.compare import compare
    from scenarios.whatif.preparing import prepare
    from scenarios.whatif.runs import Shelf, carry_out, runs_of
    from solver.engine.interrupts import may_stop

    prepared = prepare(question, base)
    runs = runs_of(question.head, prepared)
    shelf = Shelf(out / RUNS)
    on_step = watch(prepared, runs)
    try:
        with may_stop():
            answers = carry_out(runs, shelf, workers, on_step)
    except KeyboardInterrupt:
        kept = ((run.key, shelf.get(run)) for run in runs)
        answers = {key: answer for key, answer in kept if answer is not None}
        if runs[0].key not in answers:
            raise
    refused = answers[runs[0].key].issues
    if refused:
        raise InputError(refused)
    comparison = compare(question, prepared, runs, answers)
    _write(comparison, {run.key: run.instance for run in runs}, out)
    return comparison


def promote(folder: Path, name: str, seed: int | None, out: Path) -> Compared:
    """Write the answer of one scenario as a plan of its own, with the input it was made from.

    Raises
    ------
    InputError
        When ``folder`` holds no comparison, it has no such scenario, or that one has no plan.
    """
    from api.actions import planning
    from models.formats.read import read_instance
    from models.formats.write import write_json
    from models.report import Report
    from models.roster import Roster
    from scenarios.compare.result import Comparison
    from solver.solve import Outcome

    file = folder / JSON
    if not file.is_file():
        raise InputError([issue("no_comparison", value=folder, name=JSON)])
    comparison = Comparison.model_validate_json(file.read_bytes())
    row = chosen(comparison, name, seed)
    answer = folder / RUNS / row.run
    instance = read_instance(answer / "input.json")
    roster = Roster.model_validate_json((answer / "roster.json").read_bytes())
    report = Report.model_validate_json((answer / "report.json").read_bytes())
    planning.write(instance, Outcome(roster, report), out)
    write_json(instance, out / "input.json")
    return row


def chosen(comparison: Comparison, name: str, seed: int | None) -> Compared:
    """Return the scenario meant, which has a plan.

    Raises
    ------
    InputError
        There is no such scenario, it has several seeds, or it was refused.
    """
    named = [row for row in comparison.scenarios if row.name == name]
    found = [row for row in named if seed in (None, row.seed)]
    if not found or (len(found) > 1 and seed is None):
        raise InputError([_which(comparison, name, [row.seed for row in named])])
    if found[0].rank is None:
        raise InputError(found[0].issues)
    return found[0]


def _write(comparison: Comparison, instances: dict[str, Instance], out: Path) -> None:
    # XlsxWriter and jinja2 are only needed when something is written
    from api.actions.planning import county_cells
    from api.documents.comparison.comparison_page import render_comparison
    from api.documents.comparison.comparison_sheets import comparison_sheets
    from api.documents.roster_workbook import render_sheets

    title = f"{comparison.question}（{comparison.plan}）"
    book = render_sheets(comparison_sheets(comparison), title, comparison.month)
    with replacing(out / WORKBOOK) as temporary:
        temporary.write_bytes(book)
    cells = county_cells(next(iter(instances.values())))
    write_text(out / PAGE, render_comparison(comparison, instances, cells))
    write_text(out / JSON, comparison.model_dump_json(indent=1) + "\n")


def _which(comparison: Comparison, name: str, seeds: list[int]) -> Issue:
    code, spot = ("which_seed", Spot(cell="seed")) if seeds else ("which_scenario", Spot())
    listed = [str(seed) for seed in seeds] or list(
        dict.fromkeys(row.name for row in comparison.scenarios)
    )
    return issue(code, spot, name, known="、".join(listed), known_en=", ".join(listed))
