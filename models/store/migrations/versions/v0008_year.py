"""The office's year: attendance, work beyond the roster, months opened and closed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add three tables."""
    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("appointment", sa.String(length=200), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        *_changed(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint(
            "area", "month", "appointment", name=op.f("uq_attendance_area_month_appointment")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "work_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        *_changed(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_items")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_work_items_area_month_id"), "work_items", ["area", "month", "id"], unique=False
    )
    op.create_table(
        "months",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("after", sa.String(length=64), nullable=False),
        sa.Column("keeps_seats", sa.Boolean(), nullable=False),
        sa.Column("rates", sa.JSON(), nullable=True),
        sa.Column("statement", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=80), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=80), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["before"], ["instances.hash"], name=op.f("fk_months_before")),
        sa.ForeignKeyConstraint(["after"], ["instances.hash"], name=op.f("fk_months_after")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_months")),
        sa.UniqueConstraint("area", "month", name=op.f("uq_months_area_month")),
        sqlite_autoincrement=True,
    )


def _changed() -> tuple[sa.Column[object], ...]:
    """Return the columns that say who changed a row last, and how often it was changed."""
    return (
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("months", "work_items", "attendance"):
        op.drop_table(table)
