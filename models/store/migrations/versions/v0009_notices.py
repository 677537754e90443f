"""Notices, the messages that carry them, what people choose, the groups of areas."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add four tables; what was published before is told to nobody."""
    _add_messages()
    _add_notices()
    op.create_table(
        "notice_choices",
        sa.Column("target", sa.String(121), nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("reminder", sa.Boolean(), nullable=False),
        sa.Column("changed_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("target", name=op.f("pk_notice_choices")),
    )
    op.create_table(
        "notice_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(60), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("address", sa.String(2000), nullable=False),
        sa.Column("secret", sa.String(200), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("created_by", sa.String(80), nullable=False),
        sa.Column("closed_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_groups")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_notice_groups_area"), "notice_groups", ["area"])


def downgrade() -> None:
    """Drop the four tables."""
    for table in ("notice_groups", "notice_choices", "notices", "notice_messages"):
        op.drop_table(table)


def _add_messages() -> None:
    op.create_table(
        "notice_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(60), nullable=False),
        sa.Column("target", sa.String(121), nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("lane", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", _TIME, nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.Column("attempted_at", _TIME, nullable=True),
        sa.Column("sent_at", _TIME, nullable=True),
        sa.Column("fault", sa.String(20), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_messages")),
        sqlite_autoincrement=True,
    )
    for columns in (["state", "due_at"], ["lane", "attempted_at"]):
        name = op.f(f"ix_notice_messages_{'_'.join(columns)}")
        op.create_index(name, "notice_messages", columns)


def _add_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("area", sa.String(60), nullable=False),
        sa.Column("target", sa.String(121), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("starts", _TIME, nullable=True),
        sa.Column("written_at", _TIME, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("message", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["message"], ["notice_messages.id"], name=op.f("fk_notices_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("event", "target", name=op.f("uq_notices_event_target")),
        sqlite_autoincrement=True,
    )
    for columns in (["area", "id"], ["state", "id"], ["target"], ["message"]):
        op.create_index(op.f(f"ix_notices_{'_'.join(columns)}"), "notices", columns)
