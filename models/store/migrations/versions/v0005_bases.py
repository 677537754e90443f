"""Drafts remember the revision that they were made from, areas the data they last chose whole."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add two columns; what was made before changed what was published when it was made."""
    # other tables refer to this one, so that SQLite cannot make it anew
    op.add_column("rosters", sa.Column("base", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE rosters SET base = (SELECT coalesce(max(other.revision), 0) FROM rosters AS other "
        "WHERE other.area = rosters.area AND other.month = rosters.month "
        "AND other.id <> rosters.id AND other.published_at <= rosters.created_at)"
    )
    with op.batch_alter_table("current_instances") as table:
        table.add_column(sa.Column("chosen", sa.String(64), nullable=True))
    op.execute("UPDATE current_instances SET chosen = instance")
    with op.batch_alter_table("current_instances") as table:
        table.alter_column("chosen", existing_type=sa.String(64), nullable=False)
        table.create_foreign_key(
            op.f("fk_current_instances_chosen"), "instances", ["chosen"], ["hash"]
        )
