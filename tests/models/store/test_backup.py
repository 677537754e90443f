"""Backup and restore, from and to both databases."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import zlib

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.store.backup import backup, restore
from models.store.database.connections import FILE
from models.store.database.errors import NewerDatabaseError, NotEmptyError, UnavailableError
from models.store.database.log import log_of, record
from models.store.database.store import Store
from models.store.plans.roster_queries import get_roster, rosters
from models.store.tables.every_table import METADATA
from models.vocabulary import Part
from tests.models.store.samples import EAST, draft, duty, office, published, roster, visit

ROWS = (duty(EAST, 1, Part.AM, "L001"), visit(EAST, 2, Part.PM, "L002"))


def content(store):
    """Return every row of every table."""
    with store.read() as session:
        return {
            table.name: sorted(map(repr, session.execute(table.select())))
            for table in METADATA.sorted_tables
        }


@pytest.fixture
def filled(store):
    published(store, EAST, *ROWS[:1])
    published(store, EAST, *ROWS)
    return store


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request, tmp_path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "elsewhere")
    return str(request.getfixturevalue("postgres_places")())


def test_backup_comes_back_whole_in_either_database(filled, elsewhere, tmp_path):
    file = tmp_path / "backup.db"
    counts = backup(filled, file)
    assert counts["rosters"] == 2
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert restore(file, elsewhere) == counts
    with Store.open(elsewhere) as store:
        assert content(store) == content(filled)
        with store.begin() as session:  # ids go on where they were
            key = draft(session, EAST, *ROWS)
        assert key == 3
        with store.read() as session:
            assert get_roster(session, key) == roster(office(EAST), *ROWS)
        with pytest.raises(DBAPIError, match="append-only"), store.begin() as session:
            session.execute(text("DELETE FROM log"))
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_restore_overwrites_data_only_when_told(filled, elsewhere, tmp_path):
    file = tmp_path / "backup.db"
    backup(filled, file)
    with Store.open(elsewhere) as store, store.begin() as session:
        record(session, "old", "t:1", by="a")
    with pytest.raises(NotEmptyError) as caught:
        restore(file, elsewhere)
    assert (caught.value.issue.code, caught.value.issue.value) == ("not_empty", "log")
    with Store.open(elsewhere) as store, store.read() as session:
        assert [entry.action for entry in log_of(session).rows] == ["old"]
    restore(file, elsewhere, overwrite=True)
    with Store.open(elsewhere) as store:
        assert content(store) == content(filled)


def test_restore_into_an_opened_but_empty_store(filled, elsewhere, tmp_path):
    backup(filled, tmp_path / "backup.db")
    Store.open(elsewhere).close()
    restore(tmp_path / "backup.db", elsewhere)
    with Store.open(elsewhere) as store, store.read() as session:
        assert len(rosters(session).rows) == 2


def test_backup_replaces_an_older_one_and_nothing_else(filled, tmp_path):
    file = tmp_path / "backup.db"
    file.write_text("older")
    backup(filled, file)
    assert file.read_bytes().startswith(b"SQLite format 3")
    with pytest.raises(UnavailableError):
        backup(filled, tmp_path / "missing" / "backup.db")


def _cut(file):
    file.write_bytes(file.read_bytes()[:-8192])


def _other(file):
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE a (b)")
    connection.close()


def _changed(file):
    _replaced(file, zlib.compress(b"{}"))


def _garbled(file):
    _replaced(file, b"no document")


def _replaced(file, document):
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE instances SET document = ?", [document])
    connection.close()


@pytest.mark.parametrize(
    "damage",
    [
        _cut,
        _other,
        _changed,
        _garbled,
        lambda file: file.write_text("x"),
        lambda file: file.unlink(),
    ],
)
def test_file_that_is_no_whole_backup_is_refused(tmp_path, damage):
    folder = tmp_path / "data"
    with Store.open(folder) as store:
        published(store, EAST, *ROWS)
        backup(store, tmp_path / "backup.db")
        before = content(store)
    damage(tmp_path / "backup.db")
    with pytest.raises(UnavailableError):
        restore(tmp_path / "backup.db", folder, overwrite=True)
    with Store.open(folder) as store:
        assert content(store) == before


def test_backup_of_a_newer_program_is_refused(tmp_path):
    with Store.open(tmp_path / "data") as store:
        published(store, EAST, *ROWS)
        backup(store, tmp_path / "backup.db")
    with sqlite3.connect(tmp_path / "backup.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(NewerDatabaseError):
        restore(tmp_path / "backup.db", tmp_path / "other")
    assert not (tmp_path / "other" / FILE).exists()


def test_restore_mends_a_damaged_database(tmp_path):
    folder = tmp_path / "data"
    with Store.open(folder) as store:
        published(store, EAST, *ROWS)
        backup(store, tmp_path / "backup.db")
        before = content(store)
    (folder / FILE).write_text("damaged" * 1000)
    restore(tmp_path / "backup.db", folder, overwrite=True)
    with Store.open(folder) as store:
        assert content(store) == before


def test_restore_into_a_folder_in_use_is_refused(tmp_path):
    folder = tmp_path / "data"
    with Store.open(folder) as store:
        published(store, EAST, *ROWS)
        backup(store, tmp_path / "backup.db")
        before = content(store)
        with store.read() as session:
            rosters(session)
            with pytest.raises(UnavailableError) as caught:
                restore(tmp_path / "backup.db", folder, overwrite=True)
        assert caught.value.issue.code == "busy"
        assert content(store) == before
    shutil.rmtree(folder)
