"""Runs: what to solve, where the answer is kept, and how an interrupted question resumes.

An answer is kept in a folder named by the hash of everything that determines it, which is moved
into place atomically: it is complete or absent. The same input has the same hash, whichever
question it came from, and is not solved again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from models.formats.document import instance_json
from models.instance import Instance
from models.issues import InputError, Issue
from models.report import Report, Status
from models.roster import Roster
from models.vocabulary import BilingualTerm
from scenarios.whatif.preparing import PreparedScenario
from scenarios.whatif.question import Head
from solver.engine.crews import ClusterCrew, Crew, LocalCrew, shared_out
from solver.limits import Limits, Stage
from solver.profiles import load_rules
from solver.versions import versions

_ISSUES = TypeAdapter(tuple[Issue, ...])


@dataclass(frozen=True)
class RunResult:
    """The outcome of a run: a roster with its report, or the issues for which it was refused."""

    roster: Roster | None = None
    report: Report | None = None
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class Run:
    """A solve to be done; ``start`` is the key of the run whose plan it starts from, if any."""

    instance: Instance
    stage: Stage
    limits: Limits
    start: str = ""

    @cached_property
    def key(self) -> str:
        """Hash (hex) of all that determines the answer; the number of workers does not."""
        content = json.dumps(self.decided_by, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:24]

    @property
    def decided_by(self) -> dict[str, Any]:
        """Everything that determines the answer."""
        limits = self.limits
        return {
            "input": self.instance.content_hash,
            "stage": self.stage.value,
            "seconds": limits.seconds,
            "seed": limits.seed,
            "deterministic": limits.deterministic,
            "start": self.start,
            "versions": versions(),
        }


def runs_of(head: Head, prepared: Sequence[PreparedScenario]) -> list[Run]:
    """Return the run of everything prepared, in that order; scenarios start from the base of their seed."""
    found: list[Run] = []
    bases: dict[int, Run] = {}
    for item in prepared:
        limits = Limits(head.time_limit, item.seed, head.deterministic)
        run = Run(item.instance, head.stage, limits)
        base = bases.setdefault(item.seed, run)
        is_same = run.instance.content_hash == base.instance.content_hash
        found.append(base if is_same else replace(run, start=base.key))
    return found


class RunState(BilingualTerm):
    """The state of a run."""

    KEPT = "kept", "已有", "kept"
    STARTED = "started", "求解中", "solving"
    SOLVED = "solved", "完成", "solved"
    REFUSED = "refused", "不可行", "refused"


@dataclass(frozen=True)
class RunStep:
    """What a watcher sees: a run and its state."""

    run: Run
    state: RunState
    report: Report | None = None


OnRunStep = Callable[[RunStep], None]


class Shelf:
    """The answers kept in a folder, one folder each.

    Parameters
    ----------
    folder
        Made when the first answer is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def of(self, run: Run) -> Path:
        """Return the folder of a run's answer."""
        return self.folder / run.key

    def get(self, run: Run) -> RunResult | None:
        """Return the answer to a run, None if there is none that can be read."""
        folder = self.of(run)
        try:
            if (folder / _REFUSED).exists():
                return RunResult(issues=_ISSUES.validate_json((folder / _REFUSED).read_bytes()))
            roster = Roster.model_validate_json((folder / _ROSTER).read_bytes())
            report = Report.model_validate_json((folder / _REPORT).read_bytes())
        except (OSError, ValidationError):
            return None
        return RunResult(roster, report) if report.input_hash == run.instance.content_hash else None

    def put(self, run: Run, answer: RunResult) -> None:
        """Keep an answer, with the input it belongs to and what decided it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for left in self.folder.glob(f".{run.key}-*"):  # left by a program killed while writing
            shutil.rmtree(left, ignore_errors=True)
        fresh = self.folder / f".{run.key}-{os.getpid()}"
        fresh.mkdir()
        for name, text in _documents(run, answer):
            (fresh / name).write_text(text, encoding="utf-8")
        if self.of(run).exists():  # unreadable, or kept by another program meanwhile
            shutil.rmtree(self.of(run))
        fresh.rename(self.of(run))


_ROSTER, _REPORT, _REFUSED = "roster.json", "report.json", "refused.json"


def _documents(run: Run, answer: RunResult) -> Iterator[tuple[str, str]]:
    yield "input.json", instance_json(run.instance)
    yield "run.json", json.dumps(run.decided_by, indent=1) + "\n"
    if answer.roster is None or answer.report is None:
        yield _REFUSED, _ISSUES.dump_json(answer.issues, indent=1).decode() + "\n"
        return
    yield _ROSTER, answer.roster.model_dump_json(indent=1) + "\n"
    yield _REPORT, answer.report.model_dump_json(indent=1) + "\n"


@dataclass(frozen=True)
class Workers:
    """Who solves: a number of local processes, or the workers of a dask cluster."""

    workers: int = 1
    cluster: str = ""

    def crew(self, calls: int) -> Crew:
        """Return a crew for a number of calls."""
        return ClusterCrew(self.cluster) if self.cluster else LocalCrew(min(self.workers, calls))

    def inside(self, calls: int) -> int:
        """Return the processes for one of the remaining calls; a cluster worker has one."""
        return 1 if self.cluster else max(1, self.workers // calls)


def carry_out(
    runs: Iterable[Run], shelf: Shelf, workers: Workers, on_step: OnRunStep = lambda step: None
) -> dict[str, RunResult]:
    """Solve what is not on the shelf yet, side by side, bases first; return all answers by key.

    Every answer is kept as soon as it is complete, so that a crash loses at most the runs under
    way.
    """
    answers: dict[str, RunResult] = {}
    asked = {run.key: run for run in runs}
    bases = {key: run for key, run in asked.items() if not run.start}
    others = {key: run for key, run in asked.items() if run.start}
    for wanted in (bases, others):
        missing = dict(wanted)
        for key, run in wanted.items():
            kept = shelf.get(run)
            if kept is not None:
                answers[key] = kept
                del missing[key]
                on_step(RunStep(run, RunState.KEPT, kept.report))
        if missing:
            _solve(missing, answers, shelf, workers, on_step)
    return answers


def _solve(
    runs: Mapping[str, Run],
    answers: dict[str, RunResult],
    shelf: Shelf,
    workers: Workers,
    on_step: OnRunStep,
) -> None:
    """Solve runs that are ready; processes left over help inside the last ones."""
    with workers.crew(len(runs)) as crew:

        def arguments(key: str, waiting: Sequence[str]) -> tuple[Run, Roster | None]:
            run = runs[key]
            on_step(RunStep(run, RunState.STARTED))
            start = answers[run.start].roster if run.start else None
            inside = workers.inside(len(waiting))
            return replace(run, limits=replace(run.limits, workers=inside)), start

        for key, answer in shared_out(crew, answer_to, runs, arguments):
            shelf.put(runs[key], answer)
            answers[key] = answer
            state = RunState.REFUSED if answer.report is None else RunState.SOLVED
            on_step(RunStep(runs[key], state, answer.report))


def answer_to(run: Run, start: Roster | None) -> RunResult:
    """Solve one run in this process."""
    # ortools takes 0.7 s to load, and only workers need it
    from solver.solve import solve

    instance = run.instance
    rules = load_rules(instance.settings.profile, instance.rules)
    try:
        outcome = solve(instance, rules, stage=run.stage, limits=run.limits, start=start)
    except InputError as error:
        return RunResult(issues=error.issues)
    if outcome.report.status is Status.INTERRUPTED:
        raise KeyboardInterrupt  # a partial answer does not count
    return RunResult(outcome.roster, outcome.report)
