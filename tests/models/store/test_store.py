"""Opening: migrations, transactions, and what is said when the disk or the server is not willing."""

from __future__ import annotations

import contextlib
import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from models.store.database.connections import FILE
from models.store.database.errors import NewerDatabaseError, NotFoundError, UnavailableError
from models.store.database.failures import files_as_unavailable
from models.store.database.log import log_of, record
from models.store.database.store import Store
from models.store.database.upgrade import head, version
from models.store.jobs.questions import get_question
from models.store.tables.every_table import METADATA
from models.store.tables.log_table import LogEntry

ROOT = Path(__file__).parents[3]
NOBODY = 65534


def test_migrations_lead_from_empty_to_the_tables_of_the_models(empty):
    with Store.open(empty) as store, store.read() as session:
        connection = session.connection()
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert version(connection) == head()
        assert compare_metadata(context, METADATA) == []
        names = {*METADATA.tables, "alembic_version"}
        assert set(inspect(connection).get_table_names()) - {"sqlite_sequence"} == names


def test_database_of_a_newer_program_is_refused_and_left_alone(place):
    with Store.open(place) as store, store.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabaseError) as caught:
        Store.open(place)
    assert caught.value.issue.code == "newer_database"
    assert caught.value.zh
    assert caught.value.issue.mend_en


def test_store_opens_from_many_processes_at_once(empty):
    code = (
        "import sys; from models.store.database.store import Store; Store.open(sys.argv[1]).close()"
    )
    command = [sys.executable, "-c", code, empty]
    running = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]


def test_session_commits_once_or_not_at_all(store):
    with store.begin() as session:
        record(session, "first", "t:1", by="a")
    with contextlib.suppress(ZeroDivisionError), store.begin() as session:
        record(session, "second", "t:1", by="a")
        session.flush()
        1 / 0  # noqa: B018
    with store.read() as session:
        assert [entry.action for entry in log_of(session).rows] == ["first"]


def test_look_up_waits_for_no_reading_and_cannot_write(store):
    with contextlib.ExitStack() as readings:
        for _ in range(15):  # as many as there are connections
            readings.enter_context(store.read()).execute(text("SELECT 1"))
        with store.look() as connection:
            assert connection.execute(text("SELECT 1")).scalar_one() == 1
    with pytest.raises(UnavailableError) as caught, store.look() as connection:
        connection.execute(text("DELETE FROM feed_tokens"))
    assert caught.value.issue.code == "read_only"


def test_reading_session_cannot_write(store):
    with pytest.raises(UnavailableError) as caught, store.read() as session:
        record(session, "secret", "t:1", by="a")
    assert caught.value.issue.code == "read_only"
    with store.read() as session:
        assert log_of(session).rows == ()


def test_reading_session_sees_one_state(store):
    with store.read() as reading:
        assert log_of(reading).rows == ()
        with store.begin() as session:
            record(session, "later", "t:1", by="a")
        assert log_of(reading).rows == ()


@pytest.mark.parametrize("url", ["mysql://a:geheim@host/db", "geheim://", "://geheim"])
def test_unknown_database_is_told_without_the_url(url):
    with pytest.raises(UnavailableError) as caught:
        Store.open(url)
    assert caught.value.issue.code == "unknown_database"
    assert "geheim" not in str(caught.value)


def test_server_that_does_not_answer_is_told_without_the_password():
    with pytest.raises(UnavailableError) as caught:
        Store.open("postgresql://zhiban:geheim@127.0.0.1:1/zhiban")
    assert caught.value.issue.code == "unreachable"
    assert "geheim" not in str(caught.value)


@contextlib.contextmanager
def _without_privileges() -> Iterator[None]:
    """Act as nobody where the tests run as root, for whom no folder is read-only."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder(tmp_path) -> Path:
    """Give a folder to which nobody can walk."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == "root" and folder.stat().st_mode & 0o005 != 0o005:
            folder.chmod(folder.stat().st_mode | 0o055)
    return tmp_path


