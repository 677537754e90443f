"""The jobs this worker holds in the queue: stray ones are given back, and all of them at a stop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dbos import DBOS, WorkflowStatus, WorkflowStatusString

from api.jobs.contract.kind import SOLVES
from api.jobs.dbos_adapter import give_back, stop_taking_jobs


class Held:
    """Compares the jobs that the queue assigns to a worker with those it is doing.

    Parameters
    ----------
    dbos
        Of this process.
    executor
        The worker's id.
    """

    def __init__(self, dbos: DBOS, executor: str) -> None:
        self._dbos = dbos
        self._executor = executor
        self._doing: set[str] = set()
        self._astray: set[str] = set()

    @contextmanager
    def doing(self, job: str) -> Iterator[None]:
        """Say that a job is being done here."""
        self._doing.add(job)
        try:
            yield
        finally:
            self._doing.discard(job)

    def return_strays(self) -> list[str]:
        """Give back, and return, jobs that nobody here did at the last look either.

        The disk was full, or the database went away, when their beginning or end was to be
        written. What such a job made is kept under its id: doing it again costs time at worst.
        """
        astray = {status.workflow_id for status in self._pending()} - self._doing
        lost, self._astray = sorted(astray & self._astray), astray
        for job in lost:
            give_back(self._dbos, job, self._executor, SOLVES)
        return lost

    def return_all(self) -> None:
        """Begin no more jobs and give all back as never begun: a stop is not their fault."""
        stop_taking_jobs(self._dbos)
        for status in self._pending():
            DBOS.resume_workflow(status.workflow_id, queue_name=status.queue_name or SOLVES)

    def _pending(self) -> list[WorkflowStatus]:
        return DBOS.list_workflows(
            status=WorkflowStatusString.PENDING.value,
            executor_id=self._executor,
            load_input=False,
            load_output=False,
        )
