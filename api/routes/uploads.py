"""Files that come in: data of an area, and rosters made or changed by hand. Each is a job."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, Query, UploadFile
from pydantic import BaseModel

from api.access.actions import Action
from api.access.guard import GUARDED, Grant, check, require
from api.jobs.orders import DraftChoices, StageName
from api.jobs.results import File
from api.problems import not_found, responses
from api.routes.job_views import Asking, JobView, enqueued
from api.routes.rosters import place_of_roster
from api.routes.shared import AreaId, IdempotencyKey, MonthText, area_place
from api.service.service import InService, Service
from models.store.reading import roster_record

router = APIRouter(prefix="/api/v1")


class Upload(BaseModel):
    """What makes two uploads the same."""

    name: str
    digest: str
    choices: str


LIKE = "按哪个排班所用的数据检查；不填则按当前数据 check with the data of that roster, not the current ones"


@router.post(
    "/areas/{area}/imports",
    status_code=202,
    tags=["data"],
    responses=responses(*GUARDED, "conflict", "too-large"),
)
def import_file(
    area: AreaId,
    file: UploadFile,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.UPLOAD_INSTANCE, area_place))],
    keep: Annotated[
        bool, Query(description="false：只检查，不保存 only check, keep nothing")
    ] = True,
    idempotency_key: IdempotencyKey = None,
) -> JobView:
    """上传或检查数据 / Upload data, or only check them: a workbook, a zip of CSV files, or JSON.

    The job tells every issue with its sheet and cell, or the rows of each table. What was kept
    is put to use with ``PUT /areas/{area}/data``.
    """
    name, content = file.filename or "", file.file.read()
    request = Upload(name=name, digest=_digest(content), choices=f"keep={keep}")
    asking = Asking(grant.actor, idempotency_key, area, request)
    job = asking.job("import", area)
    return enqueued(
        service,
        asking,
        job,
        lambda: service.jobs.import_file(name, content, job.id, job.owner, keep),
    )


@router.post(
    "/areas/{area}/rosters",
    status_code=202,
    tags=["rosters"],
    responses=responses(*GUARDED, "conflict", "too-large"),
)
def upload_roster(
    area: AreaId,
    file: UploadFile,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.EDIT_DRAFT, area_place))],
    month: Annotated[MonthText | None, Query(description="表格的月份 month of tables")] = None,
    stage: Annotated[StageName, Query(description="检查哪些需求 whose demands are asked")] = "all",
    like: Annotated[int | None, Query(ge=1, le=2**31 - 1, description=LIKE)] = None,
    idempotency_key: IdempotencyKey = None,
) -> JobView:
    """上传排班表 / Upload a roster made or changed by hand; it is checked and becomes a draft.

    roster.json, an edited roster.xlsx, or a zip of its CSV files. The job names the draft, whose
    report holds the breaches, the unmet demands and the figures; or it tells every issue.
    """
    found = File(name=file.filename or "", content=file.file.read())
    chosen = f"month={month} stage={stage} like={like}"
    request = Upload(name=found.name, digest=_digest(found.content), choices=chosen)
    asking = Asking(grant.actor, idempotency_key, area, request)
    job = asking.job("draft", area)
    job.instance = _data_of(service, area, grant, like)
    choices = DraftChoices(instance=job.instance, month=month, stage=stage)
    return enqueued(
        service,
        asking,
        job,
        lambda: service.jobs.draft_file(found, choices, job.id, job.owner),
    )


def _data_of(service: Service, area: str, grant: Grant, like: int | None) -> str:
    """Return the content hash of the data of the area, or of those another roster was made from."""
    if like is None:
        data = service.areas.data(area)
        if data is None:
            raise not_found()
        return data.instance.content_hash
    check(grant.actor, Action.READ_DRAFT, place_of_roster(service, like))
    with service.store.read() as session:
        return roster_record(session, like).instance


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
