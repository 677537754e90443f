"""The data of an area: which are current, and read out in all three forms."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from api.access.actions import Action
from api.access.policy import check
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.areas import Data
from api.office.data.data_changes import Choice
from api.office.data.data_changes import choose_data as choose
from api.office.data.data_files import data_file
from api.office.data.personal_reads import note_personal_read
from api.routes.answering.attachments import FILE, attachment
from api.routes.answering.entity_tags import IfMatch, tag, version_of
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.running import InService
from models.people import Leave

router = APIRouter(prefix="/api/v1", tags=["data"])


class DataView(BaseModel):
    """What an area works with now."""

    area: str
    revision: int
    instance: str = Field(description="内容哈希 content hash")
    name: str
    month: str
    counts: dict[str, int] = Field(description="各表行数 rows by table")


class ChosenData(DataView):
    """What an area works with now, and the leave that was entered since the last upload."""

    leave_kept: tuple[Leave, ...] = Field(
        (), description="并入的请假 leave that the new data took over"
    )
    leave_lost: tuple[Leave, ...] = Field(
        (), description="新数据中没有其人，未并入 leave of people whom the new data do not know"
    )


@router.get("/areas/{area}/data", responses=responses(*GUARDED))
def read_data(
    area: AreaId,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.READ_INSTANCE, area_place))],
) -> DataView:
    """当前数据 / What the area works with; the ETag is its revision."""
    data = service.areas.data_at(area)
    tag(response, data.revision)
    return _view(data)


@router.put(
    "/areas/{area}/data",
    responses=responses(*GUARDED, "changed-meanwhile", "if-match-required"),
)
def choose_data(
    area: AreaId,
    choice: Choice,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.UPLOAD_INSTANCE, area_place))],
    if_match: IfMatch = None,
) -> ChosenData:
    """启用数据 / Work with imported data from now on; ``If-Match: "0"`` before the first.

    Leave that was accepted or entered since the last upload is merged into them, and shown.
    """
    leave = choose(service, grant.actor, area, choice, revision=version_of(if_match))
    view = read_data(area, service, response, grant)
    return ChosenData(**view.model_dump(), leave_kept=leave.kept, leave_lost=leave.lost)


@router.get(
    "/areas/{area}/data/file",
    response_class=Response,
    responses=responses(*GUARDED) | FILE,
)
def download_data(
    area: AreaId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_INSTANCE, area_place))],
    form: Annotated[Literal["xlsx", "json", "csv"], Query()] = "xlsx",
) -> Response:
    """下载数据 / Download the data as a workbook, JSON or a zip of CSV files.

    They are those of the area that owns them, whole: only for those who may read all of it.
    """
    data = service.areas.data_at(area)
    check(grant.actor, Action.READ_INSTANCE, data.place)
    note_personal_read(service, data.area, f"file.{form}", by=grant.actor.by)
    name = f"zhiban-{data.area}-{data.revision}.{'zip' if form == 'csv' else form}"
    return attachment(name, data_file(data.instance, form))


def _view(data: Data) -> DataView:
    instance = data.instance
    return DataView(
        area=data.area,
        revision=data.revision,
        instance=instance.content_hash,
        name=instance.settings.name,
        month=instance.settings.month,
        counts=instance.counts(),
    )
