"""The attendance sheet of a month: with what is reported so far, and read when it is filled in."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path, PurePath

from api.access.actions import Action
from api.access.policy import Decision, decide
from api.access.roles import Actor
from api.jobs.contract.plan import File
from api.office.context import Service
from api.office.year.attendance_reports import AttendanceReport, AttendanceSaved, report_attendance
from api.office.year.extra_work import WorkReport, new_rows, report_work
from api.office.year.opening import data_for
from api.office.year.planned_months import PlannedMonth, planned_month
from models.attendance import Happened
from models.store.year.held_rows import attendance_of
from models.store.year.work_records import work_records, work_row
from solver.year.attendance_file import read_attendance, write_attendance

SUFFIXES = {".xlsx", ".xls", ".ods", ".et", ".json", ".zip"}


class SheetSaved(AttendanceSaved):
    """What a sheet said that was not known."""

    work: int


def attendance_sheet(service: Service, actor: Actor, area: str, month: str) -> bytes:
    """Return the workbook of what the actor may see of a month. Raises DeniedError, InputError."""
    planned = _planned(service, actor, area, month)
    inside = service.areas.inside(area)
    with service.store.read() as session:
        known = {row.id: row for row in attendance_of(session, planned.area, month)}
    shown = {
        key
        for key, thing in planned.planned.items()
        if thing.area in inside
        and decide(actor, Action.READ_ATTENDANCE, planned.place(thing)) is Decision.ALLOW
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "attendance.xlsx")
        write_attendance(planned.instance, planned.roster, file, known=known, only=shown)
        return file.read_bytes()


def read_sheet(
    service: Service,
    actor: Actor,
    area: str,
    month: str,
    sheet: File,
    *,
    correction: bool,
    today: dt.date,
) -> SheetSaved:
    """Keep what a filled-in sheet says; blank rows and work that is on record are passed over.

    Raises
    ------
    DeniedError
        A row is of something that the actor may not report.
    InputError
        With every issue, each with its cell.
    """
    planned = _planned(service, actor, area, month)
    told = _read(planned, sheet)
    with service.store.read() as session:
        known = tuple(map(work_row, work_records(session, planned.area, month)))
    work = new_rows(known, told.work)
    rows = tuple(row for row in told.attendance if row.presence is not None)
    why = f"sheet {PurePath(sheet.name).name}"[:200]
    saved = AttendanceSaved(new=0, corrected=0)
    if rows:
        report = AttendanceReport(attendance=rows, correction=correction, why=why)
        saved = report_attendance(service, actor, area, month, report, today=today)
    if work:
        report_work(
            service, actor, area, month, WorkReport(work=work, correction=correction, why=why)
        )
    return SheetSaved(**saved.model_dump(), work=len(work))


def _planned(service: Service, actor: Actor, area: str, month: str) -> PlannedMonth:
    data = data_for(service, actor, area, Action.READ_ATTENDANCE)
    return planned_month(service, data, month)


def _read(planned: PlannedMonth, sheet: File) -> Happened:
    suffix = PurePath(sheet.name).suffix.lower()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"attendance{suffix if suffix in SUFFIXES else '.xlsx'}")
        file.write_bytes(sheet.content)
        return read_attendance(file, planned.instance, planned.roster)
