"""Requests for leave and swaps, the addresses of people's own calendars, when a feed was last read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add two tables and a column."""
    op.add_column(
        "feed_tokens", sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("colleague", sa.String(length=60), nullable=True),
        sa.Column("leave", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("duty", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("in_return", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("why", sa.String(length=400), nullable=False),
        sa.Column("answer", sa.String(length=400), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("draft", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["base"], ["rosters.id"], name=op.f("fk_requests_base")),
        sa.ForeignKeyConstraint(["draft"], ["rosters.id"], name=op.f("fk_requests_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sqlite_autoincrement=True,
    )
    for column in ("area", "person", "colleague"):
        op.create_index(op.f(f"ix_requests_{column}_id"), "requests", [column, "id"], unique=False)
    op.create_table(
        "busy_calendars",
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=2000), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("failed", sa.String(length=40), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("owner", "person", name=op.f("pk_busy_calendars")),
    )
    op.create_index(op.f("ix_busy_calendars_read_at"), "busy_calendars", ["read_at"], unique=False)
