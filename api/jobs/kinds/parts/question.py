"""A question in the child process: its scenarios are solved and compared in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from api.jobs.contract.kind import Tell
from models.formats.containers.whole_files import write_text
from models.instance import Instance
from models.issues import Sentence
from models.report import Report

if TYPE_CHECKING:
    from api.actions.whatif import Watch
    from scenarios.whatif.preparing import PreparedScenario
    from scenarios.whatif.runs import OnRunStep, Run, RunStep

SCENARIOS = "scenarios.json"
"""What is to be solved; written before the first solve."""


class Scenario(BaseModel):
    """One scenario with one seed: what it changes, and the run that answers it."""

    model_config = ConfigDict(frozen=True)

    name: str
    name_en: str
    seed: int
    run: str
    sentences: tuple[Sentence, ...]


SCENARIO_LIST: TypeAdapter[tuple[Scenario, ...]] = TypeAdapter(tuple[Scenario, ...])


def answer(text: str, name: str, base: Instance, folder: Path, tell: Tell) -> None:
    """Solve what ``folder`` does not hold yet and write the comparison into it.

    An interrupt leaves the comparison of what is there.

    Raises
    ------
    InputError
        With every issue of the question, or those of the base.
    KeyboardInterrupt
        When interrupted before the base was solved.
    """
    # solver and scenarios take a second to load
    from api.actions import whatif
    from scenarios.whatif.question_file import parse_question
    from scenarios.whatif.runs import Workers

    question = parse_question(text, name)
    whatif.ask(question, base, folder, Workers(), _watch(folder, tell))


def _watch(folder: Path, tell: Tell) -> Watch:
    def begin(prepared: list[PreparedScenario], runs: list[Run]) -> OnRunStep:
        scenarios = _scenarios(prepared, runs)
        write_text(folder / SCENARIOS, SCENARIO_LIST.dump_json(scenarios, indent=1).decode() + "\n")
        return _Teller(scenarios, tell)

    return begin


def _scenarios(prepared: list[PreparedScenario], runs: list[Run]) -> tuple[Scenario, ...]:
    return tuple(
        Scenario(
            name=item.name,
            name_en=item.name_en,
            seed=item.seed,
            run=run.key,
            sentences=tuple(Sentence(zh=said.zh, en=said.en) for said in item.sentences),
        )
        for item, run in zip(prepared, runs, strict=True)
    )


class _Teller:
    """Tells which run is solved, of which scenarios, and how near to the best its goals came."""

    def __init__(self, scenarios: tuple[Scenario, ...], tell: Tell) -> None:
        self._names: dict[str, list[str]] = {}
        for item in scenarios:
            self._names.setdefault(item.run, []).append(item.name)
        self._seeds = {item.run: item.seed for item in scenarios}
        self._tell = tell
        self._ended: set[str] = set()

    def __call__(self, step: RunStep) -> None:
        """Pass a step on."""
        key, report = step.run.key, step.report
        if step.state.value != "started":
            self._ended.add(key)
        told = {
            "run": key,
            "scenarios": self._names[key],
            "seed": self._seeds[key],
            "state": step.state.value,
            "zh": step.state.label,
            "ended": len(self._ended),
            "of": len(self._names),
        }
        self._tell(key, told | (_reached(report) if report else {}))


def _reached(report: Report) -> dict[str, Any]:
    numbers = {"stage", "name", "zh", "value", "bound", "gap"}
    goals = [goal.model_dump(include=numbers) for goal in report.goals]
    return {"goals": goals, "seconds": round(sum(report.seconds.values()), 3)}
