"""Changes of the rows of an area's data: each makes new data, which are checked as an upload is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.orm import Session

from api.access.action_places import Place
from api.access.actions import Action
from api.access.policy import check, check_signed_in
from api.access.roles import Actor
from api.office.areas import Data
from api.office.conflicts import ConflictError, refuse_nothing
from api.office.context import Service
from api.office.data.data_changes import (
    Changed,
    document_of,
    keep_data,
    shown_row,
    with_leave,
)
from models.instance import Instance
from models.messages import issue
from models.people import Leave
from models.rows import Row, Why
from models.store.database.errors import StaleError
from models.store.database.log import record
from models.store.plans.instances import put_instance, set_current

ACTIONS = {
    "leave": Action.EDIT_LEAVE,
    "wishes": Action.EDIT_WISHES,
    "rules": Action.EDIT_RULES,
}
"""What changing a row of a table takes; of the others ``PATCH_INSTANCE``."""

UNLOGGED = frozenset({"mobile", "licence_no", "birth_year", "minority", "gender", "lon", "lat"})
"""Columns whose values the log does not keep: it says that they changed."""
PRIVATE = "（不记录）"

TRIES = 3
"""How often a change is made anew when somebody else changes the same data meanwhile."""


class RowChange(BaseModel):
    """``before`` becomes ``after``; without ``before`` a row is added, without ``after`` removed."""

    model_config = ConfigDict(extra="forbid")

    before: dict[str, Any] | None = Field(None, description="原来的一行 the row as it is")
    after: dict[str, Any] | None = Field(None, description="新的一行 the row to be")
    why: Why = ""


def check_row(service: Service, actor: Actor, area: str, table: str, change: RowChange) -> Data:
    """Return the area's data if the actor may change the row in them, where it was and will be.

    Raises
    ------
    InputError
        Nothing would change.
    DeniedError
        See ``check``.
    """
    action = ACTIONS.get(table, Action.PATCH_INSTANCE)
    check_signed_in(actor, action)
    refuse_nothing(change.before, change.after)
    if service.areas.data(area) is None:  # that there are none is told to those whose area it is
        check(actor, action, service.areas.place(area))
    data = service.areas.data_at(area)
    is_theirs = _is_theirs(service, actor, data)
    for row in (change.before, change.after):
        if row is not None:
            check(actor, action, _place(data, row) if is_theirs else None)
    return data


def change_row(
    service: Service, data: Data, table: str, change: RowChange, *, by: str, revision: int
) -> Changed:
    """Change one row of a table; all data are checked before they are kept.

    Raises
    ------
    ConflictError
        There is no row like ``before``.
    InputError, StaleError
        See ``keep_data``.
    """
    document = document_of(data.instance)
    document[table] = _changed(data.instance, table, change)
    why = change.why or f"row of {table}"

    def note(session: Session) -> None:
        rows = [row and _row(table, row) for row in (change.before, change.after)]
        before, after = _logged(table, *(shown_row(row) if row else None for row in rows))
        target = f"area:{data.area}"
        record(session, "change_row", target, by=by, why=why, before=before, after=after)

    return keep_data(service, data, document, by=by, revision=revision, why=why, along=note)


def change_leave(
    service: Service,
    area: str,
    change: Callable[[Instance], Iterable[Leave]],
    *,
    by: str,
    why: str,
    along: Callable[[Session], object] = lambda session: None,
) -> None:
    """Give the data of an area other leave, in one transaction with what goes ``along``.

    Whoever asks has not read a revision of the data, so the change is made anew where they
    have moved on. What changes nothing makes no new revision.

    Raises
    ------
    InputError
        With every issue of the data as they would be.
    StaleError
        Somebody else changes the same data all the time.
    UnseenError
        The area has no data.
    """
    for left in reversed(range(TRIES)):
        data = service.areas.data_at(area)
        leave = set(change(data.instance))
        is_new = leave != set(data.instance.leave)
        instance = with_leave(data.instance, leave) if is_new else data.instance
        try:
            with service.store.begin() as session:
                along(session)
                if is_new:
                    key = put_instance(session, instance, area=data.area, by=by)
                    set_current(session, data.area, key, revision=data.revision, by=by, why=why)
            return
        except StaleError:
            now = service.areas.data(area)
            if not left or now is None or now.revision == data.revision:
                raise


def _logged(
    table: str, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return what the log keeps of a changed row: its id and what differs, no private value."""
    old, new = before or {}, after or {}
    differing = {name for name in old | new if old.get(name) != new.get(name)}
    kept = differing | ({"id", "person"} & set(old | new))

    def shown(row: dict[str, Any] | None) -> dict[str, Any] | None:
        if row is None:
            return None
        return {"table": table} | {
            name: PRIVATE if name in UNLOGGED else row[name] for name in sorted(kept & set(row))
        }

    return shown(before), shown(after)


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
    ConflictError
        There is no row like ``before``.
    """
    rows: list[Row] = list(getattr(instance, table))
    if change.before is not None:
        known = _row(table, change.before)
        if known not in rows:
            raise ConflictError(issue("no_such_row"))
        rows.remove(known)
    kept = [shown_row(row) for row in rows]
    return [*kept, change.after] if change.after is not None else kept


def _row(table: str, content: dict[str, Any]) -> Row | None:
    kind = cast("type[Row]", get_args(Instance.model_fields[table].annotation)[0])
    try:
        return kind.model_validate(content)
    except ValidationError:
        return None
