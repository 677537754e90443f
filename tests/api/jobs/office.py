"""An office: a queue, its store, and workers when wanted. Everything is real."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import select

from api.job_settings import JobSettings
from api.jobs.contract.order import JobOrder, UploadOrder
from api.jobs.contract.plan import File
from api.jobs.contract.results import Results
from api.jobs.contract.verdict import State
from api.jobs.crew import WorkerCrew, start_workers
from api.jobs.job import Job
from api.jobs.kinds.solve import SolveOrder
from api.jobs.service import JobService
from models.instance import Instance
from models.store.database.store import Store
from models.store.jobs.jobs import put_job
from models.store.plans.instances import put_instance
from models.store.tables.log_table import LogEntry
from models.store.tables.plan_tables import JobRow
from scenarios.generator.catalogue import load as scenario
from scenarios.generator.generate import generate

PATIENCE = 120.0
"""Seconds to wait on a loaded machine; a test that waits so long has failed."""


AREA = "410105"


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
        self.folder = folder
        self.store = Store.open(folder)
        self.results = Results(self.store)
        quick = {"poll": 0.1, "beat": 0.2, "lease": 1.5, "grace": 60, "folder": folder / "work"}
        self.settings = JobSettings(
            database=database or f"sqlite:///{folder / 'jobs.sqlite'}",
            store=str(folder),
            **(quick | changes),
        )
        self.service = JobService(self.settings, self.results)

    def workers(self, number: int = 1, name: str = "worker") -> WorkerCrew:
        return start_workers(number, self.settings, name)

    def close(self) -> None:
        self.service.close()
        self.store.close()

    def keep(self, instance: Instance) -> str:
        """Keep an instance and return its content hash."""
        with self.store.begin() as session:
            return put_instance(session, instance, area=AREA, by="test")

    def order(self, instance: Instance, **choices: Any) -> SolveOrder:
        return SolveOrder(instance=self.keep(instance), **choices)

    def submit(self, order: JobOrder, job: str | None = None, owner: str = "") -> Job:
        """Queue a job of the office's area, as a route does."""
        name = job or str(uuid.uuid4())
        return self.service.submit(order, name, owner, self.announcing(name, order.kind, owner))

    def upload(
        self,
        name: str,
        content: bytes,
        order: type[UploadOrder],
        job: str | None = None,
        **choices: Any,
    ) -> Job:
        """Queue the reading of a file."""
        job = job or str(uuid.uuid4())
        announce = self.announcing(job, order.model_fields["kind"].default)
        file = File(name=name, content=content)
        return self.service.upload(file, partial(order, **choices), job, "", announce)

    def announcing(self, job: str, kind: str, owner: str = "") -> Callable[[], None]:
        def announce() -> None:
            with self.store.begin() as session:
                put_job(session, JobRow(id=job, kind=kind, area=AREA, owner=owner))

        return announce

    def drafts(self, job: str) -> list[int]:
        """Return the drafts that a job made."""
        with self.store.read() as session:
            query = select(LogEntry.target).where(LogEntry.why == f"job:{job}")
            return [int(target.split(":")[1]) for target in session.scalars(query)]

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
