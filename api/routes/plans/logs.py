"""The log: who did what, when and why; of one roster, or of all that lies in an area."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AfterValidator, BaseModel

from api.access.accounts import fold_name
from api.access.actions import Action
from api.actions.log_files import log_file
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.data.personal_reads import note_personal_read
from api.routes.answering.attachments import FILE, attachment
from api.routes.answering.listings import Before, Limit, Listing
from api.routes.answering.path_ids import AreaId, RosterId, area_place
from api.routes.answering.running import InService
from api.routes.plans.rosters import place_of_roster
from models.rows import printable
from models.store.database.log import LogAsked, log_inside, log_of
from models.store.database.paging import Page
from models.store.tables.log_table import LogEntry

router = APIRouter(prefix="/api/v1", tags=["log"])

Subject = Annotated[
    str | None,
    Query(
        max_length=120,
        pattern=r"^[a-z]+(:.+)?$",
        description="roster:7 为一项，roster 为一类；area、instance、job、roster、user、feed "
        "one thing, or a whole kind",
    ),
]


ByUser = Annotated[
    str | None,
    Query(max_length=80, description="谁做的，用户名 who did it, by user name"),
    AfterValidator(printable),
]


class LogView(BaseModel):
    """One entry of the log."""

    id: int
    at: dt.datetime
    by: str
    action: str
    target: str
    why: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def _asked(
    subject: Subject = None,
    by: ByUser = None,
    first: Annotated[dt.date | None, Query(description="首日 first day")] = None,
    last: Annotated[dt.date | None, Query(description="末日（含）last day, included")] = None,
) -> LogAsked:
    return LogAsked(subject, fold_name(by) if by else None, first, last)


LogFilter = Annotated[LogAsked, Depends(_asked)]


@router.get("/areas/{area}/log", responses=responses(*GUARDED))
def read_area_log(
    area: AreaId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.LOG, area_place))],
    asked: LogFilter,
    before: Before = None,
    limit: Limit = 50,
) -> Listing[LogView]:
    """操作日志 / Who did what in an area and below it, newest first: data, rosters, jobs, users, links."""
    inside = service.areas.inside(area)
    with service.store.read() as session:
        found = log_inside(session, inside, asked, before=before, limit=limit)
        return _told(found)


@router.get("/areas/{area}/log/file", response_class=Response, responses=responses(*GUARDED) | FILE)
def download_log(
    area: AreaId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.LOG, area_place))],
    asked: LogFilter,
) -> Response:
    """下载操作日志 / Download what is asked for as a workbook, newest first; the log says so itself."""
    with service.store.read() as session:
        content = log_file(session, service.areas.inside(area), asked)
    note_personal_read(service, area, "log.xlsx", by=grant.actor.by)
    return attachment(f"zhiban-log-{area}.xlsx", content)


@router.get("/rosters/{roster}/log", responses=responses(*GUARDED))
def read_roster_log(
    roster: RosterId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.LOG, place_of_roster))],
    before: Before = None,
    limit: Limit = 50,
) -> Listing[LogView]:
    """排班的操作日志 / Who did what to a roster, when and why, newest first."""
    with service.store.read() as session:
        return _told(log_of(session, f"roster:{roster}", before=before, limit=limit))


def _told(page: Page[LogEntry]) -> Listing[LogView]:
    items = [LogView.model_validate(row, from_attributes=True) for row in page.rows]
    return Listing(items=items, next=page.next)
