"""The tables of the data: listed by page, filtered, one row at a time added, changed, deleted."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.access.actions import Action
from api.access.denied import UnseenError
from api.access.policy import Decision, decide
from api.access.roles import Actor
from api.http.guard import Grant
from api.office.context import Service
from api.office.data.data_changes import shown_row
from api.office.data.personal_reads import PERSONAL, note_personal_read
from api.office.data.row_changes import ACTIONS, RowChange, change_row, check_row
from api.pages.frame.doors import SignedInActor, require_page
from api.pages.frame.page import page, see
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.running import InService
from api.routes.data.rows import TableName
from models.formats.intake.cell_problem import CellError
from models.formats.intake.cells import encode, parse
from models.formats.intake.moments import Around
from models.formats.intake.row_drafts import named
from models.formats.intake.row_words import RowWords
from models.formats.intake.tables import Column, Table, instance_tables
from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.rows import Row
from models.whereabouts import rows_inside

router = APIRouter(prefix="/office/{area}/data/{table}")
Reading = Annotated[Grant, Depends(require_page(Action.READ_INSTANCE, area_place))]
Words = Annotated[str, Query(max_length=80)]
RowKey = Annotated[str, Query(pattern="^([0-9a-f]{12})?$")]
PAGE = 50
SHOWN_COLUMNS = 9
"""Columns of the list; the form has all."""


@router.get("")
def list_rows(
    request: Request,
    area: AreaId,
    table: TableName,
    service: InService,
    grant: Reading,
    find: Words = "",
    start: Annotated[int, Query(ge=0, le=10**7)] = 0,
) -> HTMLResponse:
    """List the rows of a table that lie in an area, those with some words if asked for."""
    if table in PERSONAL and start == 0:
        note_personal_read(service, area, table, by=grant.actor.by)
    return _listed(request, service, grant.actor, area, _table(table), find, start)


@router.get("/row")
def show_row(
    request: Request,
    area: AreaId,
    table: TableName,
    service: InService,
    grant: Reading,
    key: RowKey = "",
) -> HTMLResponse:
    """Show the form of a row, an empty one without a key."""
    return _form(request, service, area, _table(table), key, None, ())


@router.post("/row")
async def keep_row(
    request: Request, area: AreaId, table: TableName, service: InService, actor: SignedInActor
) -> Response:
    """Add, change or delete a row; every issue comes back with the form."""
    sent = {name: str(value) for name, value in (await request.form()).items()}
    found, key = _table(table), sent.get("key", "")
    try:
        _keep(service, actor, area, found, key, sent)
    except InputError as error:
        return _form(request, service, area, found, key, sent, error.issues)
    return see(f"/office/{area}/data/{table}")


def _keep(
    service: Service, actor: Actor, area: str, table: Table, key: str, sent: dict[str, str]
) -> None:
    instance = service.areas.data_at(area).instance
    before = _row_of(service, area, table, key) if key else None
    around = Around(instance.settings.month)
    after = None if sent.get("how") == "delete" else _read(table, sent, around)
    shown = shown_row(before) if before is not None else None
    change = RowChange(before=shown, after=after, why=sent.get("why", "")[:400])
    data = check_row(service, actor, area, table.name, change)
    revision = int(sent["revision"]) if sent.get("revision", "").isdecimal() else -1
    change_row(service, data, table.name, change, by=actor.by, revision=revision)


def _read(table: Table, sent: dict[str, str], around: Around) -> dict[str, Any]:
    """Return the fields of a form as a document has them.

    Raises
    ------
    InputError
        With an issue for each that cannot be read, and each that is needed and missing.
    """
    values: dict[str, Any] = {}
    issues: list[Issue] = []
    for column in table.columns:
        raw = sent.get(f"field:{column.field}", "")
        spot = Spot(table.title, column.title)
        try:
            value = parse(column, raw, around)
        except CellError as fault:
            issues.append(issue(fault.code, spot, raw, **named(column) | fault.words))
            continue
        if value is not None:
            values[column.field] = value
        elif column.required and column.field != "id":
            issues.append(issue("missing_value", spot, **named(column)))
    if issues:
        raise InputError(issues)
    made = table.row.model_construct(**values)
    return made.model_dump(mode="json", include=set(values))


def _table(name: str) -> Table:
    return next(table for table in instance_tables() if table.name == name)


def _key(row: Row) -> str:
    return hashlib.sha256(row.model_dump_json().encode()).hexdigest()[:12]


def _row_of(service: Service, area: str, table: Table, key: str) -> Row:
    rows = rows_inside(service.areas.data_at(area).instance, table.name, service.areas.inside(area))
    for row in rows:
        if _key(row) == key:
            return row
    raise UnseenError


def _listed(
    request: Request,
    service: Service,
    actor: Actor,
    area: str,
    table: Table,
    find: str,
    start: int,
) -> HTMLResponse:
    data = service.areas.data_at(area)
    words = RowWords(data.instance)
    columns = table.columns[:SHOWN_COLUMNS]
    rows = rows_inside(data.instance, table.name, service.areas.inside(area))
    said = ((row, [words.value(table, column, row) for column in columns]) for row in rows)
    found = [(row, cells) for row, cells in said if not find or any(find in c for c in cells)]
    return page(
        request,
        "data/table.html",
        area=area,
        table=table,
        tables=[one for one in instance_tables() if not one.is_settings],
        columns=columns,
        rows=[(_key(row), cells) for row, cells in found[start : start + PAGE]],
        total=len(found),
        start=start,
        find=find,
        may_edit=_may_edit(service, actor, area, table),
        page_address=lambda other: f"?{urlencode({'find': find, 'start': other})}",
    )


def _may_edit(service: Service, actor: Actor, area: str, table: Table) -> bool:
    action = ACTIONS.get(table.name, Action.PATCH_INSTANCE)
    return decide(actor, action, service.areas.place(area)) is Decision.ALLOW


def _form(
    request: Request,
    service: Service,
    area: str,
    table: Table,
    key: str,
    sent: dict[str, str] | None,
    issues: tuple[Issue, ...],
) -> HTMLResponse:
    row = _row_of(service, area, table, key) if key else None
    if sent is not None:
        values = {c.field: sent.get(f"field:{c.field}", "") for c in table.columns}
    else:
        values = {c.field: _text(c, row) for c in table.columns}
    return page(
        request,
        "data/row.html",
        status=422 if issues else 200,
        area=area,
        table=table,
        key=key,
        values=values,
        issues=issues,
        revision=service.areas.data_at(area).revision,
    )


def _text(column: Column, row: Row | None) -> str:
    """Return what a field of a row says as a cell has it."""
    found = encode(column, getattr(row, column.field)) if row is not None else None
    return "" if found is None else str(found)
