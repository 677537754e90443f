"""The work of a job in a worker: a child process watched, its answer kept once."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from api.jobs import child
from api.jobs.contract.folder import ANSWER, ORDER, put
from api.jobs.contract.kind import JobKind, TakenJob
from api.jobs.contract.verdict import JobEnd, State
from api.jobs.kinds import kind_of
from api.jobs.process import Child
from models.issues import InputError
from models.messages import issue
from models.store.database.errors import UnavailableError
from models.store.database.failures import files_as_unavailable

TellEvent = Callable[[str, dict[str, Any]], None]
"""Keeps an event: its kind and what it says."""

LOOK_SECONDS = 0.1
_Thing = TypeVar("_Thing")


@dataclass
class Work:
    """One job being done.

    Parameters
    ----------
    taken
        Which job, its limits, and where things are kept.
    is_cancelled
        Returns whether the job has been cancelled.
    tell
        Keeps an event.
    folder
        Of this worker alone; each child gets a new one inside.
    """

    taken: TakenJob[Any]
    is_cancelled: Callable[[], bool]
    tell: TellEvent
    folder: Path
    _kind: JobKind[Any] = field(init=False)
    _overtime: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._kind = kind_of(self.taken.order)
        self._settings = self.taken.settings

    def run(self) -> JobEnd:
        """Do the job, unless it was done before the worker died, and return how it ended."""
        try:
            with files_as_unavailable():
                return self._run()
        except UnavailableError as error:
            return JobEnd(state=State.FAILED, issues=error.issues)

    def _run(self) -> JobEnd:
        self.taken.is_cancelled = self.is_cancelled()
        kept = self._patiently(lambda: self._kind.kept(self.taken))
        if kept is not None:
            return kept
        if self.taken.is_cancelled and not self._patiently(lambda: self._kind.has_part(self.taken)):
            return JobEnd(state=State.CANCELLED)
        for attempt in range(1, self._settings.attempts + 1):
            self.tell("started", {"attempt": attempt})
            with tempfile.TemporaryDirectory(dir=self.folder) as place:
                verdict = self._attempt(Path(place))
            if verdict is not None:
                return verdict
        return JobEnd(state=State.FAILED, issues=(issue("job_died"),))

    def _attempt(self, place: Path) -> JobEnd | None:
        """Return how a child ended the job, None if it only died."""
        try:
            self._patiently(lambda: self._lay_out(place))
        except InputError as error:
            return JobEnd(state=State.FAILED, issues=error.issues)
        with Child(place) as process:
            self._watch(process, place)
        answer = place / ANSWER
        if answer.exists():
            return self._keep(JobEnd.model_validate_json(answer.read_bytes()), place)
        if process.code == child.UNWRITABLE:
            return JobEnd(state=State.FAILED, issues=(issue("job_unwritable"),))
        if self.taken.is_cancelled:
            return JobEnd(state=State.CANCELLED)
        if self._overtime:
            return JobEnd(state=State.FAILED, issues=(issue("job_overtime"),))
        return None

    def _keep(self, answer: JobEnd, place: Path) -> JobEnd:
        if answer.state is State.FAILED:
            return self._patiently(lambda: self._kind.keep_failed(self.taken, place, answer))
        return self._patiently(lambda: self._kind.keep(self.taken, place, answer))

    def _lay_out(self, place: Path) -> None:
        put(place / ORDER, self.taken.order)
        self._kind.lay_out(self.taken, place)

    def _patiently(self, ask: Callable[[], _Thing]) -> _Thing:
        """Ask until it works: a database that restarts or a full disk costs time, not the plan."""
        until = time.monotonic() + self._settings.patience
        while True:
            try:
                with files_as_unavailable():
                    return ask()
            except UnavailableError as error:
                if error.issue.code == "damaged" or time.monotonic() >= until:
                    raise
            time.sleep(self._settings.poll)

    def _watch(self, process: Child, place: Path) -> None:
        """Pass progress on until the child ends: by itself, interrupted, or killed after the grace."""
        began = looked = time.monotonic()
        deadline, kill_at = (
            began + self._kind.seconds(self.taken.order, self._settings),
            float("inf"),
        )
        ended = False
        while not ended:
            ended = process.wait(LOOK_SECONDS)
            now = time.monotonic()
            if ended or now >= looked + self._settings.poll:
                looked = now
                self._pass_on(process)
                self._keep_part(place)
                self.taken.is_cancelled = self.taken.is_cancelled or self.is_cancelled()
            self._overtime = self._overtime or now >= deadline
            if (self.taken.is_cancelled or self._overtime) and kill_at == float("inf"):
                self.tell("cancelling" if self.taken.is_cancelled else "overtime", {})
                process.interrupt()
                kill_at = now + self._settings.grace
            if now >= kill_at:
                process.kill()

    def _pass_on(self, process: Child) -> None:
        steps = process.take_steps()
        if steps:
            self.tell("progress", {"steps": steps})

    def _keep_part(self, place: Path) -> None:
        """Keep what there is so far; where it cannot be kept now, the next time."""
        with suppress(UnavailableError), files_as_unavailable():
            self._kind.keep_part(self.taken, place)
