"""Imports and solves: ``202`` and a job, whose progress is told as server-sent events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, UploadFile
from pydantic import BaseModel, ConfigDict, Field
from sse_starlette import EventSourceResponse

from api.access.actions import Action
from api.access.guard import GUARDED, Grant, check, require
from api.access.places import Place
from api.jobs import refusals
from api.jobs.job import Job, State
from api.jobs.orders import SolveOrder
from api.jobs.service import Announce
from api.problems import not_found, responses
from api.routes.shared import AreaId, IdempotencyKey, JobId, area_place, job_id
from api.service.service import InService, Service
from models.issues import Issue
from models.store.errors import NotFoundError
from models.store.jobs import get_job, put_job
from models.store.plan_tables import Job as Kept

router = APIRouter(prefix="/api/v1", tags=["jobs"])


class JobView(BaseModel):
    """A job as those see it who may."""

    id: str
    kind: str
    area: str
    owner: str
    state: State
    created: dt.datetime
    started: dt.datetime | None
    ended: dt.datetime | None
    instance: str | None = Field(description="内容哈希 content hash of the data read or solved")
    roster: int | None = Field(description="排班草稿编号 id of the draft that was made")
    issues: tuple[Issue, ...] = Field(description="全部问题 every issue")


class SolveRequest(BaseModel):
    """What to solve of the area's current data."""

    model_config = ConfigDict(extra="forbid")

    month: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")] | None = None
    stage: Literal["all", "advisers", "month"] = "all"
    profile: Annotated[str, Field(max_length=80)] | None = None
    changes: Annotated[
        tuple[Annotated[str, Field(max_length=200)], ...], Field(max_length=200)
    ] = ()
    seconds: float = Field(60, ge=1, le=86_400)
    seed: int = Field(1, ge=0, le=2**31 - 1)


def place_of_job(service: InService, job: JobId) -> Place | None:
    """Return where a job belongs, none if there is none."""
    with service.store.read() as session:
        try:
            area = get_job(session, job).area
        except NotFoundError:
            return None
    return service.areas.place(area)


@router.post(
    "/areas/{area}/imports",
    status_code=202,
    responses=responses(*GUARDED, "too-large", "conflict"),
)
def import_file(
    area: AreaId,
    file: UploadFile,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.UPLOAD_INSTANCE, area_place))],
    idempotency_key: IdempotencyKey = None,
) -> JobView:
    """上传数据 / Upload a workbook or a JSON document; every issue is told at once."""
    name, content = file.filename or "", file.file.read()
    asked = Kept(
        id=job_id(grant.actor, idempotency_key),
        kind="import",
        area=area,
        owner=grant.actor.user or "",
    )
    return _asked(
        service,
        asked,
        lambda keep: service.jobs.import_file(name, content, asked.id, asked.owner, keep),
    )


@router.post("/areas/{area}/solves", status_code=202, responses=responses(*GUARDED, "conflict"))
def solve(
    area: AreaId,
    order: SolveRequest,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.SOLVE, area_place))],
    idempotency_key: IdempotencyKey = None,
) -> JobView:
    """排班求解 / Solve a month of the area's current data; the plan becomes a draft."""
    data = service.areas.data(area)
    if data is None:
        raise not_found()
    # the draft will be the owner's of the data, which may be an area above
    check(grant.actor, Action.SOLVE, service.areas.place(data.area))
    asked = Kept(
        id=job_id(grant.actor, idempotency_key),
        kind="solve",
        area=data.area,
        owner=grant.actor.user or "",
        instance=data.instance.content_hash,
    )

    def enqueue(keep: Announce) -> Job:
        full = SolveOrder(instance=asked.instance or "", **order.model_dump())
        return service.jobs.solve(full, asked.id, asked.owner, keep)

    return _asked(service, asked, enqueue)


@router.get("/jobs/{job}", responses=responses(*GUARDED))
def read_job(
    job: JobId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_DRAFT, place_of_job))],
) -> JobView:
    """查看任务 / Read a job."""
    return _view(service, job)


@router.post("/jobs/{job}/cancel", status_code=202, responses=responses(*GUARDED))
def cancel_job(
    job: JobId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.SOLVE, place_of_job))],
) -> JobView:
    """取消任务，保留目前最好的方案 / Ask a job to end; a solve keeps its best plan so far."""
    service.jobs.cancel(job)
    return _view(service, job)


@router.get(
    "/jobs/{job}/events",
    response_class=EventSourceResponse,
    responses=responses(*GUARDED)
    | {200: {"description": "进度 progress", "content": {"text/event-stream": {}}}},
)
async def follow_job(
    job: JobId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_DRAFT, place_of_job))],
    last_event_id: Annotated[str, Header(max_length=20)] = "",
) -> EventSourceResponse:
    """求解进度 / Progress as server-sent events; a reconnect goes on after ``Last-Event-ID``."""
    return EventSourceResponse(service.streams.follow(job, last_event_id))


def _asked(service: Service, asked: Kept, enqueue: Callable[[Announce], Job]) -> JobView:
    """Put a job into the queue, and before that keep whose it is; asking again changes nothing."""
    name = asked.id
    with service.store.read() as session:
        known = session.get(Kept, name)
        if known is not None:
            asked.instance = known.instance  # asked again, it is about the data of the first time

    def keep() -> None:
        with service.store.begin() as session:
            put_job(session, asked)

    enqueue(keep)
    return _view(service, name)


def _view(service: Service, name: str) -> JobView:
    found = service.jobs.status(name)
    with service.store.read() as session:
        kept = get_job(session, name)
        about = {"kind": kept.kind, "area": kept.area, "owner": kept.owner}
        made = {"instance": kept.instance, "roster": kept.roster, "created": kept.created_at}
    if found is None:  # kept, but the server died before it was queued
        issues = (refusals.not_begun(),)
        return JobView(
            id=name, state=State.FAILED, started=None, ended=None, issues=issues, **about, **made
        )
    return JobView(
        id=name,
        state=found.state,
        started=found.started,
        ended=found.ended,
        issues=found.issues,
        **about,
        **made,
    )
