"""A job as those see it who may, and how a request asks for one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from pydantic import BaseModel, Field

from api.access.roles import Actor
from api.jobs.contract.verdict import State
from api.jobs.job import Job
from api.jobs.kinds import kinds
from api.office.context import Service
from api.routes.answering.repetition import job_id
from models.issues import Issue
from models.messages import issue
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


def job_view(service: Service, job: Kept) -> JobView:
    """Return a job with what the queue knows of it."""
    return views(service, [job])[0]


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
