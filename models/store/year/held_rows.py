"""Attendance as it is kept: one row for each thing planned, every correction in the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.attendance import AttendanceRow
from models.store.database.clock import now
from models.store.database.log import record
from models.store.tables.year_tables import AttendanceRecord


class AttendanceKept(NamedTuple):
    """How many rows were new, how many corrected; the others said what was known already."""

    new: int
    corrected: int


def attendance_records(session: Session, area: str, month: str) -> Sequence[AttendanceRecord]:
    """Return what is kept of a month, in the order in which it was reported first."""
    query = select(AttendanceRecord).where(
        AttendanceRecord.area == area, AttendanceRecord.month == month
    )
    return session.scalars(query.order_by(AttendanceRecord.id)).all()


def attendance_row(known: AttendanceRecord) -> AttendanceRow:
    """Return a row as it was reported."""
    return AttendanceRow.model_validate({"id": known.appointment, **known.content})


def attendance_of(session: Session, area: str, month: str) -> tuple[AttendanceRow, ...]:
    """Return the attendance of a month."""
    return tuple(map(attendance_row, attendance_records(session, area, month)))


def keep_attendance(
    session: Session,
    area: str,
    month: str,
    rows: Iterable[AttendanceRow],
    people: Mapping[str, str],
    *,
    by: str,
    why: str = "",
) -> AttendanceKept:
    """Keep rows in the place of what was reported before; ``people`` says who was planned, by id.

    The log has what every correction changed. Whoever calls holds the area's months.
    """
    known = {row.appointment: row for row in attendance_records(session, area, month)}
    new, before, after = 0, {}, {}
    for row in rows:
        content = row.model_dump(mode="json", exclude_defaults=True, exclude={"id", "what"})
        found = known.get(row.id)
        if found is None:
            found = AttendanceRecord(area=area, month=month, appointment=row.id, version=0)
            session.add(found)
            new += 1
        elif found.content == content:
            continue
        else:
            before[row.id], after[row.id] = found.content, content
        found.person, found.content, found.version = people[row.id], content, found.version + 1
        found.changed_at, found.changed_by = now(), by
    session.flush()
    if new:
        told = {"month": month, "rows": new}
        record(session, "report_attendance", f"area:{area}", by=by, why=why, after=told)
    if after:
        was, told = {"month": month, "rows": before}, {"month": month, "rows": after}
        record(
            session, "correct_attendance", f"area:{area}", by=by, why=why, before=was, after=told
        )
    return AttendanceKept(new, len(after))
