"""Visits that begin later than their half day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the start; older visits all begin with their half day."""
    with op.batch_alter_table("assignments") as table:
        table.add_column(sa.Column("start", sa.String(5), nullable=True))


def downgrade() -> None:
    """Drop the start."""
    with op.batch_alter_table("assignments") as table:
        table.drop_column("start")
