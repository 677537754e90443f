"""JobService: what the web server does with jobs. It runs none of them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from functools import partial
from typing import Any

from dbos import DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions, error
from pydantic import ValidationError

from api.actions import planning
from api.job_settings import JobSettings
from api.jobs import refusals
from api.jobs.database import prepare
from api.jobs.job import (
    APPLICATION,
    EVENTS,
    FILES,
    QUESTIONS,
    SOLVES,
    WORKFLOW,
    Job,
    State,
    job_of,
)
from api.jobs.orders import (
    JOB_IDS,
    DraftChoices,
    DraftOrder,
    ExportOrder,
    ImportOrder,
    Order,
    SolveOrder,
    WhatifOrder,
)
from api.jobs.results import File, Results
from api.jobs.tally import STATUSES, Numbers, count_ended, ended, numbers
from api.jobs.work import refuse_rows
from models.issues import InputError, Issue
from models.store.database.failures import spoken
from models.store.database.reopening import Reopening

Announce = Callable[[], None]


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

    def solve(
        self,
        order: SolveOrder,
        job: str | None = None,
        owner: str = "",
        announce: Announce = lambda: None,
    ) -> Job:
        """Queue a solve; ``announce`` is called before, once nothing speaks against it.

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
        self._refuse_other(name, order, owner)
        announce()
        return self._enqueue(SOLVES, name, order, owner)

    def whatif(
        self,
        order: WhatifOrder,
        job: str | None = None,
        owner: str = "",
        announce: Announce = lambda: None,
    ) -> Job:
        """Queue a question, read before; whether its scenarios can be made, the job tells.

        Raises
        ------
        InputError
            With every reason why it cannot be done.
        """
        name = _job_id(job)
        issues = _beyond_all(order, self.settings)
        if self._results.read_instance(order.instance) is None:
            issues.append(refusals.no_instance(order.instance))
        if issues:
            raise InputError(issues)
        self._refuse_other(name, order, owner)
        announce()
        return self._enqueue(QUESTIONS, name, order, owner)

    def import_file(
        self,
        name: str,
        content: bytes,
        job: str | None = None,
        owner: str = "",
        keep: bool = True,
        announce: Announce = lambda: None,
    ) -> Job:
        """Queue the reading of uploaded data, only to check them unless ``keep``. See ``solve``.

        Raises
        ------
        InputError
            With every reason why it cannot be done.
        """
        file = File(name=name, content=content)
        return self._upload(file, partial(ImportOrder, keep=keep), _job_id(job), owner, announce)

    def draft_file(
        self,
        file: File,
        draft: DraftChoices,
        job: str | None = None,
        owner: str = "",
        announce: Announce = lambda: None,
    ) -> Job:
        """Queue the reading of an uploaded roster.

        Raises
        ------
        InputError
            With every reason why it cannot be done.
        """
        made = partial(DraftOrder, **draft.model_dump())
        return self._upload(file, made, _job_id(job), owner, announce)

    def export(
        self,
        order: ExportOrder,
        job: str | None = None,
        owner: str = "",
        announce: Announce = lambda: None,
    ) -> Job:
        """Queue the writing of a roster as a file.

        Raises
        ------
        InputError
            Another order has the id.
        """
        name = _job_id(job)
        self._refuse_other(name, order, owner)
        announce()
        return self._enqueue(FILES, name, order, owner)

    def status(self, job: str) -> Job | None:
        """Return a job, or None if there is none."""
        return self.statuses([job]).get(job)

    def statuses(self, jobs: Collection[str]) -> dict[str, Job]:
        """Return jobs by their ids; those that the queue does not have are left out."""
        if not jobs:
            return {}
        with self._files.spoken():
            found = self._client.list_workflows(workflow_ids=[*jobs], name=WORKFLOW)
        return {status.workflow_id: job_of(status) for status in found}

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
                self._results.drop_file(job)  # nobody will read it
                count_ended(self._engine, before.order.kind, State.CANCELLED.value)
        return self.status(job)

    def numbers(self) -> Numbers:
        """Return how many jobs wait, run and have ended."""
        found = self._client.list_workflows(
            name=WORKFLOW, status=STATUSES, load_input=False, load_output=False
        )
        return numbers(found, ended(self._engine))

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

    def _upload(
        self,
        file: File,
        order: Callable[..., ImportOrder | DraftOrder],
        job: str,
        owner: str,
        announce: Announce,
    ) -> Job:
        """Keep a file for the worker and queue its reading; ``order`` takes name and digest."""
        issues = [] if _is_plain(file.name) else [refusals.bad_name(file.name)]
        if len(file.content) > self.settings.most_bytes:
            size, most = len(file.content), self.settings.most_bytes
            issues.append(refusals.too_large(file.name[:80], size, most))
        if issues:
            raise InputError(issues)
        made = order(name=file.name, digest=hashlib.sha256(file.content).hexdigest())
        known = self._refuse_other(job, made, owner)
        if known is not None:
            return known  # its file may have been read and dropped already
        announce()
        self._results.keep_file(job, file)
        return self._enqueue(FILES, job, made, owner)

    def _enqueue(self, queue: str, job: str, order: Order, owner: str) -> Job:
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

    def _refuse_other(self, job: str, order: Order, owner: str) -> Job | None:
        """Return the job of this id, if there is one; it must be this very order."""
        found = self.status(job)
        if found is not None and (found.order, found.owner) != (order, owner):
            raise InputError([refusals.used_id(job)])
        return found


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


def _beyond_all(order: WhatifOrder, settings: JobSettings) -> list[Issue]:
    issues = []
    if order.seconds > settings.most_seconds:
        issues.append(refusals.too_long(order.seconds, settings.most_seconds, "time_limit"))
    if order.solves > settings.most_solves:
        issues.append(refusals.too_many_solves(order.solves, settings.most_solves))
    in_all = order.solves * order.seconds
    if in_all > settings.most_question_seconds:
        issues.append(refusals.too_long_in_all(in_all, settings.most_question_seconds))
    return issues


def _is_plain(name: str) -> bool:
    """Whether a file may have this name: one that leads nowhere else."""
    is_short = 0 < len(name.encode()) <= 255
    return (
        is_short and name.isprintable() and name not in (".", "..") and not set(name) & set("/\\")
    )
