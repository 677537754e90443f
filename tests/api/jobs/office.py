"""An office: a queue, results in files, and workers when wanted. Everything is real."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import psutil

from api.job_settings import JobSettings
from api.jobs.crew import Crew, start_workers
from api.jobs.job import Job, State
from api.jobs.orders import SolveOrder
from api.jobs.service import JobService
from models.instance import Instance
from scenarios.generator.catalogue import load as scenario
from scenarios.generator.generate import generate
from tests.api.commands.command import ROOT
from tests.api.jobs.file_results import FOLDER, FileResults

PATIENCE = 120.0
"""Seconds to wait on a loaded machine; a test that waits so long has failed."""


@cache
def township(seed: int = 1) -> Instance:
    """A solve of about a second."""
    return generate("410105", "T", seed)


@cache
def county() -> Instance:
    """A solve long enough to be stopped in the middle."""
    return scenario("county")


class Office:
    """One queue with its results, under a folder of its own."""

    def __init__(self, folder: Path, database: str | None = None, **changes: Any) -> None:
        self.results = FileResults(folder)
        paths = [str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
        os.environ |= {FOLDER: str(folder), "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}
        quick = {"poll": 0.1, "beat": 0.2, "lease": 1.5, "grace": 60, "folder": folder / "work"}
        self.settings = JobSettings(
            database=database or f"sqlite:///{folder / 'jobs.sqlite'}",
            results="tests.api.jobs.file_results:open_results",
            **(quick | changes),
        )
        self.service = JobService(self.settings, self.results)

    def workers(self, number: int = 1, name: str = "worker") -> Crew:
        return start_workers(number, self.settings, name)

    def order(self, instance: Instance, **choices: Any) -> SolveOrder:
        self.results.keep_instance("", instance)
        return SolveOrder(instance=instance.content_hash, **choices)

    def job(self, job: str) -> Job:
        found = self.service.status(job)
        assert found is not None
        return found

    def finished(self, job: str) -> Job:
        wait_until(lambda: self.job(job).state.is_final)
        return self.job(job)

    def running(self, job: str) -> Job:
        wait_until(lambda: self.job(job).state is not State.QUEUED)
        return self.job(job)

    async def events(self, job: str) -> list[Any]:
        return [event async for event in self.service.events(job)]


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def children_at_work(worker: int) -> list[psutil.Process]:
    """Return the child processes in which a worker does its jobs."""
    try:
        children = psutil.Process(worker).children()
        return [child for child in children if "api.jobs.child" in child.cmdline()]
    except psutil.NoSuchProcess:
        return []
