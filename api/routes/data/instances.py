"""The data of an area: which are current, and read out in all three forms."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.access.places import Place
from api.access.policy import Decision, check, decide
from api.access.roles import Actor
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.areas import Data
from api.office.context import Service
from api.routes.answering.attachments import FILE, attachment
from api.routes.answering.entity_tags import IfMatch, tag, version_of
from api.routes.answering.fields import Why
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.running import InService
from api.routes.data.changing import data_of
from models.formats.csv_zip import zip_folder
from models.formats.write import write_csv_folder, write_json, write_workbook
from models.instance import Instance
from models.store.database.errors import NotFoundError
from models.store.plans.instances import areas_with, set_current

router = APIRouter(prefix="/api/v1", tags=["data"])


class DataView(BaseModel):
    """What an area works with now."""

    area: str
    revision: int
    instance: str = Field(description="内容哈希 content hash")
    name: str
    month: str
    counts: dict[str, int] = Field(description="各表行数 rows by table")


class Choice(BaseModel):
    """The data an area is to work with from now on."""

    model_config = ConfigDict(extra="forbid")

    instance: str = Field(pattern="^[0-9a-f]{64}$")
    why: Why = ""


@router.get("/areas/{area}/data", responses=responses(*GUARDED))
def read_data(
    area: AreaId,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.READ_INSTANCE, area_place))],
) -> DataView:
    """当前数据 / What the area works with; the ETag is its revision."""
    data = data_of(service, area)
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
) -> DataView:
    """启用数据 / Work with imported data from now on; ``If-Match: "0"`` before the first."""
    _check_had(service, grant.actor, choice.instance)
    with service.store.begin() as session:
        set_current(
            session,
            area,
            choice.instance,
            revision=version_of(if_match),
            by=grant.actor.by,
            why=choice.why,
        )
    return read_data(area, service, response, grant)


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
    data = data_of(service, area)
    check(grant.actor, Action.READ_INSTANCE, Place.of_area(data.instance, data.area))
    name = f"zhiban-{data.area}-{data.revision}.{'zip' if form == 'csv' else form}"
    return attachment(name, _file(data.instance, form))


def _check_had(service: Service, actor: Actor, key: str) -> None:
    """Refuse data that lie only where the actor may upload none: a hash is no key to them.

    Raises
    ------
    NotFoundError
        As for a hash that nobody has.
    """
    with service.store.read() as session:
        areas = areas_with(session, key)
    places = [service.areas.place(area) for area in areas]
    if not any(decide(actor, Action.UPLOAD_INSTANCE, p) is Decision.ALLOW for p in places):
        raise NotFoundError("no_instance", key)


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


def _file(instance: Instance, form: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"data.{form}")
        if form == "xlsx":
            write_workbook(instance, path)
        elif form == "json":
            write_json(instance, path)
        else:
            write_csv_folder(instance, path)
            return zip_folder(path)
        return path.read_bytes()
