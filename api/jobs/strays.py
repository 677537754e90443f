"""Jobs that the queue counts as this worker's and that nobody here does any more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dbos import DBOS

from api.jobs.job import SOLVES


class Strays:
    """Finds jobs whose beginning or end could not be written, and gives them back to the queue.

    The disk was full, or the database went away between two writes. What such a job made is
    kept under its id, so doing it again is at worst time lost.

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
        self._seen: set[str] = set()

    @contextmanager
    def doing(self, job: str) -> Iterator[None]:
        """Say that a job is being done here."""
        self._doing.add(job)
        try:
            yield
        finally:
            self._doing.discard(job)

    def give_back(self) -> list[str]:
        """Give back what was astray at the last look too: one may just begin or end."""
        held = DBOS.list_workflows(
            status="PENDING", executor_id=self._executor, load_input=False, load_output=False
        )
        astray = {status.workflow_id for status in held} - self._doing
        lost, self._seen = sorted(astray & self._seen), astray
        for job in lost:
            # what a start under this id does for all its jobs; resume_workflow, which is
            # public, would also take a job away that another worker has taken up meanwhile
            self._dbos._sys_db.reenqueue_for_recovery(job, [self._executor], SOLVES)  # noqa: SLF001
        return lost
