"""The rows of the data: read page by page or one at a time, changed one at a time.

Areas, people, firms, villages, sites, posts, leave and the rest are tables of one document; this
is the one way to each of them.
"""

from __future__ import annotations

from typing import Annotated, Any, cast, get_args

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.access.actions import Action
from api.access.denied import UnseenError
from api.access.places import Place
from api.access.policy import check, check_signed_in
from api.access.roles import Actor
from api.http.guard import GUARDED, CurrentActor, Grant, require
from api.http.problems import Problem, responses
from api.office.areas import Data
from api.office.context import Service
from api.office.row_changes import refuse_nothing
from api.routes.answering.entity_tags import IfMatch, tag, version_of
from api.routes.answering.fields import Why
from api.routes.answering.listings import From, Listing, page_of
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.running import InService
from api.routes.data.changing import CHANGES_DATA, Changed, data_of, document_of, keep, told
from models.instance import Instance
from models.rows import Row
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
ACTIONS = {
    "leave": Action.EDIT_LEAVE,
    "wishes": Action.EDIT_WISHES,
    "rules": Action.EDIT_RULES,
}
"""What changing a row of a table takes; of the others ``PATCH_INSTANCE``."""


class RowChange(BaseModel):
    """``before`` becomes ``after``; without ``before`` a row is added, without ``after`` removed."""

    model_config = ConfigDict(extra="forbid")

    before: dict[str, Any] | None = Field(None, description="原来的一行 the row as it is")
    after: dict[str, Any] | None = Field(None, description="新的一行 the row to be")
    why: Why = ""


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
    data = data_of(service, area)
    tag(response, data.revision)
    rows = rows_inside(data.instance, table, service.areas.inside(area))
    return page_of([_shown(row) for row in rows], start, limit)


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
    data = data_of(service, area)
    tag(response, data.revision)
    inside = rows_inside(data.instance, table, service.areas.inside(area))
    found = next((one for one in inside if getattr(one, "id", None) == row), None)
    if found is None:
        raise UnseenError
    return _shown(found)


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
    action = ACTIONS.get(table, Action.PATCH_INSTANCE)
    check_signed_in(actor, action)
    refuse_nothing(change.before, change.after)
    data = data_of(service, area)
    is_theirs = _is_theirs(service, actor, data)
    for row in (change.before, change.after):
        if row is not None:
            check(actor, action, _place(data, row) if is_theirs else None)
    revision = version_of(if_match)
    document = document_of(data)
    document[table] = _changed(data.instance, table, change)
    why = change.why or f"row of {table}"
    return told(keep(service, data, document, actor, revision, why), response)


def _shown(row: Row) -> dict[str, Any]:
    return row.model_dump(mode="json", exclude_defaults=True)


def _is_theirs(service: Service, actor: Actor, data: Data) -> bool:
    """Tell whether the actor works with these data: those of its area, or of one inside it.

    Data of others may name the actor's area too, as the home of a lawyer whom both share.
    """
    own = service.areas.data(actor.area) if actor.area else None
    is_own = own is not None and own.area == data.area
    return is_own or service.areas.place(data.area).is_inside(actor.area)


def _place(data: Data, row: dict[str, Any]) -> Place | None:
    """Return where a row lies: its person, its area or site, else the whole of the data."""
    instance = data.instance
    person, area, site = (row.get(name) for name in ("person", "area", "site"))
    if isinstance(person, str) and person in instance.person_by_id:
        return Place.of_person(instance, person)
    if isinstance(site, str) and site in instance.site_by_id:
        area = instance.site_by_id[site].area
    if isinstance(area, str) and area in instance.area_by_id:
        return Place.of_area(instance, area)
    return Place.of_area(instance, data.area)


def _changed(instance: Instance, table: str, change: RowChange) -> list[dict[str, Any]]:
    """Return the rows of the table after the change.

    Raises
    ------
    Problem
        ``conflict``: there is no row like ``before``.
    """
    rows: list[Row] = list(getattr(instance, table))
    if change.before is not None:
        known = _row(table, change.before)
        if known not in rows:
            raise Problem(
                "conflict",
                "没有这样的一行，请重新读取",
                "There is no such row; read the table again",
            )
        rows.remove(known)
    kept = [_shown(row) for row in rows]
    return [*kept, change.after] if change.after is not None else kept


def _row(table: str, content: dict[str, Any]) -> Row | None:
    kind = cast("type[Row]", get_args(Instance.model_fields[table].annotation)[0])
    try:
        return kind.model_validate(content)
    except ValidationError:
        return None
