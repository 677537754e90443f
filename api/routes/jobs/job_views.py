"""A job as those see it who may, and how a request asks for one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.access.roles import Actor
from api.jobs.contract.verdict import State
from api.jobs.job import Job
from api.jobs.kinds import kinds
from api.jobs.service import Announce
from api.office.conflicts import ConflictError
from api.office.context import Service
from api.routes.answering.repetition import job_id
from models.issues import Issue
from models.messages import issue
from models.store.database.errors import KeyReusedError
from models.store.jobs.jobs import count_jobs, get_job, put_job
from models.store.tables.plan_tables import JobRow as Kept


class JobView(BaseModel):
    """A job, whose it is and what came of it."""

    id: str
    kind: str = Field(description="；".join(f"{k.name} {k.label}" for k in kinds().values()))
    area: str
    owner: str
    state: State
    created: dt.datetime
    started: dt.datetime | None = None
    ended: dt.datetime | None = None
    instance: str | None = Field(description="内容哈希 content hash of the data read or used")
    roster: int | None = Field(description="排班编号 id of the draft made, of the roster exported")
    file: str = Field("", description="可下载的文件名 name of the file that can be downloaded")
    counts: dict[str, int] = Field(
        {}, description="读到的各表行数；假设分析各状态的方案数 rows read; scenarios of a what-if"
    )
    issues: tuple[Issue, ...] = Field((), description="全部问题 every issue")


def asked_for(kind: str, area: str, actor: Actor, key: str | None) -> Kept:
    """Return the job that a request makes: always the same one for the same key."""
    return Kept(id=job_id(actor, key), kind=kind, area=area, owner=actor.by)


def enqueued(
    service: Service,
    asked: Kept,
    enqueue: Callable[[Announce], Job],
    along: Callable[[Session], object] = lambda session: None,
) -> JobView:
    """Put a job into the queue, and before that keep whose it is; asking again changes nothing.

    In the transaction that keeps it goes what is kept ``along``.
    """
    name = asked.id
    with service.store.read() as session:
        known = session.get(Kept, name)
        if known is not None:
            if (known.kind, known.area, known.owner) != (asked.kind, asked.area, asked.owner):
                raise KeyReusedError(at_work=False)
            asked.instance = known.instance  # asked again, it is about the data of the first time
    if known is None:
        refuse_crowd(service, asked.area)

    def announce() -> None:
        with service.store.begin() as session:
            put_job(session, asked)
            along(session)

    enqueue(announce)
    with service.store.read() as session:
        return views(service, [get_job(session, name)])[0]


def refuse_crowd(service: Service, area: str) -> None:
    """Let no area keep the others waiting without end.

    Raises
    ------
    ConflictError
        As many jobs of the area wait or run as the settings allow.
    """
    most = service.settings.area_jobs
    with service.store.read() as session:
        if count_jobs(session, area, service.jobs.unfinished()) >= most:
            raise ConflictError(issue("job_crowd", value=area, most=most))


def views(service: Service, jobs: Iterable[Kept]) -> list[JobView]:
    """Return jobs with what the queue knows of them; one that never reached it has failed."""
    kept = list(jobs)
    queued = service.jobs.statuses([job.id for job in kept])
    return [_view(job, queued.get(job.id)) for job in kept]


def _view(job: Kept, queued: Job | None) -> JobView:
    view = JobView(
        id=job.id,
        kind=job.kind,
        area=job.area,
        owner=job.owner,
        state=State.FAILED,
        created=job.created_at,
        instance=job.instance,
        roster=job.roster,
    )
    if queued is None:
        return view.model_copy(update={"issues": (issue("job_not_begun"),)})
    names = ("state", "started", "ended", "file", "counts", "issues")
    return view.model_copy(update={name: getattr(queued, name) for name in names})
