"""Results: the protocol through which jobs read their inputs and keep their outputs (the store)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from api.jobs.contract.plan import File, Plan
from models.instance import Instance
from models.store.database.errors import NotFoundError
from models.store.database.store import Store
from models.store.jobs.jobs import (
    drop_job_files,
    get_job,
    job_file,
    keep_job_file,
    keep_job_instance,
    keep_job_plan,
    marked_of,
)
from models.store.jobs.questions import keep_question_files, question_file, question_files
from models.store.plans.instances import get_instance
from models.store.plans.roster_queries import get_report, get_roster, roster_record


class Results:
    """Called by many threads and processes at once; each call is durable when it returns.

    A job may run twice when a machine dies at the wrong moment: what is kept under a job's id
    first stays, a second time changes nothing. What a solve or a file plans is a draft of the
    job's area.
    """

    def __init__(self, store: Store, ahead: Instance | None = None) -> None:
        self._store = store
        self._ahead = ahead

    def with_ahead(self, instance: Instance) -> Results:
        """Return results that know an instance too which is kept only with its order."""
        return Results(self._store, instance)

    def read_instance(self, digest: str) -> Instance | None:
        """Return the instance of this content hash."""
        if self._ahead is not None and self._ahead.content_hash == digest:
            return self._ahead
        with self._store.read() as session:
            try:
                return get_instance(session, digest)
            except NotFoundError:
                return None

    def keep_instance(self, job: str, instance: Instance) -> None:
        """Keep an imported instance under its content hash."""
        with self._store.begin() as session:
            keep_job_instance(session, job, instance)

    def read_plan(self, job: str) -> Plan | None:
        """Return the plan that a job made."""
        with self._store.read() as session:
            try:
                roster = get_job(session, job).roster
            except NotFoundError:
                return None
            return None if roster is None else _plan(session, roster)

    def read_roster(self, roster: int, version: int) -> Plan | None:
        """Return a stored roster, if it is at this version."""
        with self._store.read() as session:
            try:
                found = roster_record(session, roster)
            except NotFoundError:
                return None
            return _plan(session, roster) if found.version == version else None

    def keep_plan(self, job: str, plan: Plan) -> None:
        """Keep the plan of a solve or of a file, unless the job has one."""
        with self._store.begin() as session:
            keep_job_plan(session, job, plan.instance, plan.roster, plan.report)

    def read_file(self, job: str) -> File | None:
        """Return the file that an import reads or an export wrote."""
        with self._store.read() as session:
            found = job_file(session, job)
            return File(name=found.name, content=found.content) if found else None

    def keep_file(self, job: str, file: File) -> None:
        """Keep a file under the job's id, unless it has one."""
        with self._store.begin() as session:
            keep_job_file(session, job, file.name, file.content)

    def keep_marked(self, job: str, file: File) -> None:
        """Keep the workbook in which a job marked its issues, unless it has one."""
        self.keep_file(marked_of(job), file)

    def drop_file(self, job: str) -> None:
        """Forget the file of a job, if it has one."""
        with self._store.begin() as session:
            drop_job_files(session, [job])

    def answer_files(self, job: str) -> frozenset[str]:
        """Return the names of the files of a question's answers so far."""
        with self._store.read() as session:
            return question_files(session, job)

    def read_answer_file(self, job: str, name: str) -> bytes | None:
        """Return a file of a question's answers."""
        with self._store.read() as session:
            return question_file(session, job, name)

    def keep_answer_files(self, job: str, files: Mapping[str, bytes]) -> None:
        """Keep files of a question's answers, all or none; one that is there stays as it is."""
        with self._store.begin() as session:
            keep_question_files(session, job, files)


def _plan(session: Session, roster: int) -> Plan:
    plan = get_roster(session, roster)
    instance, report = get_instance(session, plan.instance), get_report(session, roster)
    return Plan(instance=instance, roster=plan, report=report)
