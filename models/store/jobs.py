"""Jobs: which solve works on what for whom, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from models.store.clock import now
from models.store.errors import NotFoundError
from models.store.log import record
from models.store.plan_tables import Job
from models.store.words import JobState


def put_job(session: Session, job: Job) -> None:
    """Keep a new job; its times are set here."""
    job.created_at = job.changed_at = now()
    session.add(job)
    after = {"kind": job.kind, "instance": job.instance, "area": job.area}
    record(session, "put_job", f"job:{job.id}", by=job.owner, after=after)


def get_job(session: Session, job_id: str) -> Job:
    """Return a job. Raises NotFoundError."""
    found = session.get(Job, job_id)
    if found is None:
        raise NotFoundError("任务", job_id)
    return found


def set_job_state(
    session: Session, job_id: str, state: JobState, *, roster: int | None = None
) -> Job:
    """Move a job on, with the roster that came of it. Raises NotFoundError."""
    job = session.get(Job, job_id, with_for_update=True, populate_existing=True)
    if job is None:
        raise NotFoundError("任务", job_id)
    before = {"state": job.state.value}
    job.state = state
    job.roster = roster if roster is not None else job.roster
    job.changed_at = now()
    after = {"state": state.value, "roster": job.roster}
    record(session, "set_job_state", f"job:{job_id}", by=job.owner, before=before, after=after)
    return job


def jobs(
    session: Session,
    *,
    areas: Collection[str] | None = None,
    owner: str | None = None,
    before: tuple[dt.datetime, str] | None = None,
    limit: int = 50,
) -> Sequence[Job]:
    """Return jobs, newest first; the next page is ``before`` the last one's time and id."""
    query = select(Job)
    if areas is not None:
        query = query.where(Job.area.in_(areas))
    if owner is not None:
        query = query.where(Job.owner == owner)
    if before is not None:
        query = query.where(tuple_(Job.created_at, Job.id) < before)
    query = query.order_by(Job.created_at.desc(), Job.id.desc()).limit(limit)
    return session.scalars(query).all()
