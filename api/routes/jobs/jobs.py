"""Jobs: what is asked for, how far it is, what came of it; progress as server-sent events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.access.action_places import Place
from api.access.actions import Action
from api.access.denied import UnseenError
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.jobs.stream import Sent
from api.office.context import Service
from api.office.data.personal_reads import note_personal_read
from api.routes.answering.attachments import FILE, attachment
from api.routes.answering.listings import BeforeTime, Listing, page_after, page_key
from api.routes.answering.path_ids import AreaId, JobId, area_place
from api.routes.answering.running import InService
from api.routes.jobs.job_views import JobView, views
from models.store.database.errors import NotFoundError
from models.store.jobs.jobs import get_job, job_file, jobs, marked_of
from models.store.tables.plan_tables import JobRow as Kept

router = APIRouter(prefix="/api/v1", tags=["jobs"])


def place_of_job(service: InService, job: JobId) -> Place | None:
    """Return where a job belongs, none if there is none."""
    with service.store.read() as session:
        try:
            area = get_job(session, job).area
        except NotFoundError:
            return None
    return service.areas.place(area)


@router.get("/areas/{area}/jobs", responses=responses(*GUARDED, "bad-request"))
def list_jobs(
    area: AreaId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_DRAFT, area_place))],
    before: BeforeTime = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Listing[JobView]:
    """任务列表 / The jobs of an area and of all that lie in it, newest first."""
    with service.store.read() as session:
        found = jobs(
            session, areas=service.areas.inside(area), before=page_after(before), limit=limit + 1
        )
    page = list(found[:limit])
    last = page_key(page[-1].created_at, page[-1].id) if len(found) > limit else None
    return Listing(items=views(service, page), next=last)


@router.get("/jobs/{job}", responses=responses(*GUARDED))
def read_job(
    job: JobId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_DRAFT, place_of_job))],
) -> JobView:
    """查看任务 / Read a job: its state, and what it made or every issue."""
    return views(service, [_kept(service, job)])[0]


@router.post("/jobs/{job}/cancel", status_code=202, responses=responses(*GUARDED))
def cancel_job(
    job: JobId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.SOLVE, place_of_job))],
) -> JobView:
    """取消任务 / Ask a job to end; a solve keeps its best plan so far."""
    service.jobs.cancel(job)
    return views(service, [_kept(service, job)])[0]


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
    """任务进度 / Progress as server-sent events; a reconnect goes on after ``Last-Event-ID``."""
    return EventSourceResponse(_events(service.streams.follow(job, last_event_id)))


@router.get(
    "/jobs/{job}/file",
    response_class=Response,
    responses=responses(*GUARDED) | FILE,
)
def download_file(
    job: JobId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_DRAFT, place_of_job))],
) -> Response:
    """下载文件 / Download what an export wrote, or the workbook in which an import marked its issues."""
    with service.store.read() as session:
        kept = get_job(session, job)
        key = {"export": job, "import": marked_of(job)}.get(kept.kind)
        found = job_file(session, key) if key else None
    if found is None:
        raise UnseenError
    note_personal_read(service, kept.area, found.name, by=grant.actor.by)
    return attachment(found.name, found.content)


async def _events(found: AsyncIterator[Sent | None]) -> AsyncIterator[ServerSentEvent]:
    """Say events as HTTP does; proxies close what is silent for long, so a comment is sent."""
    async for sent in found:
        if sent is None:
            yield ServerSentEvent(comment="heartbeat")
        else:
            yield ServerSentEvent(sent.data, event=sent.kind, id=str(sent.number))


def _kept(service: Service, job: str) -> Kept:
    with service.store.read() as session:
        return get_job(session, job)
