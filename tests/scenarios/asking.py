"""Questions asked of small instances inside this process."""

from __future__ import annotations

from models.instance import Instance
from scenarios.compare.compare import compare
from scenarios.compare.result import Compared, Comparison
from scenarios.whatif.preparing import PreparedScenario, prepare
from scenarios.whatif.question import Question
from scenarios.whatif.question_file import parse_question
from scenarios.whatif.runs import Run, RunResult, answer_to, runs_of

ONE = '[[scenario]]\nname = "改"\n[[scenario.change]]\n'
"""The beginning of a question's only scenario."""


def prepared(
    base: Instance, text: str, head: str = ""
) -> tuple[Question, list[PreparedScenario], list[Run]]:
    """Return a question about ``base`` with what is to be solved."""
    question = parse_question(f'name = "问题"\n{head}\n{text}', "q.toml")
    made = prepare(question, base)
    return question, made, runs_of(question.head, made)


def answered(runs: list[Run]) -> dict[str, RunResult]:
    """Return the answers, each scenario started from its base."""
    answers: dict[str, RunResult] = {}
    for run in sorted(runs, key=lambda run: run.start):
        start = answers[run.start].roster if run.start else None
        answers.setdefault(run.key, answer_to(run, start))
    return answers


def asked(base: Instance, text: str, head: str = "") -> Comparison:
    """Return the comparison that a question about ``base`` comes to."""
    question, made, runs = prepared(base, text, head)
    return compare(question, made, runs, answered(runs))


def beside(base: Instance, change: str, head: str = "") -> Compared:
    """Return the only scenario of a question, beside its base."""
    return asked(base, ONE + change, head).scenarios[1]
