"""Whether the report of a roster tells of its rows as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the mark; every older report was made together with its rows."""
    # other tables refer to this one, so that SQLite cannot make it anew
    added: sa.Column[bool] = sa.Column(
        "is_checked", sa.Boolean(), nullable=False, server_default=sa.true()
    )
    op.add_column("rosters", added)


def downgrade() -> None:
    """Drop the mark."""
    op.drop_column("rosters", "is_checked")
