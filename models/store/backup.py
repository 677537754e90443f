"""Backup and restore: one file, a SQLite database of its own, whichever database it came from.

A backup of PostgreSQL may be restored into a folder and the other way round.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Connection, func, insert, inspect, select, text

from models.messages import issue
from models.store.database.connections import FILE, address, reading_engine, writing_engine
from models.store.database.errors import NotEmptyError
from models.store.database.failures import files_as_unavailable, unavailable
from models.store.database.store import Store
from models.store.database.upgrade import head, upgrade, upgrade_within, version
from models.store.plans.instances import document_hash
from models.store.tables.every_table import METADATA
from models.store.tables.plan_tables import InstanceDocument

_BATCH = 1000


def backup(store: Store, file: Path) -> dict[str, int]:
    """Write all of a store, as of one moment, into ``file`` and check it; return rows per table.

    A file of that name is replaced only by a whole, checked backup. The store stays in use.

    Raises
    ------
    UnavailableError
        The file cannot be written, or the check failed.
    """
    with (
        files_as_unavailable(),
        tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder,
    ):
        source = reading_engine(store.url)
        target = writing_engine(address(folder))
        try:
            upgrade(target)
            with source.connect() as reading, target.begin() as writing:
                _copy(reading, writing)
                counts = _counts(reading)
        finally:
            source.dispose()
            target.dispose()
        made = Path(folder, FILE)
        _make_single(made)
        if _checked(made) != counts:
            raise unavailable("disk_failed")
        made.chmod(0o600)
        os.replace(made, file)
    return counts


def restore(file: Path, place: str | Path, *, overwrite: bool = False) -> dict[str, int]:
    """Bring a backup into a data folder or a PostgreSQL database; return rows per table.

    No service may have the database open. Older backups are migrated. Existing data are replaced
    only on request, and only by a complete, checked copy.

    Raises
    ------
    NotEmptyError
        There are data and ``overwrite`` is false.
    NewerDatabaseError
        The backup was made by a newer program.
    UnavailableError
        The file is no whole backup, or the place cannot be written.
    """
    url = address(place)
    with (
        files_as_unavailable(),
        tempfile.TemporaryDirectory(dir=_beside(url), prefix=".restore-") as folder,
    ):
        copy = Path(folder, FILE)
        shutil.copyfile(file, copy)
        copy.chmod(0o600)
        _checked(copy, is_current=False)
        engine = writing_engine(address(folder))
        try:
            upgrade(engine)
        finally:
            engine.dispose()
        _make_single(copy)
        counts = _checked(copy)
        if url.get_backend_name() == "sqlite":
            _replace_file(copy, Path(str(url.database)), overwrite=overwrite)
        else:
            _replace_tables(address(folder), url, overwrite=overwrite)
    return counts


def rehearse(file: Path) -> dict[str, int]:
    """Restore a backup into a folder beside it, which is then removed; return rows per table.

    Raises
    ------
    NewerDatabaseError, UnavailableError
        As ``restore`` would.
    """
    with (
        files_as_unavailable(),
        tempfile.TemporaryDirectory(dir=file.parent, prefix=".rehearsal-") as folder,
    ):
        return restore(file, folder)


def _beside(url: URL) -> Path | None:
    """Return the data folder, made if missing: a file is replaced at once on the same disk only."""
    if url.get_backend_name() != "sqlite":
        return None
    folder = Path(str(url.database)).parent
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _replace_file(copy: Path, database: Path, *, overwrite: bool) -> None:
    if database.exists() and not overwrite:
        engine = reading_engine(address(database.parent))
        try:
            with engine.connect() as connection:
                _refuse_filled(connection)
        finally:
            engine.dispose()
    if database.exists():
        _settle(database)
    os.replace(copy, database)


def _settle(database: Path) -> None:
    """Leave no write-ahead log of the old file, which would be applied to the new one."""
    try:
        _make_single(database)
    except sqlite3.OperationalError:
        raise  # another process has it open
    except sqlite3.DatabaseError:
        for suffix in ("-wal", "-shm"):  # damaged: a restore is what mends it
            Path(f"{database}{suffix}").unlink(missing_ok=True)


def _replace_tables(source_url: URL, target_url: URL, *, overwrite: bool) -> None:
    source, target = reading_engine(source_url), writing_engine(target_url)
    try:
        with source.connect() as reading, target.begin() as writing:
            if version(writing) is not None:
                if not overwrite:
                    _refuse_filled(writing)
                METADATA.drop_all(writing)
                writing.execute(text("DROP FUNCTION IF EXISTS log_append_only() CASCADE"))
                writing.execute(text("DROP TABLE alembic_version"))
            upgrade_within(writing)
            _copy(reading, writing)
            if _counts(writing) != _counts(reading):
                raise unavailable("disk_failed")
    finally:
        source.dispose()
        target.dispose()


def _refuse_filled(connection: Connection) -> None:
    tables = set(inspect(connection).get_table_names()) & set(METADATA.tables)
    filled = [
        name
        for name in sorted(tables)
        if connection.scalar(select(func.count()).select_from(METADATA.tables[name]))
    ]
    if filled:
        raise NotEmptyError(issue("not_empty", value="、".join(filled)))


def _copy(source: Connection, target: Connection) -> None:
    """Copy every row of every table, those referred to first."""
    for table in METADATA.sorted_tables:
        rows = source.execution_options(yield_per=_BATCH).execute(select(table))
        for batch in rows.mappings().partitions(_BATCH):
            target.execute(insert(table), [dict(row) for row in batch])
        if target.dialect.name == "postgresql" and table.autoincrement_column is not None:
            # ids were given explicitly, so the sequence is still at its start
            target.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'),"
                    f" coalesce(max(id), 0) + 1, false) FROM {table.name}"
                )
            )


def _counts(connection: Connection) -> dict[str, int]:
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in METADATA.sorted_tables
    }


def _make_single(database: Path) -> None:
    """Fold the write-ahead log into the file, so that it can be moved alone."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _checked(database: Path, *, is_current: bool = True) -> dict[str, int]:
    """Return rows per table of a sound database of ours; ``is_current``: at the newest version.

    Raises
    ------
    UnavailableError
        It is damaged, no database of ours, or holds an instance that lost its hash.
    """
    engine = reading_engine(address(database.parent))
    try:
        with engine.connect() as connection:
            found = version(connection)
            sound = connection.scalar(text("PRAGMA integrity_check")) == "ok"
            if not sound or found is None or (is_current and found != head()):
                raise unavailable("damaged")
            _check_documents(connection)
            return _counts(connection) if is_current else {}
    finally:
        engine.dispose()


def _check_documents(connection: Connection) -> None:
    query = select(InstanceDocument.hash, InstanceDocument.document)
    for key, document in connection.execution_options(yield_per=1).execute(query):
        if document_hash(document) != key:
            raise unavailable("damaged")
