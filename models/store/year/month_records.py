"""Months of an area: opened after one another, closed, opened again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import Session, undefer

from models.area_codes import is_within
from models.messages import issue
from models.store.database.errors import StoreError
from models.store.database.log import record
from models.store.tables.plan_tables import CurrentInstance
from models.store.tables.year_tables import MonthRecord


class MonthClosedError(StoreError):
    """The month is closed: what is published and held in it is settled."""

    def __init__(self, month: str) -> None:
        super().__init__(issue("month_closed", value=month, month=month))


def hold_months(session: Session, area: str) -> None:
    """Let one transaction at a time change what is known of an area's months.

    SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"months {area}"}
        )


def month_record(session: Session, area: str, month: str) -> MonthRecord | None:
    """Return the record of a month; none as long as the next one was not opened."""
    query = select(MonthRecord).where(MonthRecord.area == area, MonthRecord.month == month)
    return session.scalars(query, execution_options={"populate_existing": True}).one_or_none()


def months_of(session: Session, area: str) -> Sequence[MonthRecord]:
    """Return the records of an area's months with their statements, the earliest first."""
    query = select(MonthRecord).where(MonthRecord.area == area).order_by(MonthRecord.month)
    return session.scalars(query.options(undefer(MonthRecord.statement))).all()


def is_closed(session: Session, area: str, month: str) -> bool:
    """Whether a month of an area is closed."""
    found = month_record(session, area, month)
    return found is not None and found.closed_at is not None


def refuse_closed(session: Session, area: str, month: str) -> None:
    """Refuse to change what is published in a closed month. Raises MonthClosedError.

    An area without data of its own is closed by the area above whose data it works with.
    """
    own = select(CurrentInstance.area).where(CurrentInstance.area == area)
    has_data = session.scalar(own) is not None
    closed = select(MonthRecord.area).where(
        MonthRecord.month == month, MonthRecord.closed_at.is_not(None)
    )
    for owner in session.scalars(closed):
        if owner == area or (not has_data and is_within(area, owner)):
            raise MonthClosedError(month)


def reopen_from(session: Session, area: str, month: str, *, by: str, why: str = "") -> list[str]:
    """Open a month and all later ones again; return which were closed.

    What was paid for them is stated anew when they are closed again.
    """
    hold_months(session, area)
    closed = [row for row in months_of(session, area) if row.month >= month and row.closed_at]
    for row in closed:
        forget_closing(row)
        after = {"month": row.month}
        record(session, "reopen_month", f"area:{area}", by=by, why=why, after=after)
    session.flush()
    return [row.month for row in closed]


def forget_closing(known: MonthRecord) -> None:
    """Let a month be open: what was paid for it is stated anew when it is closed."""
    known.closed_at = known.closed_by = known.corrected_at = None
    known.statement = known.rates = None
