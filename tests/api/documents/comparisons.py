"""Comparisons of answers written by hand: nothing is solved, all that is said of them is computed."""

from __future__ import annotations

from dataclasses import dataclass, field

from models.goals import Goal, GoalResult
from models.instance import Instance
from models.issues import Issue
from models.report import FairnessRow, Report, Status, Unmet
from models.roster import AdviserSeat, Roster
from scenarios.compare.compare import compare
from scenarios.compare.result import Comparison
from scenarios.whatif.preparing import prepare
from scenarios.whatif.question_file import parse_question
from scenarios.whatif.runs import RunResult, runs_of

Reached = dict[tuple[str, str], tuple[int, float]]
"""Value and bound by stage and goal."""


@dataclass(frozen=True)
class Said:
    """What is to be the answer to a scenario; with ``refused`` there is none."""

    goals: Reached = field(default_factory=dict)
    advisers: dict[str, str] = field(default_factory=dict)
    unmet: tuple[Unmet, ...] = ()
    kpis: dict[str, float] = field(default_factory=dict)
    loads: tuple[FairnessRow, ...] = ()
    refused: Issue | None = None


def compared(
    base: Instance, question: str, answers: list[Said]
) -> tuple[Comparison, dict[str, Instance]]:
    """Return the comparison of a question whose solves answer so, in the order of the document."""
    asked = parse_question(question, "q.toml")
    prepared = prepare(asked, base)
    runs = runs_of(asked.head, prepared)
    said = {run.key: _answer(run.instance, one) for run, one in zip(runs, answers, strict=True)}
    return compare(asked, prepared, runs, said), {run.key: run.instance for run in runs}


def _answer(instance: Instance, said: Said) -> RunResult:
    if said.refused is not None:
        return RunResult(issues=(said.refused,))
    month = instance.settings.month
    seats = tuple(AdviserSeat(village=v, person=p) for v, p in said.advisers.items())
    report = Report(
        status=Status.FEASIBLE,
        month=month,
        goals=tuple(_goal(*key, *numbers) for key, numbers in said.goals.items()),
        unmet=said.unmet,
        kpis=said.kpis,
        fairness=said.loads,
        input_hash=instance.content_hash,
    )
    return RunResult(Roster(month=month, advisers=seats), report)


def _goal(stage: str, name: str, value: int, bound: float) -> GoalResult:
    gap = (value - bound) / max(1, value)
    zh = Goal(name).label
    return GoalResult(name=name, zh=zh, stage=stage, value=value, bound=bound, gap=gap, seconds=0.0)
