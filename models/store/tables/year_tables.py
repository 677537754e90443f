"""Tables of the office's year: attendance, work beyond the roster, months opened and closed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.store.tables.columns import Base, Compressed


class AttendanceRecord(Base):
    """What became of one thing planned in a month; ``area`` owns the data it was planned from.

    ``content`` is a row of attendance without its id; ``person`` was planned.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("area", "month", "appointment"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(String(60))
    month: Mapped[str] = mapped_column(String(7))
    appointment: Mapped[str] = mapped_column(String(200))
    person: Mapped[str] = mapped_column(String(60))
    content: Mapped[dict[str, Any]]
    version: Mapped[int]
    changed_at: Mapped[dt.datetime]
    changed_by: Mapped[str] = mapped_column(String(80))


class WorkRecord(Base):
    """Counted work beyond the roster of a month, such as a mediation; ``content`` is its row."""

    __tablename__ = "work_items"
    __table_args__ = (Index(None, "area", "month", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(String(60))
    month: Mapped[str] = mapped_column(String(7))
    content: Mapped[dict[str, Any]]
    version: Mapped[int]
    changed_at: Mapped[dt.datetime]
    changed_by: Mapped[str] = mapped_column(String(80))


class MonthRecord(Base):
    """A month of an area after which the next one was opened; closed once ``closed_at`` is set.

    ``before`` are the data it was worked with, ``after`` those that follow from what was held, as
    last reckoned; ``keeps_seats`` says whether advisers in office were kept. ``statement`` is what
    was paid at closing, by ``rates``; ``corrected_at`` when the month was corrected after that.
    """

    __tablename__ = "months"
    __table_args__ = (UniqueConstraint("area", "month"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(String(60))
    month: Mapped[str] = mapped_column(String(7))
    before: Mapped[str] = mapped_column(ForeignKey("instances.hash"))
    after: Mapped[str] = mapped_column(ForeignKey("instances.hash"))
    keeps_seats: Mapped[bool]
    rates: Mapped[dict[str, Any] | None]
    statement: Mapped[str | None] = mapped_column(Compressed, deferred=True)
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[str] = mapped_column(String(80))
    closed_at: Mapped[dt.datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(80))
    corrected_at: Mapped[dt.datetime | None]
