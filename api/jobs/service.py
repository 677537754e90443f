"""JobService: the web server's access to the queue; it runs no jobs itself."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from typing import Any

from dbos import DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions, error

from api.job_settings import JobSettings
from api.jobs.contract.order import JobOrder, UploadOrder
from api.jobs.contract.plan import File
from api.jobs.contract.results import Results
from api.jobs.contract.verdict import State
from api.jobs.database import prepare
from api.jobs.job import APPLICATION, EVENTS, WORKFLOW, Job, job_of
from api.jobs.kinds import kind_of
from api.jobs.tally import (
    STATUSES,
    UNFINISHED_STATUSES,
    WAITING_STATUSES,
    Numbers,
    count_ended,
    ended,
    numbers,
)
from models.instance import Instance
from models.issues import InputError
from models.messages import Spot, issue
from models.store.database.failures import as_unavailable
from models.store.database.reopening import Reopening

Announce = Callable[[], None]


class JobService:
    """Queues jobs and reports on them.

    Every call raises UnavailableError when the database is away or its disk is full. It takes
    milliseconds: from a coroutine, call it in a thread. ``job`` is an id of the caller's choice:
    repeating an order under the same id has no further effect. ``owner`` is whoever it belongs
    to, in the caller's own words; the caller decides who may see what.
    """

    def __init__(self, settings: JobSettings, results: Results) -> None:
        self.settings = settings
        self._results = results
        self._files = Reopening(self._reopen)
        with as_unavailable():
            self._open()

    def _open(self) -> None:
        self._engine = prepare(self.settings.database)
        self._client = _client(self.settings.database)

    def _reopen(self) -> None:
        self.close()
        self._open()

    def close(self) -> None:
        """Close the connections."""
        self._client.destroy()
        self._engine.dispose()

    def submit(
        self,
        order: JobOrder,
        job: str,
        owner: str,
        announce: Announce,
        ahead: Instance | None = None,
    ) -> Job:
        """Queue a job; ``announce`` is called first, once the order has no issues.

        Parameters
        ----------
        ahead
            The instance of the order, if ``announce`` is what keeps it.

        Raises
        ------
        InputError
            With every reason why it cannot be done.
        """
        results = self._results if ahead is None else self._results.with_ahead(ahead)
        issues = kind_of(order).refuse(order, self.settings, results)
        if issues:
            raise InputError(issues)
        self._refuse_other(job, order, owner)
        announce()
        return self._enqueue(job, order, owner)

    def upload(
        self,
        file: File,
        order: Callable[..., UploadOrder],
        job: str,
        owner: str,
        announce: Announce,
    ) -> Job:
        """Keep a file for the worker and queue its reading; see ``submit``.

        Parameters
        ----------
        order
            Takes ``name`` and ``digest`` of the file: a kind of order, or a partial one.

        Raises
        ------
        InputError
            With every reason why it cannot be done.
        """
        issues = [] if _is_plain(file.name) else [issue("job_file_name", value=file.name)]
        if len(file.content) > self.settings.most_bytes:
            size, most = len(file.content), self.settings.most_bytes
            issues.append(issue("job_bytes", Spot(file.name[:80]), size, size=size, most=most))
        if issues:
            raise InputError(issues)
        made = order(name=file.name, digest=hashlib.sha256(file.content).hexdigest())
        known = self._refuse_other(job, made, owner)
        if known is not None:
            return known  # its file may have been read and dropped already
        announce()
        self._results.keep_file(job, file)
        return self._enqueue(job, made, owner)

    def status(self, job: str) -> Job | None:
        """Return a job, or None if there is none."""
        return self.statuses([job]).get(job)

    def statuses(self, jobs: Collection[str]) -> dict[str, Job]:
        """Return jobs by their ids; those that the queue does not have are left out."""
        if not jobs:
            return {}
        with self._files.as_unavailable():
            found = self._client.list_workflows(workflow_ids=[*jobs], name=WORKFLOW)
        return {status.workflow_id: job_of(status) for status in found}

    def check(self) -> None:
        """Check that the queue can be read."""
        with self._files.as_unavailable():
            self._client.list_workflows(name=WORKFLOW, limit=1, load_input=False, load_output=False)

    def cancel(self, job: str) -> Job | None:
        """Ask a job to end; a solve keeps its best plan so far. None if there is no such job.

        First it is noted, then a job that still waits is taken out of the queue. A worker that
        takes it between the two reads the note before it begins.
        """
        before = self.status(job)
        if before is None or before.state.is_final:
            return before
        with self._files.as_unavailable():
            self._client.update_workflow_attributes(job, {"cancel": True}, merge=True)
            if self._client.list_workflows(workflow_ids=[job], status=WAITING_STATUSES):
                self._client.cancel_workflow(job)
                self._results.drop_file(job)  # nobody will read it
                count_ended(self._engine, before.order.kind, State.CANCELLED.value)
        return self.status(job)

    def numbers(self) -> Numbers:
        """Return how many jobs wait, run and have ended."""
        found = self._client.list_workflows(
            name=WORKFLOW, status=STATUSES, load_input=False, load_output=False
        )
        return numbers(found, ended(self._engine))

    def unfinished(self) -> frozenset[str]:
        """Return the ids of the jobs that wait or run."""
        with self._files.as_unavailable():
            found = self._client.list_workflows(
                name=WORKFLOW, status=UNFINISHED_STATUSES, load_input=False, load_output=False
            )
        return frozenset(status.workflow_id for status in found)

    def forget(self, jobs: Collection[str]) -> None:
        """Take jobs that have ended out of the queue's tables, events and all."""
        self._client.delete_workflows([*jobs])

    async def events(self, job: str) -> AsyncIterator[Mapping[str, Any]]:
        """Yield ``kind`` and ``data`` of every event from the first on, until the job has ended.

        Each call polls the database; ``stream.Streams`` shares one among all who watch a job.
        """
        try:
            async for event in self._client.read_stream_async(
                job, EVENTS, polling_interval_sec=self.settings.poll
            ):
                yield event
        except error.DBOSNonExistentWorkflowError:
            return  # announced, but never queued

    def _enqueue(self, job: str, order: JobOrder, owner: str) -> Job:
        options: EnqueueOptions = {
            "queue_name": kind_of(order).queue,
            "workflow_name": WORKFLOW,
            "workflow_id": job,
            "authenticated_user": owner,
        }
        with self._files.as_unavailable():
            self._client.enqueue(options, order.model_dump(mode="json"))
        self._refuse_other(job, order, owner)  # another request may have been faster
        found = self.status(job)
        assert found is not None, "a job that was put into the queue is there"
        return found

    def _refuse_other(self, job: str, order: JobOrder, owner: str) -> Job | None:
        """Return the job of this id, if there is one; it must be this very order."""
        found = self.status(job)
        if found is not None and (found.order, found.owner) != (order, owner):
            raise InputError([issue("job_id_used", value=job)])
        return found


def _client(database: str) -> DBOSClient:
    return DBOSClient(
        system_database_url=database,
        serializer=DBOSPortableJSONSerializer(),
        application_name=APPLICATION,
        retry_connection_errors=False,  # the caller gets the error and does not wait
    )


def _is_plain(name: str) -> bool:
    """Whether a file may have this name: no path leads out of the folder."""
    is_short = 0 < len(name.encode()) <= 255
    return (
        is_short and name.isprintable() and name not in (".", "..") and not set(name) & set("/\\")
    )
