"""What could not be read of people's own calendars is kept, by date alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add two columns; the next reading fills them."""
    with op.batch_alter_table("busy_calendars") as table:
        table.add_column(sa.Column("skipped", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("told", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("busy_calendars") as table:
        table.drop_column("skipped")
        table.drop_column("told")
