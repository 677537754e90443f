"""Brings a database to the tables this program knows."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from models.messages import issue
from models.store.database.errors import NewerDatabaseError

_LOCK = 0x7A68_6962  # "zhib"


def alembic_config(connection: Connection | None = None) -> Config:
    """Return Alembic's settings for our migrations, run on ``connection``."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """Return the newest version of the tables this program knows."""
    return str(ScriptDirectory.from_config(alembic_config()).get_current_head())


def version(connection: Connection) -> str | None:
    """Return the version of a database, none if it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Migrate to the newest version, all of it or nothing, one process at a time.

    Raises
    ------
    NewerDatabaseError
        The database has a version this program does not know.
    """
    newest = head()
    with engine.connect() as connection:
        if version(connection) == newest:
            return
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        upgrade_within(connection)


def upgrade_within(connection: Connection) -> None:
    """Migrate inside the transaction of ``connection``; see ``upgrade``."""
    found = version(connection)
    known = {
        script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()
    }
    if found is not None and found not in known:
        raise NewerDatabaseError(issue("newer_database", value=found))
    command.upgrade(alembic_config(connection), "head")
