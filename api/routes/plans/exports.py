"""Files of a roster: asked for as a job, listed, and downloaded from the job."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.jobs.kinds.export import Form
from api.office.plans.ordering import order_export
from api.routes.answering.path_ids import RosterId
from api.routes.answering.repetition import IdempotencyKey
from api.routes.answering.running import InService
from api.routes.jobs.job_views import JobView, asked_for, job_view
from api.routes.plans.rosters import place_of_roster
from models.store.jobs.jobs import files_of_roster
from models.store.plans.roster_queries import roster_record

router = APIRouter(prefix="/api/v1", tags=["files"])


class ExportRequest(BaseModel):
    """Which file: workbook, its public sheets, five CSV files, roster, report, calendars, map."""

    model_config = ConfigDict(extra="forbid")

    form: Form = Field(
        description="xlsx 全部工作表、sheet 仅公示表、csv、json、report、calendars、map"
    )


class FileView(BaseModel):
    """A file that was written; the job's id leads to it. Its name tells the roster's version."""

    job: str
    name: str
    bytes: int
    created: dt.datetime


@router.post(
    "/rosters/{roster}/exports", status_code=202, responses=responses(*GUARDED, "conflict")
)
def export_roster(
    roster: RosterId,
    asked: ExportRequest,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_DRAFT, place_of_roster))],
    idempotency_key: IdempotencyKey = None,
) -> JobView:
    """导出文件 / Write a roster, as it is now, into a file to be downloaded from the job."""
    with service.store.read() as session:
        found = roster_record(session, roster)
    job = asked_for("export", found.area, grant.actor, idempotency_key)
    job.roster = roster
    return job_view(service, order_export(service, job, found.version, asked.form))


@router.get("/rosters/{roster}/exports", responses=responses(*GUARDED))
def list_exports(
    roster: RosterId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_DRAFT, place_of_roster))],
) -> list[FileView]:
    """文件列表 / The files written of a roster, newest first; old ones go (``ZHIBAN_JOB_DAYS``)."""
    with service.store.read() as session:
        found = files_of_roster(session, roster)
    return [FileView(job=f.job, name=f.name, bytes=f.bytes, created=f.created) for f in found]
