"""Attendance in the service: what everybody was to do, what became of it, and who may say so.

A person reports the own duties, an office all in its area. A second report of the same thing is refused
unless it is called a correction, which the log keeps with what stood there before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.access.policy import Decision, check, decide
from api.access.roles import Actor, Role
from api.office.context import Service
from api.office.year.carrying import carry_correction
from api.office.year.opening import data_for
from api.office.year.planned_months import PlannedMonth, planned_month
from models.attendance import AttendanceRow, Happened, Presence
from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.rows import Why
from models.store.tables.year_tables import AttendanceRecord
from models.store.year.held_rows import attendance_records, attendance_row, keep_attendance
from models.store.year.month_records import hold_months, is_closed
from models.vocabulary import Mode, Part
from solver.year.appointments import Appointment, AppointmentKind, described
from solver.year.attendance_file import checked_attendance

MOST_ROWS = 20_000
AttendanceRows = Annotated[tuple[AttendanceRow, ...], Field(max_length=MOST_ROWS)]


class AttendanceReport(BaseModel):
    """What became of things planned, each named by its id."""

    model_config = ConfigDict(extra="forbid")

    attendance: Annotated[AttendanceRows, Field(min_length=1)]
    correction: bool = Field(
        False,
        description="更正已填报的；月份已结转的由司法局更正 "
        "may replace what was reported before, in a closed month too",
    )
    why: Why = ""


class AttendanceSaved(BaseModel):
    """How many rows were new, how many corrected what was known; the others said the same."""

    new: int
    corrected: int


class AttendanceView(BaseModel):
    """One thing planned, and what is reported of it so far."""

    id: str
    kind: AppointmentKind
    what: str
    person: str
    name: str
    place: str
    area: str
    date: dt.date
    part: Part | None
    hours: float
    mode: Mode
    report: AttendanceRow | None = Field(description="未填报时为空 null until somebody reports")
    reported_by: str | None
    reported_at: dt.datetime | None


class AttendanceAsked(NamedTuple):
    """Which things are asked for: of one person, of some days, only those not reported yet."""

    person: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    is_open: bool | None = None


def list_attendance(
    service: Service,
    actor: Actor,
    area: str,
    month: str,
    asked: AttendanceAsked = AttendanceAsked(),  # noqa: B008 - immutable
) -> list[AttendanceView]:
    """Return what was planned in an area's month and became of it, as far as the actor may see it.

    Raises
    ------
    DeniedError
        See ``check``.
    InputError
        Nothing of the month is published.
    """
    planned = planned_month(service, data_for(service, actor, area, Action.READ_ATTENDANCE), month)
    with service.store.read() as session:
        records = attendance_records(session, planned.area, month)
    known = {record.appointment: record for record in records}
    inside = service.areas.inside(area)
    return [
        _view(planned, thing, known.get(thing.id))
        for thing in _asked_for(planned, asked)
        if thing.area in inside
        and (asked.is_open is None or asked.is_open is (thing.id not in known))
        and decide(actor, Action.READ_ATTENDANCE, planned.place(thing)) is Decision.ALLOW
    ]


def report_attendance(
    service: Service,
    actor: Actor,
    area: str,
    month: str,
    report: AttendanceReport,
    *,
    today: dt.date,
) -> AttendanceSaved:
    """Keep what became of some things of a month; all rows are kept, or none.

    Raises
    ------
    DeniedError
        A row is of something that the actor may not report.
    InputError
        With every issue: what was never planned, a second row, what contradicts itself, a closed month.
    """
    data = data_for(service, actor, area, Action.READ_ATTENDANCE)
    planned = planned_month(service, data, month)
    rows = report.attendance
    _check_theirs(actor, planned, rows)
    may_settle = decide(actor, Action.CLOSE_MONTH, data.place) is Decision.ALLOW
    with service.store.begin() as session:
        hold_months(session, data.area)
        known = {
            record.appointment: attendance_row(record)
            for record in attendance_records(session, data.area, month)
        }
        closed = is_closed(session, data.area, month)
        told = [] if report.correction else list(_again(rows, known))
        told += _early(rows, planned, today) if actor.role is Role.ADVISER else ()
        told += _own_rating(rows, known) if actor.role is Role.ADVISER else ()
        if closed and not (may_settle and report.correction):
            told.insert(0, issue("attendance_month_closed", value=month, month=month))
        checked = _checked(rows, known, planned, told)
        made = keep_attendance(
            session, data.area, month, checked, planned.people, by=actor.by, why=report.why
        )
        if closed and (made.new or made.corrected):
            carry_correction(session, planned, by=actor.by, why=report.why)
    return AttendanceSaved(new=made.new, corrected=made.corrected)


def _check_theirs(actor: Actor, planned: PlannedMonth, rows: Iterable[AttendanceRow]) -> None:
    for row in rows:
        thing = planned.planned.get(row.id)
        if thing is not None:
            check(actor, Action.ENTER_ATTENDANCE, planned.place(thing))


def _checked(
    rows: tuple[AttendanceRow, ...],
    known: Mapping[str, AttendanceRow],
    planned: PlannedMonth,
    told: list[Issue],
) -> tuple[AttendanceRow, ...]:
    """Return the rows as they are kept; raise every issue of them, with those told already."""
    new = {row.id for row in rows}
    beside = [known[key] for key in _twins(new) if key in known and key not in new]
    happened = Happened(attendance=(*rows, *beside))
    try:
        checked = checked_attendance(happened, planned.instance, planned.month, planned.planned)
    except InputError as error:
        raise InputError([*told, *error.issues]) from None
    if told:
        raise InputError(told)
    return checked.attendance[: len(rows)]


def _twins(ids: Iterable[str]) -> Iterator[str]:
    """Yield the lecture of each visit, and the visit of each lecture: they are held together."""
    visit, lecture = AppointmentKind.VISIT.value, AppointmentKind.LECTURE.value
    for key in sorted(ids):
        kind, _, rest = key.partition("/")
        if kind in (visit, lecture):
            yield f"{lecture if kind == visit else visit}/{rest}"


def _again(rows: Iterable[AttendanceRow], known: Mapping[str, AttendanceRow]) -> Iterator[Issue]:
    """Yield rows that say otherwise of what was reported already."""
    for number, row in enumerate(rows):
        before = known.get(row.id)
        if before is not None and before != row.model_copy(update={"what": ""}):
            was = before.presence.label if before.presence else "—"
            yield issue("attendance_again", _spot(number, "id"), row.id, was=was)


def _early(rows: Iterable[AttendanceRow], planned: PlannedMonth, today: dt.date) -> Iterator[Issue]:
    """Yield duties of days to come to which somebody came already."""
    for number, row in enumerate(rows):
        thing = planned.planned.get(row.id)
        came = row.presence in (Presence.HELD, Presence.LATE)
        if thing is not None and came and thing.part is not None and thing.day > today:
            yield issue("attendance_early", _spot(number, "presence"), row.id, day=thing.day)


def _own_rating(
    rows: Iterable[AttendanceRow], known: Mapping[str, AttendanceRow]
) -> Iterator[Issue]:
    for number, row in enumerate(rows):
        before = known.get(row.id)
        if row.rating is not None and row.rating != (before.rating if before else None):
            yield issue("attendance_rating_own", _spot(number, "rating"), row.rating)


def _spot(number: int, field: str) -> Spot:
    return Spot(cell=f"$.attendance[{number}].{field}")


def _asked_for(planned: PlannedMonth, asked: AttendanceAsked) -> Iterator[Appointment]:
    for thing in planned.planned.values():
        if (
            asked.person in (None, thing.person)
            and (asked.first is None or thing.day >= asked.first)
            and (asked.last is None or thing.day <= asked.last)
        ):
            yield thing


def _view(
    planned: PlannedMonth, thing: Appointment, known: AttendanceRecord | None
) -> AttendanceView:
    return AttendanceView(
        id=thing.id,
        kind=thing.kind,
        what=described(planned.instance, thing),
        person=thing.person,
        name=planned.instance.person_by_id[thing.person].name,
        place=thing.place,
        area=thing.area,
        date=thing.day,
        part=thing.part,
        hours=thing.hours,
        mode=thing.mode,
        report=attendance_row(known) if known else None,
        reported_by=known.changed_by if known else None,
        reported_at=known.changed_at if known else None,
    )
