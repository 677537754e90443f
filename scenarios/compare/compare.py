"""Compares every scenario with the base of its seed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

from models.issues import Sentence
from scenarios.compare.differences import (
    adviser_rows,
    now_met_rows,
    person_rows,
    township_rows,
    unmet_rows,
)
from scenarios.compare.money import money_of
from scenarios.compare.notes import notes
from scenarios.compare.result import Compared, Comparison, RuleRow, Spread
from scenarios.compare.side import Side
from scenarios.compare.verdicts import ahead, goal_rows, overall
from scenarios.whatif.preparing import PreparedScenario
from scenarios.whatif.question import Question
from scenarios.whatif.runs import Run, RunResult
from solver.figures import UNPLANNED as UNKNOWN
from solver.limits import Stage

REFUSED = "refused"
"""Status of what the solver would not start."""

UNPLANNED = {
    Stage.ALL: frozenset[str](),
    Stage.ADVISERS: UNKNOWN[Stage.ADVISERS] | {"standby_seats"},
    Stage.MONTH: UNKNOWN[Stage.MONTH] | {"mediator_seats"},
}
"""Figures of what a stage leaves out: they are not 0, they are not known."""


def compare(
    question: Question,
    prepared: Sequence[PreparedScenario],
    runs: Sequence[Run],
    answers: Mapping[str, RunResult],
) -> Comparison:
    """Return the comparison of all answered scenarios; ``runs`` match ``prepared`` one to one."""
    head = question.head
    rows: list[Compared] = []
    missing: list[str] = []
    for seed in head.seeds:
        own = [(item, run) for item, run in zip(prepared, runs, strict=True) if item.seed == seed]
        answered = [(item, run, answers[run.key]) for item, run in own if run.key in answers]
        missing += [item.name for item, run in own if run.key not in answers]
        rows += _of_seed(answered, head.stage)
    return Comparison(
        question=head.name,
        question_en=head.name_en,
        plan=prepared[0].instance.settings.name,
        month=prepared[0].instance.settings.month,
        stage=head.stage.value,
        deterministic=head.deterministic,
        notice=prepared[0].instance.settings.notice,
        notes=tuple(notes(rows, head.stage, _side(runs[0], answers[runs[0].key]))),
        scenarios=tuple(rows),
        spreads=tuple(_spreads(rows)) if len(head.seeds) > 1 else (),
        missing=tuple(missing),
    )


def _of_seed(
    answered: Sequence[tuple[PreparedScenario, Run, RunResult]], stage: Stage
) -> list[Compared]:
    """Return the scenarios of one seed compared with its base, which comes first, if any."""
    sides = [_side(run, answer) for _, run, answer in answered]
    if not sides or sides[0] is None:
        return []
    base = sides[0]
    known = [(item.name, side) for (item, _, _), side in zip(answered, sides, strict=True) if side]
    better = iter(ahead([side for _, side in known]))
    rows = []
    for number, ((item, run, answer), side) in enumerate(zip(answered, sides, strict=True)):
        plain = Compared(
            name=item.name,
            name_en=item.name_en,
            seed=item.seed,
            run=run.key,
            is_base=number == 0,
            sentences=tuple(Sentence(zh=s.zh, en=s.en) for s in item.sentences),
            status=REFUSED,
            issues=answer.issues,
        )
        if side is not None:
            beaten_by = tuple(known[n][0] for n in next(better))
            place = {"rank": 1 + len(beaten_by), "beaten_by": beaten_by}
            plain = _beside(plain, side, base, stage).model_copy(update=place)
        rows.append(plain)
    return rows


def _side(run: Run, answer: RunResult) -> Side | None:
    if answer.roster is None or answer.report is None:
        return None
    return Side(run.instance, answer.roster, answer.report)


def _beside(row: Compared, side: Side, base: Side, stage: Stage) -> Compared:
    """Return a row that compares a scenario with the base."""
    verdict, goal = overall(side, base)
    report, instance = side.report, side.instance
    return row.model_copy(
        update={
            "status": report.status.value,
            "verdict": verdict,
            "decided_by": goal,
            "goals": tuple(goal_rows(side, base)),
            "rules": tuple(_rule_rows(side, base)),
            "asked": {k: n for k, n in side.asked.items() if k not in UNPLANNED[stage]},
            "kpis": {k: n for k, n in report.kpis.items() if n is not None},
            "townships": tuple(township_rows(side.facts, side.roster, stage)),
            "people": tuple(person_rows(instance, report, base.instance, base.report)),
            "advisers": tuple(adviser_rows(instance, side.roster, base.instance, base.roster)),
            "unmet": tuple(unmet_rows(report.unmet, base.report.unmet)),
            "now_met": tuple(now_met_rows(report.unmet, base.report.unmet)),
            "money": money_of(instance, side.roster, stage),
        }
    )


def _rule_rows(side: Side, base: Side) -> Iterator[RuleRow]:
    for code in sorted(side.rules.keys() | base.rules.keys()):
        rule, other = side.rules.get(code), base.rules.get(code)
        yield RuleRow(
            rule=code,
            zh=(rule or base.rules[code]).zh,
            amount=side.report.terms.get(code) if rule else None,
            base_amount=base.report.terms.get(code) if other else None,
            is_other=rule != other,
        )


def _spreads(rows: Sequence[Compared]) -> Iterator[Spread]:
    """Yield least, mean and most of every figure of a scenario over the seeds."""
    figures: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in rows:
        for name, value in row.kpis.items():
            figures[row.name, name].append(value)
        if row.money is not None:
            figures[row.name, "cost"].append(row.money.total)
    for (name, figure), values in figures.items():
        mean = round(fmean(values), 4)
        yield Spread(name=name, figure=figure, least=min(values), mean=mean, most=max(values))
