"""What Alembic runs: the migrations, inside the transaction of the connection it is given."""

from __future__ import annotations

from alembic import context

from models.store.tables.every_table import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    compare_type=True,
)
context.run_migrations()
