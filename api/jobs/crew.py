"""A crew of worker processes on this machine, kept alive under the same executor ids."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from api.job_settings import JobSettings
from api.jobs.leases import EXECUTOR_IDS

LOOK_SECONDS = 0.2
QUICK_DEATH, LONGEST_WAIT = 5.0, 30.0
"""Seconds: a worker that dies sooner is started again later, twice as late each time."""


@dataclass
class _WorkerProcess:
    """One worker's slot: the process running now, and when the next may start."""

    executor: str
    process: subprocess.Popen[bytes]
    began: float
    wait: float = 0.0

    def let_go(self) -> None:
        """Close the pipe of a process that has ended."""
        assert self.process.stdin is not None
        self.process.stdin.close()


class WorkerCrew:
    """Running workers; leaving the context stops them."""

    def __init__(self, settings: JobSettings, executors: list[str]) -> None:
        self._settings = settings
        self._stop = threading.Event()
        self._places = [_WorkerProcess(e, self._start(e), time.monotonic()) for e in executors]
        self._guard = threading.Thread(target=self._watch, daemon=True)
        self._guard.start()

    def __enter__(self) -> Self:
        """Start the workers."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Stop the workers."""
        self.stop()

    @property
    def pids(self) -> dict[str, int]:
        """Process ids by executor id."""
        return {place.executor: place.process.pid for place in self._places}

    def wait(self) -> None:
        """Work until interrupted or stopped."""
        self._stop.wait()

    def stop(self, seconds: float = 10) -> None:
        """End the workers, by force after ``seconds``; their jobs go on at the next start."""
        self._stop.set()
        self._guard.join()
        for place in self._places:
            place.process.terminate()
        for place in self._places:
            try:
                place.process.wait(seconds)
            except subprocess.TimeoutExpired:
                place.process.kill()
                place.process.wait()
            place.let_go()

    def _watch(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            for place in self._places:
                if place.process.poll() is not None:
                    self._restart(place)

    def _restart(self, place: _WorkerProcess) -> None:
        place.let_go()
        ended = time.monotonic()
        quick = ended - place.began < QUICK_DEATH + place.wait
        place.wait = min(LONGEST_WAIT, 2 * place.wait + LOOK_SECONDS) if quick else 0.0
        if not self._stop.wait(place.wait):
            place.process, place.began = self._start(place.executor), time.monotonic()

    def _start(self, executor: str) -> subprocess.Popen[bytes]:
        # settings go through the environment: a database's password stands in no command line
        return subprocess.Popen(
            [sys.executable, "-m", "api.jobs.worker", executor, "--supervised"],
            stdin=subprocess.PIPE,
            env=os.environ | self._settings.environment(),
        )


def start_workers(number: int, settings: JobSettings, name: str | None = None) -> WorkerCrew:
    """Start worker processes and keep them alive.

    Parameters
    ----------
    number
        How many; each does one solve at a time.
    settings
        The same as the web server's.
    name
        Stem of the executor ids ``name-1`` …, the machine's name by default. It must stay the
        same over restarts and be no other machine's.

    Raises
    ------
    pydantic.ValidationError
        The name cannot be part of an id.
    """
    stem = name or socket.gethostname()
    executors = [EXECUTOR_IDS.validate_python(f"{stem}-{at}") for at in range(1, number + 1)]
    return WorkerCrew(settings, executors)
