"""Opens the store and provides short sessions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL, Connection
from sqlalchemy.orm import Session

from models.store.database.connections import address, reading_engine, writing_engine
from models.store.database.failures import as_unavailable, files_as_unavailable
from models.store.database.reopening import Reopening
from models.store.database.upgrade import upgrade


class Store:
    """An open database. Safe to share between threads; every process opens its own."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self._writer = writing_engine(url)
        self._reader = reading_engine(url)
        self._looker = reading_engine(url)  # its own connections: no long reading holds them up
        self._files = Reopening(self.close)

    @classmethod
    def open(cls, place: str | Path) -> Self:
        """Open the database of a data folder or a PostgreSQL URL, and migrate it.

        Parameters
        ----------
        place
            A folder, made if missing, or ``postgresql://user:password@host/database``.

        Raises
        ------
        UnavailableError
            It cannot be reached or written.
        NewerDatabaseError
            A newer program wrote it.
        """
        url = address(place)
        with files_as_unavailable():
            if url.get_backend_name() == "sqlite":
                _make_file(Path(str(url.database)))
            store = cls(url)
            try:
                upgrade(store._writer)
            except BaseException:
                store.close()
                raise
        return store

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Give a session that commits once at the end, or not at all on any exception.

        What it loaded stays readable after the end.

        Raises
        ------
        UnavailableError
            The disk is full or read-only, or the database is gone; nothing was written.
        """
        writing = Session(self._writer, expire_on_commit=False)
        with self._files.as_unavailable(), writing as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that sees one state of the database throughout and cannot write."""
        with (
            as_unavailable(),
            Session(self._reader, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """Give a connection that reads by one statement: a session costs more than a look-up."""
        with as_unavailable(), self._looker.connect() as connection:
            yield connection

    @property
    def is_near(self) -> bool:
        """Whether a look-up waits for no network: SQLite, where no writer holds up a reader."""
        return self.url.get_backend_name() == "sqlite"

    def close(self) -> None:
        """Give up all connections; a later session makes new ones."""
        for engine in (self._writer, self._reader, self._looker):
            engine.dispose()

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()


def _make_file(database: Path) -> None:
    """Make the database's file and folder, if missing, readable by the owner only."""
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not database.exists():
        database.touch(mode=0o600)
