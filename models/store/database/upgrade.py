"""Brings a database to the tables this program knows."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from models.messages import issue
from models.store.database.connections import address, reading_engine
from models.store.database.errors import NewerDatabaseError
from models.store.database.failures import as_unavailable

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


def is_current(place: str | Path) -> bool:
    """Return whether a data folder or PostgreSQL database needs no upgrade; nothing is changed.

    Raises
    ------
    NewerDatabaseError
        A newer program wrote it.
    UnavailableError
        It cannot be read.
    """
    engine = reading_engine(address(place))
    try:
        with as_unavailable(), engine.connect() as connection:
            found = version(connection)
    finally:
        engine.dispose()
    _refuse_newer(found)
    return found == head()


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
    _refuse_newer(version(connection))
    command.upgrade(alembic_config(connection), "head")


def _refuse_newer(found: str | None) -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    if found is not None and found not in {script.revision for script in scripts.walk_revisions()}:
        raise NewerDatabaseError(issue("newer_database", value=found))
