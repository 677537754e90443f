"""A job as those see it who may, and how a request asks for one."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pydantic import BaseModel, Field

from api.access.roles import Actor
from api.jobs.job import Job, State
from api.routes.shared import answered_before, keep_answered
from api.service.service import Service
from models.issues import InputError, Issue
from models.store.idempotency import forget_answer
from models.store.jobs import forget_jobs, get_job, put_job
from models.store.plan_tables import Job as Kept


class JobView(BaseModel):
    """A job, whose it is and what came of it."""

    id: str
    kind: str = Field(description="import, draft, solve, export")
    area: str
    owner: str
    state: State
    created: dt.datetime
    started: dt.datetime | None = None
    ended: dt.datetime | None = None
    instance: str | None = Field(description="内容哈希 content hash of the data read or used")
    roster: int | None = Field(description="排班编号 id of the draft made, of the roster exported")
    file: str = Field("", description="可下载的文件名 name of the file that can be downloaded")
    counts: dict[str, int] = Field({}, description="读到的各表行数 rows read, by table")
    issues: tuple[Issue, ...] = Field((), description="全部问题 every issue")


@dataclass(frozen=True)
class Asking:
    """Who asks for a job, about what, and under which key.

    Parameters
    ----------
    about
        What of the request stands in its path.
    request
        The rest of it; the same key with another request is refused.
    """

    actor: Actor
    key: str | None
    about: str
    request: BaseModel

    def job(self, kind: str, area: str) -> Kept:
        """Return the job that is asked for: always the same one for the same request under a key."""
        owner = self.actor.user or ""
        said = (owner, self.key, kind, self.about, self.request.model_dump_json())
        digest = hashlib.sha256("\0".join(map(str, said)).encode()).hexdigest()[:32]
        name = digest if self.key is not None else str(uuid.uuid4())
        return Kept(id=name, kind=kind, area=area, owner=owner)


def enqueued(service: Service, asking: Asking, job: Kept, enqueue: Callable[[], Job]) -> JobView:
    """Keep whose a job is, then put it into the queue; a repeated request changes nothing.

    Raises
    ------
    InputError
        The queue does not take it; then there is no such job.
    KeyReusedError
        See ``answered_before``.
    """
    name, about = job.id, f"{job.kind} {asking.about}"
    with service.store.begin() as session:
        known = answered_before(session, asking.actor, asking.key, asking.request, about)
        if known is None:
            # the answer to a repetition is the job as it is then
            keep_answered(session, asking.actor, asking.key, asking.request)
        if session.get(Kept, name) is None:
            put_job(session, job)
    if service.jobs.status(name) is None:  # also where the first request died before this line
        try:
            enqueue()
        except InputError:
            _refused(service, asking, name)
            raise
    with service.store.read() as session:
        return views(service, [get_job(session, name)])[0]


def _refused(service: Service, asking: Asking, name: str) -> None:
    """Let a request that the queue did not take be asked anew under its key."""
    with service.store.begin() as session:
        forget_jobs(session, [name])
        if asking.key is not None:
            forget_answer(session, asking.actor.user or "", asking.key)


def views(service: Service, jobs: Iterable[Kept]) -> list[JobView]:
    """Return jobs with what the queue knows of them; one that it refused has failed."""
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
        return view
    names = ("state", "started", "ended", "file", "counts", "issues")
    return view.model_copy(update={name: getattr(queued, name) for name in names})
