"""Duties that a firm is still to staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the firm; older duties all have their person."""
    with op.batch_alter_table("assignments") as table:
        table.add_column(sa.Column("firm", sa.String(60), nullable=True))


def downgrade() -> None:
    """Drop the firm."""
    with op.batch_alter_table("assignments") as table:
        table.drop_column("firm")