def test_read_only_folder_is_told_and_keeps_its_data(open_folder):
    folder = open_folder / "data"
    with Store.open(folder) as store, store.begin() as session:
        record(session, "kept", "t:1", by="a")
    folder.chmod(0o555)
    with _without_privileges(), pytest.raises(UnavailableError) as caught:
        Store.open(folder)
    assert caught.value.issue.code in {"read_only", "cannot_open"}
    assert caught.value.issue.mend_zh
    with _without_privileges(), pytest.raises(UnavailableError):
        Store.open(folder / "new")
    folder.chmod(0o755)
    with Store.open(folder) as store, store.read() as session:
        assert [entry.action for entry in log_of(session).rows] == ["kept"]


def test_new_data_are_for_the_owner_alone(tmp_path):
    with Store.open(tmp_path / "a" / "data") as store, store.begin() as session:
        record(session, "first", "t:1", by="a")
        modes = {
            path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "a" / "data").iterdir()
        }
    assert modes == {FILE: 0o600, f"{FILE}-wal": 0o600, f"{FILE}-shm": 0o600}


def test_failures_of_the_caller_pass_through(store):
    with pytest.raises(FileNotFoundError), store.begin():
        Path("/nowhere/at/all").read_text()


def test_folder_that_is_a_file_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UnavailableError) as caught:
        Store.open(tmp_path / "file")
    assert caught.value.issue.code == "cannot_open"


def test_file_that_is_no_database_is_told_and_left_alone(tmp_path):
    (tmp_path / FILE).write_text("not a database" * 100)
    with pytest.raises(UnavailableError) as caught:
        Store.open(tmp_path)
    assert caught.value.issue.code == "damaged"
    assert (tmp_path / FILE).read_text() == "not a database" * 100


def test_full_disk_is_told_and_keeps_its_data(tmp_path):
    with Store.open(tmp_path) as store:
        with store.begin() as session:
            record(session, "kept", "t:1", by="a")
        with store.begin() as session:  # the pool gives the same connection again
            pages = session.scalar(text("PRAGMA page_count"))
            session.execute(text(f"PRAGMA max_page_count = {pages}"))
        with pytest.raises(UnavailableError) as caught, store.begin() as session:
            record(session, "lost", "t:1", by="a", why="x" * 1_000_000)
        assert caught.value.issue.code == "disk_full"
        with store.read() as session:
            assert session.scalars(select(LogEntry.action)).all() == ["kept"]
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"


LOSSES = {
    "sqlite": [
        "UPDATE log SET why = 'x'",
        "DELETE FROM log",
        "REPLACE INTO log SELECT * FROM log",
        "INSERT OR REPLACE INTO log SELECT * FROM log",
    ],
    "postgresql": [
        "UPDATE log SET why = 'x'",
        "DELETE FROM log",
        "TRUNCATE log",
        "TRUNCATE log CASCADE",
    ],
}


@pytest.mark.parametrize("number", range(4))
def test_log_refuses_to_change_or_lose_entries(store, number):
    with store.begin() as session:
        record(session, "kept", "t:1", by="a", why="why")
    statement = LOSSES[store.url.get_backend_name()][number]
    with pytest.raises(DBAPIError, match="append-only"), store.begin() as session:
        session.execute(text(statement))
    with store.read() as session:
        assert [(e.action, e.why) for e in log_of(session).rows] == [("kept", "why")]


def test_log_is_paged_by_key(store):
    with store.begin() as session:
        for number in range(5):
            record(session, f"a{number}", "t:1", by="a")
            record(session, "other", "t:2", by="a")
    with store.read() as session:
        first = log_of(session, "t:1", limit=2)
        second = log_of(session, "t:1", limit=2, before=first.next)
        third = log_of(session, "t:1", limit=2, before=second.next)
    pages = [[e.action for e in page.rows] for page in (first, second, third)]
    assert pages == [["a4", "a3"], ["a2", "a1"], ["a0"]]
    assert third.next is None


def test_disk_that_fails_is_told():
    with pytest.raises(UnavailableError) as caught, files_as_unavailable():
        raise OSError(errno.EIO, os.strerror(errno.EIO))
    assert caught.value.issue.code == "disk_failed"


def test_unknown_question_is_told(store):
    with store.read() as session, pytest.raises(NotFoundError) as caught:
        get_question(session, "nothing")
    assert caught.value.issue.code == "no_question"
