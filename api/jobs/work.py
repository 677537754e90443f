"""The work of a job in a worker: a child process watched, its answer kept once."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from api.job_settings import JobSettings
from api.jobs import child, refusals
from api.jobs.answers import Answers, counts, kept_comparison
from api.jobs.job import State, Verdict
from api.jobs.orders import (
    DraftOrder,
    ExportOrder,
    ImportOrder,
    Order,
    SolveOrder,
    WhatifOrder,
)
from api.jobs.process import Child
from api.jobs.results import File, Plan, Results
from models.instance import Instance
from models.issues import InputError, Issue
from models.report import Status
from models.store.database.errors import UnavailableError
from models.store.database.failures import files_spoken

Tell = Callable[[str, dict[str, Any]], None]
"""Keeps an event: its kind and what it says."""

LOOK_SECONDS = 0.1
_Thing = TypeVar("_Thing")


@dataclass
class Work:
    """One job being done.

    Parameters
    ----------
    job, order
        Which, and what.
    settings, results
        Limits, and where things are kept.
    is_cancelled
        Asks whether somebody wants the job to end.
    tell
        Keeps an event.
    folder
        Of this worker alone; each child gets a new one inside.
    """

    job: str
    order: Order
    settings: JobSettings
    results: Results
    is_cancelled: Callable[[], bool]
    tell: Tell
    folder: Path
    _cancelled: bool = field(default=False, init=False)
    _overtime: bool = field(default=False, init=False)

    def run(self) -> Verdict:
        """Do it, unless it was done before the worker died, and say how it ended."""
        try:
            with files_spoken():
                return self._run()
        except UnavailableError as error:
            return Verdict(state=State.FAILED, issues=error.issues)

    def _run(self) -> Verdict:
        self._cancelled = self.is_cancelled()
        kept = self._patiently(self._kept)
        if kept is not None:
            return kept
        if self._cancelled and not self._patiently(self._has_answers):
            return Verdict(state=State.CANCELLED)
        for attempt in range(1, self.settings.attempts + 1):
            self.tell("started", {"attempt": attempt})
            with tempfile.TemporaryDirectory(dir=self.folder) as place:
                verdict = self._attempt(Path(place))
            if verdict is not None:
                return verdict
        return Verdict(state=State.FAILED, issues=(refusals.died(),))

    def _attempt(self, place: Path) -> Verdict | None:
        """Return how a child ended the job, None if it only died."""
        try:
            self._patiently(lambda: self._lay_out(place))
        except InputError as error:
            return Verdict(state=State.FAILED, issues=error.issues)
        with Child(place) as process:
            self._watch(process, place)
        answer = place / child.ANSWER
        if answer.exists():
            verdict = Verdict.model_validate_json(answer.read_bytes())
            return self._patiently(lambda: self._keep(verdict, place))
        if process.code == child.UNWRITABLE:
            return Verdict(state=State.FAILED, issues=(refusals.unwritable(),))
        if self._cancelled:
            return Verdict(state=State.CANCELLED)
        if self._overtime:
            return Verdict(state=State.FAILED, issues=(refusals.overtime(),))
        return None

    def _patiently(self, ask: Callable[[], _Thing]) -> _Thing:
        """Ask until it works: a database that restarts or a full disk costs time, not the plan."""
        until = time.monotonic() + self.settings.patience
        while True:
            try:
                with files_spoken():
                    return ask()
            except UnavailableError as error:
                if error.issue.code == "damaged" or time.monotonic() >= until:
                    raise
            time.sleep(self.settings.poll)

    def _lay_out(self, place: Path) -> None:
        """Put the order and what it needs where the child looks for it."""
        order = self.order
        child.put(place / child.ORDER, order.model_dump_json().encode())
        if isinstance(order, SolveOrder | DraftOrder | WhatifOrder):
            found = self.results.read_instance(order.instance)
            instance = _found(found, refusals.no_instance(order.instance))
            child.put(place / child.INSTANCE, instance.model_dump_json().encode())
        if isinstance(order, ImportOrder | DraftOrder):
            file = _found(self.results.read_file(self.job), refusals.no_file(order.name))
            (place / child.UPLOAD).mkdir(exist_ok=True)
            child.put(place / child.UPLOAD / order.name, file.content)
        if isinstance(order, ExportOrder):
            asked = self.results.read_roster(order.roster, order.version)
            plan = _found(asked, refusals.no_roster(order.roster, order.version))
            child.put(place / child.PLAN, plan.model_dump_json().encode())
        if isinstance(order, WhatifOrder):
            self._answers(place).lay_out()

    def _watch(self, process: Child, place: Path) -> None:
        """Pass progress on until the child ends: by itself, interrupted, or killed after the grace."""
        began = looked = time.monotonic()
        deadline, kill_at = began + self._allowed(), float("inf")
        ended = False
        while not ended:
            ended = process.wait(LOOK_SECONDS)
            now = time.monotonic()
            if ended or now >= looked + self.settings.poll:
                looked = now
                self._pass_on(process)
                self._keep_answers(place)
                self._cancelled = self._cancelled or self.is_cancelled()
            self._overtime = self._overtime or now >= deadline
            if (self._cancelled or self._overtime) and kill_at == float("inf"):
                self.tell("cancelling" if self._cancelled else "overtime", {})
                process.interrupt()
                kill_at = now + self.settings.grace
            if now >= kill_at:
                process.kill()

    def _pass_on(self, process: Child) -> None:
        steps = process.take_steps()
        if steps:
            self.tell("progress", {"steps": steps})

    def _keep_answers(self, place: Path) -> None:
        """Keep what a question has come to so far; where it cannot be kept now, the next time."""
        if isinstance(self.order, WhatifOrder):
            with suppress(UnavailableError), files_spoken():
                self._answers(place).keep_runs()

    def _answers(self, place: Path) -> Answers:
        return Answers(self.job, self.results, place / child.ANSWERS)

    def _has_answers(self) -> bool:
        """Whether there is something to be compared, of a question that a worker died with."""
        return isinstance(self.order, WhatifOrder) and bool(self.results.answer_files(self.job))

    def _allowed(self) -> float:
        if isinstance(self.order, SolveOrder):
            return self.order.seconds + self.settings.overtime
        if isinstance(self.order, WhatifOrder):
            return self.order.solves * (self.order.seconds + self.settings.overtime)
        return self.settings.file_seconds

    def _keep(self, answer: Verdict, place: Path) -> Verdict:
        """Keep what the child left, under the job's id, and return what is kept there."""
        if answer.state is State.FAILED:
            return answer
        match self.order:
            case SolveOrder() | DraftOrder():
                plan = Plan.model_validate_json((place / child.PLAN).read_bytes())
                self.results.keep_plan(self.job, plan)
            case ImportOrder():
                return self._keep_import(place, keep=self.order.keep)
            case ExportOrder():
                content = (place / child.RESULT).read_bytes()
                self.results.keep_file(self.job, File(name=answer.file, content=content))
            case WhatifOrder():
                self._answers(place).keep()
        kept = self._kept()
        assert kept is not None, "results that were kept can be read"
        return kept

    def _keep_import(self, place: Path, *, keep: bool) -> Verdict:
        instance = Instance.model_validate_json((place / child.INSTANCE).read_bytes())
        issues = refuse_rows(instance, self.settings)
        if issues:
            return Verdict(state=State.FAILED, issues=issues)
        counts = instance.counts()
        if not keep:
            return Verdict(counts=counts)
        self.results.keep_instance(self.job, instance)
        return Verdict(instance=instance.content_hash, counts=counts)

    def _kept(self) -> Verdict | None:
        """Return how the job ended if its result is kept already."""
        match self.order:
            case SolveOrder() | DraftOrder():
                plan = self.results.read_plan(self.job)
                if plan is None:
                    return None
                cut_short = self._cancelled and plan.report.status is Status.INTERRUPTED
                state = State.CANCELLED if cut_short else State.DONE
                return Verdict(state=state, has_plan=True, instance=plan.instance.content_hash)
            case ExportOrder():
                file = self.results.read_file(self.job)
                return Verdict(file=file.name) if file is not None else None
            case WhatifOrder():
                comparison = kept_comparison(self.results, self.job)
                if comparison is None:
                    return None
                cut_short = self._cancelled and bool(comparison.missing)
                state = State.CANCELLED if cut_short else State.DONE
                return Verdict(state=state, counts=counts(comparison))
            case ImportOrder():
                return None  # as quick to repeat, and its instance is kept by its hash


def refuse_rows(instance: Instance, settings: JobSettings) -> tuple[Issue, ...]:
    """Return the complaint about an instance that is too large, if it is."""
    rows = sum(instance.counts().values())
    if rows <= settings.most_rows:
        return ()
    return (refusals.too_many_rows(rows, settings.most_rows),)


def _found(thing: _Thing | None, issue: Issue) -> _Thing:
    if thing is None:
        raise InputError([issue])
    return thing
