"""A person's own calendar: a file or an address, from which the busy hours enter the data."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, UploadFile
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api.access.action_places import Place
from api.access.actions import Action
from api.access.denied import UnseenError
from api.feeds.busy import BusyReading
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.context import Service
from api.office.data.busy_calendars import (
    busy_rows,
    follow_address,
    forget_calendar,
    refresh,
    upload_calendar,
)
from api.routes.answering.path_ids import AreaId
from api.routes.answering.running import InService
from models.issues import Issue
from models.people import Leave
from models.store.people.calendar_addresses import busy_calendar, issues_told

router = APIRouter(prefix="/api/v1/areas/{area}/people/{person}/busy", tags=["busy calendars"])

PersonId = Annotated[str, Path(min_length=1, max_length=60, description="人员编号 person id")]
InMonth = Annotated[
    str | None,
    Query(
        pattern=r"^20\d\d-(0[1-9]|1[0-2])$",
        description="月份，不填为数据的月份 month, that of the data if none",
    ),
]


class Source(BaseModel):
    """The private link that a calendar offers; it cannot be read back."""

    model_config = ConfigDict(extra="forbid")

    address: SecretStr = Field(min_length=1, max_length=2000)


class BusyView(BaseModel):
    """What is known of a person's own calendar: when it is busy, from which host it is read."""

    month: str
    rows: tuple[Leave, ...]
    host: str | None = Field(description="每天读取的网站 host from which it is read daily")
    read: dt.datetime | None
    failed: str | None = Field(
        description="上次读取的问题，空为正常 code of what went wrong last time, none if nothing"
    )
    skipped: int = Field(0, description="读不懂而跳过的日程数 events that could not be read")
    issues: tuple[Issue, ...] = Field(
        (), description="其中可能在本月的，只写日期 those that may lie in the month, by date alone"
    )


def person_place(service: InService, area: AreaId, person: PersonId) -> Place | None:
    """Return where the person of the path belongs, none for a stranger."""
    return service.areas.place_of_person(area, person)


Editing = Annotated[Grant, Depends(require(Action.EDIT_BUSY, person_place))]


@router.get("", responses=responses(*GUARDED))
def read_busy(
    area: AreaId, person: PersonId, service: InService, grant: Editing, month: InMonth = None
) -> BusyView:
    """查看占用时间 / The hours taken by the own calendar, and where it is read from."""
    return _view(service, area, person, month)


@router.put("", responses=responses(*GUARDED, "too-large", "changed-meanwhile"))
def upload_busy(
    area: AreaId,
    person: PersonId,
    file: UploadFile,
    service: InService,
    grant: Editing,
    month: InMonth = None,
) -> BusyView:
    """上传日历文件 / Upload an .ics file: its busy hours replace those known before, an address is forgotten."""
    data, content = service.areas.data_at(area), file.file.read()
    read = upload_calendar(service, data, person, content, by=grant.actor.by, month=month)
    return _view(service, area, person, month, read)


@router.put("/address", responses=responses(*GUARDED, "changed-meanwhile"))
def set_address(
    area: AreaId, person: PersonId, source: Source, service: InService, grant: Editing
) -> BusyView:
    """设日历网址 / Read the calendar from an address now, and again every day; only its host is told."""
    data, address = service.areas.data_at(area), source.address.get_secret_value()
    read = follow_address(service, data, person, address, by=grant.actor.by)
    return _view(service, area, person, None, read)


@router.post("/refresh", responses=responses(*GUARDED, "changed-meanwhile"))
def refresh_busy(
    area: AreaId, person: PersonId, service: InService, grant: Editing, month: InMonth = None
) -> BusyView:
    """重新读取 / Read the calendar again from its address."""
    with service.store.read() as session:
        kept = busy_calendar(session, service.areas.data_at(area).area, person)
    if kept is None:
        raise UnseenError
    read = refresh(service, kept, by=grant.actor.by, month=month)
    return _view(service, area, person, month, read)


@router.delete("", responses=responses(*GUARDED, "changed-meanwhile"))
def forget_busy(
    area: AreaId, person: PersonId, service: InService, grant: Editing, month: InMonth = None
) -> BusyView:
    """删除本人日历 / Forget the address, and the hours taken by the calendar in the month."""
    data = service.areas.data_at(area)
    forget_calendar(service, data, person, by=grant.actor.by, month=month)
    return _view(service, area, person, month)


def _view(
    service: Service,
    area: str,
    person: str,
    month: str | None,
    read: BusyReading | None = None,
) -> BusyView:
    data = service.areas.data_at(area)
    month = month or data.instance.settings.month
    with service.store.read() as session:
        kept = busy_calendar(session, data.area, person)
    return BusyView(
        month=month,
        rows=busy_rows(data.instance, person, month),
        host=kept.host if kept else None,
        read=kept.read_at if kept else None,
        failed=kept.failed if kept else None,
        skipped=read.skipped if read else kept.skipped if kept else 0,
        issues=read.issues if read else issues_told(kept) if kept else (),
    )
