"""Work beyond the roster in the service: aid cases, mediations, documents, calls, counted.

A person enters the own work, an office all in its area. There is no room for names or cases.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.access.action_places import Place
from api.access.actions import Action
from api.access.policy import Decision, check, decide
from api.access.roles import Actor
from api.office.areas import Data
from api.office.context import Service
from api.office.year.opening import data_for
from models.attendance import Happened, WorkRow
from models.instance import Instance
from models.issues import InputError
from models.messages import issue
from models.rows import Why
from models.store.database.clock import now
from models.store.tables.year_tables import WorkRecord
from models.store.year.month_records import hold_months, is_closed, month_record
from models.store.year.work_records import (
    change_work,
    get_work,
    keep_work,
    work_records,
    work_row,
)
from solver.year.attendance_file import checked_attendance

MOST_ITEMS = 5_000
WorkRows = Annotated[tuple[WorkRow, ...], Field(max_length=MOST_ITEMS)]


class WorkReport(BaseModel):
    """Work done in a month."""

    model_config = ConfigDict(extra="forbid")

    work: Annotated[WorkRows, Field(min_length=1)]
    correction: bool = Field(
        False, description="补报已结转的月份，由司法局办理 may add to a closed month"
    )
    why: Why = ""


class WorkChange(BaseModel):
    """What an entry is to be; removed without ``work``."""

    model_config = ConfigDict(extra="forbid")

    work: WorkRow | None = None
    correction: bool = False
    why: Why = ""


class WorkView(BaseModel):
    """One entry with its number and version."""

    id: int
    version: int
    work: WorkRow
    name: str = Field(description="人员姓名 name of the person")
    changed_by: str
    changed_at: dt.datetime


def list_work(
    service: Service, actor: Actor, area: str, month: str, person: str | None = None
) -> list[WorkView]:
    """Return the work of an area's month, as far as the actor may see it. Raises DeniedError."""
    data = data_for(service, actor, area, Action.READ_ATTENDANCE)
    with service.store.read() as session:
        records = work_records(session, data.area, month)
    inside = service.areas.inside(area)
    return [
        _view(data.instance, record)
        for record in records
        if _may(actor, Action.READ_ATTENDANCE, data.instance, work_row(record))
        and _area_of(data.instance, work_row(record).place) in inside
        and person in (None, work_row(record).person)
    ]


def report_work(
    service: Service, actor: Actor, area: str, month: str, report: WorkReport
) -> list[WorkView]:
    """Keep work done in a month; all rows are kept, or none.

    Raises
    ------
    DeniedError
        It is the work of somebody else.
    InputError
        With every issue, also where the month is closed.
    """
    data = data_for(service, actor, area, Action.READ_ATTENDANCE)
    rows = _checked(actor, data, month, report.work)
    with service.store.begin() as session:
        _open_for(session, actor, data, month, report.correction)
        made = keep_work(session, data.area, month, rows, by=actor.by, why=report.why)
    return [_view(data.instance, record) for record in made]


def correct_work(
    service: Service, actor: Actor, area: str, work_id: int, change: WorkChange, *, version: int
) -> WorkView | None:
    """Change an entry, or remove it; return what it is now.

    Raises
    ------
    DeniedError, InputError
        See ``report_work``.
    NotFoundError, StaleError
        There is no such entry, or it is not at ``version``.
    """
    data = data_for(service, actor, area, Action.READ_ATTENDANCE)
    with service.store.begin() as session:
        known = get_work(session, data.area, work_id)
        _checked(actor, data, known.month, (work_row(known),))
        row = None
        if change.work is not None:
            (row,) = _checked(actor, data, known.month, (change.work,))
        _open_for(session, actor, data, known.month, change.correction)
        change_work(session, known, row, version=version, by=actor.by, why=change.why)
    return _view(data.instance, known) if row is not None else None


def new_rows(known: tuple[WorkRow, ...], rows: tuple[WorkRow, ...]) -> tuple[WorkRow, ...]:
    """Return the rows of a sheet that are not on record: a sheet read twice adds nothing."""
    left = Counter(known)
    new = []
    for row in rows:
        if left[row]:
            left[row] -= 1
        else:
            new.append(row)
    return tuple(new)


def _checked(
    actor: Actor, data: Data, month: str, rows: tuple[WorkRow, ...]
) -> tuple[WorkRow, ...]:
    """Return rows that the actor may enter. Raises DeniedError, InputError."""
    checked = checked_attendance(Happened(work=rows), data.instance, month, {}).work
    for row in checked:
        place = _place(data.instance, row)
        check(actor, Action.ENTER_ATTENDANCE, place)
    return checked


def _open_for(session: Session, actor: Actor, data: Data, month: str, is_correction: bool) -> None:
    """Hold the month; a closed one is open for corrections by the office whose data they are."""
    hold_months(session, data.area)
    if not is_closed(session, data.area, month):
        return
    if not is_correction or decide(actor, Action.CLOSE_MONTH, data.place) is not Decision.ALLOW:
        raise InputError([issue("attendance_month_closed", value=month, month=month)])
    record = month_record(session, data.area, month)
    if record is not None:
        record.corrected_at = now()


def _may(actor: Actor, action: Action, instance: Instance, row: WorkRow) -> bool:
    if row.person not in instance.person_by_id:
        return False
    return decide(actor, action, _place(instance, row)) is Decision.ALLOW


def _place(instance: Instance, row: WorkRow) -> Place:
    return Place.of_person(instance, row.person, _area_of(instance, row.place))


def _area_of(instance: Instance, place: str) -> str | None:
    found = instance.village_by_id.get(place) or instance.site_by_id.get(place)
    return found.area if found is not None else None


def _view(instance: Instance, record: WorkRecord) -> WorkView:
    row = work_row(record)
    person = instance.person_by_id.get(row.person)
    return WorkView(
        id=record.id,
        version=record.version,
        work=row,
        name=person.name if person else row.person,
        changed_by=record.changed_by,
        changed_at=record.changed_at,
    )
