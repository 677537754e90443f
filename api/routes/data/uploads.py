"""Files that come in: data of an area, and rosters made or changed by hand. Each is a job."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, UploadFile

from api.access.actions import Action
from api.access.policy import check
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.jobs.contract.order import StageName
from api.jobs.contract.plan import File
from api.office.context import Service
from api.office.fields import MonthText
from api.office.plans import ordering
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.repetition import IdempotencyKey
from api.routes.answering.running import InService
from api.routes.jobs.job_views import JobView, asked_for, job_view
from api.routes.plans.rosters import place_of_roster
from models.store.plans.roster_queries import roster_record

router = APIRouter(prefix="/api/v1")

LIKE = "按哪个排班所用的数据检查；不填则按当前数据 check with the data of that roster, not the current ones"


@router.post(
    "/areas/{area}/imports",
    status_code=202,
    tags=["data"],
    responses=responses(*GUARDED, "too-large", "conflict"),
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
    asked = asked_for("import", area, grant.actor, idempotency_key)
    found = File(name=file.filename or "", content=file.file.read())
    return job_view(service, ordering.upload_data(service, asked, found, keep=keep))


@router.post(
    "/areas/{area}/rosters",
    status_code=202,
    tags=["rosters"],
    responses=responses(*GUARDED, "too-large", "conflict"),
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
    asked = asked_for("draft", area, grant.actor, idempotency_key)
    asked.instance = _data_of(service, area, grant, like)
    found = File(name=file.filename or "", content=file.file.read())
    return job_view(service, ordering.upload_roster(service, asked, found, month, stage))


def _data_of(service: Service, area: str, grant: Grant, like: int | None) -> str:
    """Return the content hash of the data of the area, or of those another roster was made from."""
    if like is None:
        return service.areas.data_at(area).instance.content_hash
    check(grant.actor, Action.READ_DRAFT, place_of_roster(service, like))
    with service.store.read() as session:
        return roster_record(session, like).instance
