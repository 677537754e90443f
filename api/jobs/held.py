"""The jobs that the queue counts as this worker's: those left astray go back, and all of them at a stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dbos import DBOS, WorkflowStatus

from api.jobs.job import SOLVES

JOIN_SECONDS = 5.0
"""For a thread that is just taking a job from the queue."""


class Held:
    """What a worker holds, as the queue sees it and as it is.

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
            # what a start under this id does for all its jobs; resume_workflow, which is
            # public, would also take a job away that another worker has taken up meanwhile
            self._dbos._sys_db.reenqueue_for_recovery(job, [self._executor], SOLVES)  # noqa: SLF001
        return lost

    def return_all(self) -> None:
        """Begin nothing more and give every job back, as never begun: a stop is not its doing."""
        for event in self._dbos.background_thread_stop_events:
            event.set()
        for thread in threading.enumerate():
            if thread.name.startswith("queue-worker"):  # the names are DBOS's
                thread.join(JOIN_SECONDS)
        for status in self._pending():
            DBOS.resume_workflow(status.workflow_id, queue_name=status.queue_name or SOLVES)

    def _pending(self) -> list[WorkflowStatus]:
        return DBOS.list_workflows(
            status="PENDING", executor_id=self._executor, load_input=False, load_output=False
        )
