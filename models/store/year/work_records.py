"""Work beyond the roster, counted: entered, changed and removed, each in the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.attendance import WorkRow
from models.store.database.clock import now
from models.store.database.errors import NotFoundError, StaleError
from models.store.database.log import record
from models.store.tables.year_tables import WorkRecord


def work_records(session: Session, area: str, month: str) -> Sequence[WorkRecord]:
    """Return the work of a month in the order in which it was entered."""
    query = select(WorkRecord).where(WorkRecord.area == area, WorkRecord.month == month)
    return session.scalars(query.order_by(WorkRecord.id)).all()


def work_row(known: WorkRecord) -> WorkRow:
    """Return work as it was entered."""
    return WorkRow.model_validate(known.content)


def get_work(session: Session, area: str, work_id: int) -> WorkRecord:
    """Return one entry of an area. Raises NotFoundError."""
    found = session.get(WorkRecord, work_id, populate_existing=True)
    if found is None or found.area != area:
        raise NotFoundError("no_work", work_id)
    return found


def keep_work(
    session: Session, area: str, month: str, rows: Sequence[WorkRow], *, by: str, why: str = ""
) -> list[WorkRecord]:
    """Keep work and return its records."""
    made = [
        WorkRecord(
            area=area,
            month=month,
            content=_content(row),
            version=1,
            changed_at=now(),
            changed_by=by,
        )
        for row in rows
    ]
    session.add_all(made)
    session.flush()
    told = {"month": month, "work": [row.id for row in made]}
    record(session, "report_work", f"area:{area}", by=by, why=why, after=told)
    return made


def change_work(
    session: Session, known: WorkRecord, row: WorkRow | None, *, version: int, by: str, why: str
) -> None:
    """Change an entry, or remove it where there is no row. Raises StaleError."""
    if known.version != version:
        raise StaleError(version, known.version)
    before = {"work": known.id, **known.content}
    after = None if row is None else {"work": known.id, **_content(row)}
    if row is None:
        session.delete(known)
    else:
        known.content, known.version = _content(row), known.version + 1
        known.changed_at, known.changed_by = now(), by
    session.flush()
    action = "remove_work" if row is None else "correct_work"
    record(session, action, f"area:{known.area}", by=by, why=why, before=before, after=after)


def _content(row: WorkRow) -> dict[str, Any]:
    return row.model_dump(mode="json", exclude_defaults=True)
