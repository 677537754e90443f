"""The rows of a roster as the store keeps them, and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from models.county_ids import person_marks
from models.instance import Instance
from models.issues import InputError
from models.messages import Spot, issue
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, VillageStation, Visit
from models.slots import part_times, post_times, visit_times
from models.store.tables.plan_tables import AssignmentRow, RosterRecord
from models.store.tables.words import AssignmentKind

RosterRow = AdviserSeat | MediatorSeat | Duty | Visit | VillageStation
"""One row of a roster."""

_FIELDS: dict[type[RosterRow], tuple[AssignmentKind, str, str]] = {
    AdviserSeat: (AssignmentKind.ADVISER, "advisers", "village"),
    MediatorSeat: (AssignmentKind.MEDIATOR, "mediators", "site"),
    Duty: (AssignmentKind.DUTY, "duties", "post"),
    Visit: (AssignmentKind.VISIT, "visits", "village"),
    VillageStation: (AssignmentKind.STATION, "stations", "village"),
}
"""Kind, table of the roster and name of the target of every row type."""

_TYPES = {kind: (row, table, target) for row, (kind, table, target) in _FIELDS.items()}


def rows_of(roster: Roster) -> list[RosterRow]:
    """Return all rows of a roster, table by table."""
    return [row for _, table, _ in _FIELDS.values() for row in getattr(roster, table)]


def tables_of(rows: Iterable[RosterRow]) -> dict[str, Any]:
    """Return rows by the table of a roster in which they stand."""
    tables: dict[str, list[RosterRow]] = {table: [] for _, table, _ in _FIELDS.values()}
    for row in rows:
        tables[_FIELDS[type(row)][1]].append(row)
    return {table: tuple(found) for table, found in tables.items()}


def identity(row: RosterRow) -> dict[str, Any]:
    """Return the columns that say what the row says."""
    kind, _, target = _FIELDS[type(row)]
    said = row.model_dump()
    return {
        "kind": kind,
        "target": said.pop(target),
        "date": said.pop("date", None),
        "part": said.pop("part", None),
        "person": said.pop("person", None),
        "standby": said.pop("standby", False),
        "lecture": said.pop("lecture", False),
        "host": said.pop("host", None),
        "firm": said.pop("firm", None),
        "start": said.pop("start", None),
    }


def columns(instance: Instance, row: RosterRow) -> dict[str, Any]:
    """Return all columns of the row: what it says, where and when that is, and who it is."""
    starts, ends = _times(instance, row)
    site, township = _where(instance, row)
    said = identity(row)
    who, licence = person_marks(instance, said["person"]) if said["person"] else (None, None)
    where = {"site": site, "township": township, "starts": starts, "ends": ends}
    return said | where | {"who": who, "licence": licence}


def row_of(assignment: AssignmentRow) -> RosterRow:
    """Return the row of a roster that was kept."""
    row, _, target = _TYPES[assignment.kind]
    names = [name for name in row.model_fields if name != target]
    said = {name: getattr(assignment, name) for name in names} | {target: assignment.target}
    return row.model_validate(said)


def roster_of(record: RosterRecord, assignments: Iterable[AssignmentRow]) -> Roster:
    """Return a roster from its record and its rows, which come in the order of their ids."""
    rows = tables_of(map(row_of, assignments))
    return Roster(month=record.month, instance=record.instance, **rows)


def check_month(month: str, rows: Iterable[RosterRow]) -> None:
    """Refuse rows of other months. Raises InputError with an Issue for every one."""
    dated = [row for row in rows if isinstance(row, Duty | Visit)]
    issues = [
        issue("other_month", Spot(_FIELDS[type(row)][1]), f"{row.date:%Y-%m-%d}", month=month)
        for row in dated
        if f"{row.date:%Y-%m}" != month
    ]
    if issues:
        raise InputError(issues)


def _times(
    instance: Instance, row: RosterRow
) -> tuple[dt.datetime, dt.datetime] | tuple[None, None]:
    if not isinstance(row, Duty | Visit):
        return None, None
    post = instance.post_by_id.get(row.post) if isinstance(row, Duty) else None
    if post is not None:
        return post_times(instance.settings, post, row.date, row.part)
    if isinstance(row, Visit):
        village = instance.village_by_id.get(row.village)
        return visit_times(instance.settings, village, row.date, row.part, row.start)
    return part_times(instance.settings, row.date, row.part)


def _where(instance: Instance, row: RosterRow) -> tuple[str | None, str | None]:
    """Return site and area of a row, as far as the instance knows them."""
    if isinstance(row, Duty | MediatorSeat):
        post = instance.post_by_id.get(row.post) if isinstance(row, Duty) else None
        key = row.site if isinstance(row, MediatorSeat) else post.site if post else ""
        site = instance.site_by_id.get(key)
        return (site.id, site.area) if site else (None, None)
    village = instance.village_by_id.get(row.village)
    return None, village.area if village else None
