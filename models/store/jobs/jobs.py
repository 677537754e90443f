"""Jobs: their owners and results, each kept exactly once even after a crash."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import NamedTuple

from sqlalchemy import and_, delete, func, not_, or_, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from models.instance import Instance
from models.report import Report
from models.roster import Roster
from models.store.database.clock import now
from models.store.database.errors import KeyReusedError, NotFoundError
from models.store.database.log import record
from models.store.plans.drafts import latest_revision, put_draft
from models.store.plans.instances import put_instance
from models.store.tables.plan_tables import JobFile, JobRow, RosterRecord
from models.store.tables.question_tables import QuestionRecord
from models.store.tables.words import RosterState


def put_job(session: Session, job: JobRow) -> JobRow:
    """Keep a new job, before it goes into the queue, and return it; its time is set here.

    One that was asked for before is returned as it was kept then.

    Raises
    ------
    KeyReusedError
        The id belongs to a job of another kind, area or owner.
    """
    found = session.get(JobRow, job.id) or _added(session, job)
    if (found.kind, found.area, found.owner) != (job.kind, job.area, job.owner):
        raise KeyReusedError(at_work=False)
    if found.instance != job.instance:  # two came at once, and the data changed between them
        raise KeyReusedError(at_work=True)
    return found


def get_job(session: Session, job_id: str) -> JobRow:
    """Return a job. Raises NotFoundError."""
    found = session.get(JobRow, job_id)
    if found is None:
        raise NotFoundError("no_job", job_id)
    return found


def count_jobs(session: Session, area: str, among: Collection[str]) -> int:
    """Return how many of some jobs are an area's."""
    query = select(func.count()).where(JobRow.area == area, JobRow.id.in_(among))
    return session.scalar(query) or 0


def keep_job_instance(session: Session, job_id: str, instance: Instance) -> None:
    """Keep what an import read. Raises NotFoundError for an unknown job."""
    job = _held(session, job_id)
    job.instance = put_instance(session, instance, area=job.area, by=job.owner)


def keep_job_plan(
    session: Session, job_id: str, instance: Instance, roster: Roster, report: Report
) -> None:
    """Keep the plan of a solve as a draft of the job's area, unless the job has one already.

    Raises
    ------
    NotFoundError
        There is no such job.
    InputError
        See ``put_draft``.
    """
    job = _held(session, job_id)
    if job.roster is None:
        put_instance(session, instance, area=job.area, by=job.owner)
        # it was made from what was published when it was asked for, however long it took
        base = latest_revision(session, job.area, roster.month, job.created_at)
        why = f"job:{job_id}"
        draft = put_draft(session, roster, report, area=job.area, by=job.owner, why=why, base=base)
        job.roster = draft.id


def keep_job_file(session: Session, job_id: str, name: str, content: bytes) -> None:
    """Keep a file of a job, unless it has one."""
    if session.get(JobFile, job_id) is not None:
        return
    file = JobFile(job=job_id, name=name, content=content, created_at=now())
    with suppress(IntegrityError), session.begin_nested():  # kept twice at the same moment
        session.add(file)


def marked_of(job_id: str) -> str:
    """Return under which id the workbook is kept in which a job marked its issues."""
    return f"{job_id}.marked"


def job_file(session: Session, job_id: str) -> JobFile | None:
    """Return the file of a job with its content, none if it has none."""
    return session.get(JobFile, job_id, options=[undefer(JobFile.content)])


class StoredFile(NamedTuple):
    """A file of a job without its content."""

    job: str
    name: str
    bytes: int
    created: dt.datetime


def files_of_roster(session: Session, roster_id: int, limit: int = 200) -> list[StoredFile]:
    """Return the files that exports wrote of a roster, newest first."""
    size = func.length(JobFile.content)
    query = (
        select(JobFile.job, JobFile.name, size, JobFile.created_at)
        .join(JobRow, JobRow.id == JobFile.job)
        .where(JobRow.roster == roster_id)
        .order_by(JobFile.created_at.desc(), JobFile.job)
        .limit(limit)
    )
    return [StoredFile(*row) for row in session.execute(query)]


def drop_job_files(session: Session, job_ids: Collection[str]) -> None:
    """Forget the files of some jobs."""
    session.execute(delete(JobFile).where(JobFile.job.in_(job_ids)))


def old_jobs(
    session: Session, before: dt.datetime, *, after: str = "", limit: int = 500
) -> Sequence[str]:
    """Return ids of jobs older than a time, in their order, but those that made something in use.

    A draft's, a published roster's and a question's job stays, to tell how it came about.

    Parameters
    ----------
    after
        The last id of the page before.
    """
    in_use = select(RosterRecord.id).where(
        RosterRecord.stage.in_([RosterState.DRAFT, RosterState.PUBLISHED])
    )
    made = and_(JobRow.kind != "export", JobRow.roster.in_(in_use))
    query = select(JobRow.id).where(
        JobRow.created_at < before,
        JobRow.id > after,
        or_(JobRow.roster.is_(None), not_(made)),
        JobRow.id.not_in(select(QuestionRecord.id)),
    )
    return session.scalars(query.order_by(JobRow.id).limit(limit)).all()


def forget_jobs(session: Session, job_ids: Collection[str]) -> None:
    """Remove jobs with their files."""
    drop_job_files(session, [*job_ids, *map(marked_of, job_ids)])
    session.execute(delete(JobRow).where(JobRow.id.in_(job_ids)))


def jobs(
    session: Session,
    *,
    areas: Collection[str] | None = None,
    owner: str | None = None,
    before: tuple[dt.datetime, str] | None = None,
    limit: int = 50,
) -> Sequence[JobRow]:
    """Return jobs, newest first; the next page is ``before`` the last one's time and id."""
    query = select(JobRow)
    if areas is not None:
        query = query.where(JobRow.area.in_(areas))
    if owner is not None:
        query = query.where(JobRow.owner == owner)
    if before is not None:
        query = query.where(tuple_(JobRow.created_at, JobRow.id) < before)
    query = query.order_by(JobRow.created_at.desc(), JobRow.id.desc()).limit(limit)
    return session.scalars(query).all()


def _added(session: Session, job: JobRow) -> JobRow:
    job.created_at = now()
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError:  # asked for twice at the same moment
        return get_job(session, job.id)
    after = {"kind": job.kind, "instance": job.instance, "area": job.area}
    record(session, "put_job", f"job:{job.id}", by=job.owner, after=after)
    return job


def _held(session: Session, job_id: str) -> JobRow:
    """Return a job, locked until the transaction ends."""
    job = session.get(JobRow, job_id, with_for_update=True, populate_existing=True)
    if job is None:
        raise NotFoundError("no_job", job_id)
    return job
