"""The rows of the data: read page by page or one at a time, changed one at a time.

Areas, people, firms, villages, sites, posts, leave and the rest are tables of one document; this
is the one way to each of them.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response

from api.access.actions import Action
from api.access.denied import UnseenError
from api.http.guard import GUARDED, CurrentActor, Grant, require
from api.http.problems import responses
from api.office.data import row_changes as office
from api.office.data.data_changes import Changed, shown_row
from api.office.data.personal_reads import PERSONAL, note_personal_read
from api.office.data.row_changes import RowChange, check_row
from api.routes.answering.entity_tags import IfMatch, tag, version_of
from api.routes.answering.listings import From, Listing, page_of
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.running import InService
from api.routes.data.changing import CHANGES_DATA, told
from models.instance import Instance
from models.whereabouts import rows_inside

router = APIRouter(prefix="/api/v1", tags=["data"])

TABLES = tuple(name for name in Instance.model_fields if name != "settings")
TableName = Annotated[
    str, Path(pattern=f"^({'|'.join(TABLES)})$", description="表 table, as in the schema")
]
NAMED = ("areas", "villages", "sites", "posts", "firms", "people")
NamedTable = Annotated[
    str, Path(pattern=f"^({'|'.join(NAMED)})$", description="有编号的表 table whose rows have ids")
]
RowId = Annotated[str, Path(min_length=1, max_length=60, description="编号 id of the row")]


@router.get("/areas/{area}/data/{table}", responses=responses(*GUARDED))
def read_table(
    area: AreaId,
    table: TableName,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.READ_INSTANCE, area_place))],
    start: From = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Listing[dict[str, Any]]:
    """读取一张表 / The rows of a table that lie in an area, in the fixed order of the document.

    Areas, people, firms, villages, sites, posts and leave are read here, of a township with its
    code as the area. Days and rules hold for all areas of the data.
    """
    data = service.areas.data_at(area)
    tag(response, data.revision)
    rows = rows_inside(data.instance, table, service.areas.inside(area))
    if table in PERSONAL and start == 0:
        note_personal_read(service, area, table, by=grant.actor.by)
    return page_of([shown_row(row) for row in rows], start, limit)


@router.get("/areas/{area}/data/{table}/{row}", responses=responses(*GUARDED))
def read_row(
    area: AreaId,
    table: NamedTable,
    row: RowId,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.READ_INSTANCE, area_place))],
) -> dict[str, Any]:
    """读取一行 / One area, village, site, post, firm or person by its id; the ETag is that of the data."""
    data = service.areas.data_at(area)
    tag(response, data.revision)
    inside = rows_inside(data.instance, table, service.areas.inside(area))
    found = next((one for one in inside if getattr(one, "id", None) == row), None)
    if found is None:
        raise UnseenError
    if table in PERSONAL:
        note_personal_read(service, area, f"{table}/{row}", by=grant.actor.by)
    return shown_row(found)


@router.patch("/areas/{area}/data/{table}", responses=responses(*GUARDED, *CHANGES_DATA))
def change_row(
    area: AreaId,
    table: TableName,
    change: RowChange,
    service: InService,
    response: Response,
    actor: CurrentActor,
    if_match: IfMatch = None,
) -> Changed:
    """修改一行 / Change one row: a leave, a post, a person; all data are checked before they are kept."""
    data, revision = check_row(service, actor, area, table, change), version_of(if_match)
    changed = office.change_row(service, data, table, change, by=actor.by, revision=revision)
    return told(changed, response)
