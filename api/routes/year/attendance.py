"""What became of everything planned in a month: own duties by each person, all by the office."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Response, UploadFile
from pydantic import AfterValidator

from api.http.guard import GUARDED, CurrentActor
from api.http.problems import responses
from api.jobs.contract.plan import File
from api.office.year.attendance_reports import (
    AttendanceAsked,
    AttendanceReport,
    AttendanceSaved,
    AttendanceView,
    list_attendance,
    report_attendance,
)
from api.office.year.attendance_sheets import SheetSaved, attendance_sheet, read_sheet
from api.routes.answering.attachments import FILE, attachment
from api.routes.answering.listings import From, Limit, Listing, page_of
from api.routes.answering.path_ids import AreaId, MonthId
from api.routes.answering.running import InService, Today
from models.rows import printable

router = APIRouter(prefix="/api/v1", tags=["attendance"])

ENTERING = (*GUARDED, "changed-meanwhile")
Person = Annotated[str | None, Query(min_length=1, max_length=60), AfterValidator(printable)]
Correction = Annotated[
    bool, Query(description="可更正已填报的 may replace what was reported before")
]


@router.get("/areas/{area}/months/{month}/attendance", responses=responses(*GUARDED))
def list_month_attendance(
    area: AreaId,
    month: MonthId,
    service: InService,
    actor: CurrentActor,
    person: Person = None,
    first: Annotated[dt.date | None, Query(description="首日 first day")] = None,
    last: Annotated[dt.date | None, Query(description="末日（含）last day, included")] = None,
    is_open: Annotated[
        bool | None, Query(alias="open", description="true：只看未填报的 not reported yet")
    ] = None,
    start: From = 0,
    limit: Limit = 50,
) -> Listing[AttendanceView]:
    """出勤记录 / Everything published for a month with what became of it: all, or the own duties."""
    asked = AttendanceAsked(person, first, last, is_open)
    return page_of(list_attendance(service, actor, area, month, asked), start, limit)


@router.post("/areas/{area}/months/{month}/attendance", responses=responses(*ENTERING))
def enter_attendance(
    area: AreaId,
    month: MonthId,
    report: AttendanceReport,
    service: InService,
    actor: CurrentActor,
    today: Today,
) -> AttendanceSaved:
    """填报出勤 / Say what became of duties, visits, lectures and mediators' seats, each by its id.

    All rows are kept, or none. What was reported already is only changed as a ``correction``; in a
    closed month by the office whose data they are, and the ledger and a later statement follow.
    """
    return report_attendance(service, actor, area, month, report, today=today)


@router.get(
    "/areas/{area}/months/{month}/attendance-sheet",
    response_class=Response,
    responses=responses(*GUARDED) | FILE,
)
def read_attendance_sheet(
    area: AreaId, month: MonthId, service: InService, actor: CurrentActor
) -> Response:
    """下载出勤表 / The sheet of a month, a row for each thing, with what is reported so far."""
    content = attendance_sheet(service, actor, area, month)
    return attachment(f"attendance-{area}-{month}.xlsx", content)


@router.post(
    "/areas/{area}/months/{month}/attendance-sheet",
    responses=responses(*ENTERING, "too-large"),
)
def upload_attendance_sheet(
    area: AreaId,
    month: MonthId,
    file: UploadFile,
    service: InService,
    actor: CurrentActor,
    today: Today,
    correction: Correction = False,
) -> SheetSaved:
    """上传出勤表 / Read a filled-in sheet of attendance and work; every issue is told with its cell.

    Rows left blank are not reported. A sheet that is read twice adds nothing.
    """
    sheet = File(name=file.filename or "", content=file.file.read())
    return read_sheet(service, actor, area, month, sheet, correction=correction, today=today)
