"""Engines of both databases: how they connect and how a transaction begins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from models.messages import issue
from models.store.database.errors import UnavailableError

FILE = "zhiban.db"
"""Name of the database in the data folder."""

_SILENT: Any = {"hide_parameters": True}
"""The text of a failure names no values: they may be hashes of passwords, or personal."""

BUSY_SECONDS = 30.0
"""How long a writer waits for another one (SQLite)."""


def address(place: str | Path) -> URL:
    """Return where the database of ``place`` is: a PostgreSQL URL, or a folder's file.

    Raises
    ------
    UnavailableError
        The URL is none, or names another kind of database.
    """
    if isinstance(place, Path) or "://" not in place:
        return URL.create("sqlite", database=str(Path(place) / FILE))
    try:
        url = make_url(place)
    except ArgumentError:
        url = URL.create("none")
    if url.drivername.partition("+")[0] not in {"postgresql", "postgres"}:
        raise UnavailableError(issue("unknown_database"))
    return url.set(drivername="postgresql+psycopg")


def writing_engine(url: URL) -> Engine:
    """Return an engine whose transactions may write; on SQLite one writes at a time."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, "BEGIN IMMEDIATE", ("journal_mode = WAL", "recursive_triggers = ON"))
    return create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=10, **_SILENT)


def reading_engine(url: URL) -> Engine:
    """Return an engine whose transactions see one state throughout and cannot write."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, "BEGIN", ("query_only = ON",))
    engine = create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=10, **_SILENT)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _sqlite(url: URL, begin: str, pragmas: tuple[str, ...]) -> Engine:
    engine = create_engine(
        url, connect_args={"timeout": BUSY_SECONDS}, pool_size=5, max_overflow=10, **_SILENT
    )

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver would begin too late, and only on writes
        for pragma in ("foreign_keys = ON", *pragmas):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
