"""JobService: what the web server does with jobs. It runs none of them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import AsyncIterator, Mapping
from typing import Any

from dbos import DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions
from pydantic import ValidationError

from api import planning
from api.jobs import refusals
from api.jobs.database import prepare
from api.jobs.job import APPLICATION, EVENTS, FILES, SOLVES, WORKFLOW, Job, job_of
from api.jobs.orders import JOB_IDS, ExportOrder, ImportOrder, SolveOrder
from api.jobs.results import File, Results
from api.jobs.settings import JobSettings
from api.jobs.work import refuse_rows
from models.issues import InputError, Issue
from models.store.failures import spoken
from models.store.reopening import Reopening


class JobService:
    """Puts jobs into the queue and tells of them.

    Every call raises UnavailableError where the database is away or its disk full.

    Every call asks the database, which takes milliseconds: from a coroutine call it in a
    thread. ``job`` is an id that the caller may choose; asking twice for the same order under
    the same id is one job. ``owner`` is whoever it belongs to, in the caller's own words; the
    caller decides who may see what.
    """

    def __init__(self, settings: JobSettings, results: Results) -> None:
        self.settings = settings
        self._results = results
        self._files = Reopening(self._reopen)
        with spoken():
            prepare(settings.database).dispose()
            self._client = _client(settings.database)

    def _reopen(self) -> None:
        self._client.destroy()
        self._client = _client(self.settings.database)

    def close(self) -> None:
        """Close the connections."""
        self._client.destroy()

    def solve(self, order: SolveOrder, job: str | None = None, owner: str = "") -> Job:
        """Queue a solve.

        Raises
        ------
        InputError
            With every reason why it cannot be done.
        """
        name = _job_id(job)
        issues = _beyond(order, self.settings)
        instance = self._results.read_instance(order.instance)
        if instance is None:
            issues.append(refusals.no_instance(order.instance))
        else:
            issues += refuse_rows(instance, self.settings)
            try:
                chosen = planning.with_choices(instance, order.month, order.profile, order.changes)
                planning.rules_of(chosen)
            except InputError as error:
                issues += error.issues
        if issues:
            raise InputError(issues)
        return self._enqueue(SOLVES, name, order, owner)

    def import_file(
        self, name: str, content: bytes, job: str | None = None, owner: str = ""
    ) -> Job:
        """Queue the reading of an uploaded file; its name says its kind.

        Raises
        ------
        InputError
            With every reason why it cannot be done.
        """
        job = _job_id(job)
        issues = [] if _is_plain(name) else [refusals.bad_name(name)]
        if len(content) > self.settings.most_bytes:
            issues.append(refusals.too_large(name[:80], len(content), self.settings.most_bytes))
        if issues:
            raise InputError(issues)
        order = ImportOrder(name=name, digest=hashlib.sha256(content).hexdigest())
        self._refuse_other(job, order, owner)
        self._results.keep_file(job, File(name=name, content=content))
        return self._enqueue(FILES, job, order, owner)

    def export(self, order: ExportOrder, job: str | None = None, owner: str = "") -> Job:
        """Queue the writing of a plan as a file.

        Raises
        ------
        InputError
            There is no such plan, or another order has the id.
        """
        name = _job_id(job)
        if self._results.read_plan(order.plan) is None:
            raise InputError([refusals.no_plan(order.plan)])
        return self._enqueue(FILES, name, order, owner)

    def status(self, job: str) -> Job | None:
        """Return a job, or None if there is none."""
        with self._files.spoken():
            found = self._client.list_workflows(workflow_ids=[job], name=WORKFLOW)
        return job_of(found[0]) if found else None

    def list(self, owner: str | None = None, limit: int = 50, offset: int = 0) -> list[Job]:
        """Return jobs, the newest first."""
        with self._files.spoken():
            found = self._client.list_workflows(
                name=WORKFLOW, user=owner, limit=limit, offset=offset, sort_desc=True
            )
        return [job_of(status) for status in found]

    def cancel(self, job: str) -> Job | None:
        """Ask a job to end; a solve keeps its best plan so far. None if there is no such job.

        First it is noted, then a job that still waits is taken out of the queue. A worker that
        takes it between the two reads the note before it begins.
        """
        before = self.status(job)
        if before is None or before.state.is_final:
            return before
        with self._files.spoken():
            self._client.update_workflow_attributes(job, {"cancel": True}, merge=True)
            if self._client.list_workflows(workflow_ids=[job], status=["ENQUEUED", "DELAYED"]):
                self._client.cancel_workflow(job)
        return self.status(job)

    async def events(self, job: str) -> AsyncIterator[Mapping[str, Any]]:
        """Yield ``kind`` and ``data`` of every event from the first on, until the job has ended.

        Each call polls the database; ``stream.Streams`` shares one among all who watch a job.
        """
        async for event in self._client.read_stream_async(
            job, EVENTS, polling_interval_sec=self.settings.poll
        ):
            yield event

    def _enqueue(
        self, queue: str, job: str, order: SolveOrder | ImportOrder | ExportOrder, owner: str
    ) -> Job:
        self._refuse_other(job, order, owner)
        options: EnqueueOptions = {
            "queue_name": queue,
            "workflow_name": WORKFLOW,
            "workflow_id": job,
            "authenticated_user": owner,
        }
        with self._files.spoken():
            self._client.enqueue(options, order.model_dump(mode="json"))
        self._refuse_other(job, order, owner)  # somebody may have been quicker
        found = self.status(job)
        assert found is not None, "a job that was put into the queue is there"
        return found

    def _refuse_other(
        self, job: str, order: SolveOrder | ImportOrder | ExportOrder, owner: str
    ) -> None:
        found = self.status(job)
        if found is not None and (found.order, found.owner) != (order, owner):
            raise InputError([refusals.used_id(job)])


def _client(database: str) -> DBOSClient:
    return DBOSClient(
        system_database_url=database,
        serializer=DBOSPortableJSONSerializer(),
        application_name=APPLICATION,
        retry_connection_errors=False,  # whoever asks is told, and does not wait
    )


def _job_id(job: str | None) -> str:
    if job is None:
        return str(uuid.uuid4())
    try:
        return JOB_IDS.validate_python(job)
    except ValidationError:
        raise InputError([refusals.bad_id(job)]) from None


def _beyond(order: SolveOrder, settings: JobSettings) -> list[Issue]:
    issues = []
    if order.seconds > settings.most_seconds:
        issues.append(refusals.too_long(order.seconds, settings.most_seconds))
    if order.workers > settings.most_workers:
        issues.append(refusals.too_many_workers(order.workers, settings.most_workers))
    return issues


def _is_plain(name: str) -> bool:
    """Whether a file may have this name: one that leads nowhere else."""
    is_short = 0 < len(name.encode()) <= 255
    return (
        is_short and name.isprintable() and name not in (".", "..") and not set(name) & set("/\\")
    )
