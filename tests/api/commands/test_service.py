"""The commands of the operator."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command as alembic

from api.settings import settings_table
from models.store.database.connections import address, writing_engine
from models.store.database.upgrade import alembic_config
from tests.api.commands.command import zhiban
from tests.api.jobs.office import wait_until
from tests.api.service.running import PASSWORD, command, environment

BOSS = ("user", "add", "Boss", "--role", "bureau", "--area", "410105")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    command(tmp_path / "data", *BOSS, said=f"{PASSWORD}\n")
    return tmp_path / "data"


@contextmanager
def started(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command that goes on until it is told to stop."""
    program = subprocess.Popen(
        [sys.executable, "-m", "api.commands.cli", *words],
        env=environment(),
        stderr=subprocess.DEVNULL,
    )
    try:
        yield program
    finally:
        program.kill()
        program.wait()


def test_users_are_listed_disabled_and_their_folder_is_the_owners_alone(data: Path) -> None:
    assert command(data, "user", "list") == "boss  司法局  410105"
    assert "已停用" in command(data, "user", "disable", "boss")
    assert command(data, "user", "list").endswith("已停用 disabled")
    assert data.stat().st_mode & 0o077 == 0


def test_backup_is_restored_elsewhere_and_overwrites_nothing(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    command(data, "backup", str(file))
    command(tmp_path / "other", "restore", str(file))
    assert command(tmp_path / "other", "user", "list") == "boss  司法局  410105"
    said = zhiban("restore", file, "--data", data)
    assert said.code == 2
    assert "--overwrite" in said.err or "覆盖" in said.err


def test_token_of_nobody_and_a_weak_password_are_refused(data: Path) -> None:
    said = zhiban("token", "add", "nobody", "--label", "x", "--data", data)
    assert (said.code, "[no_user]" in said.err) == (2, True)
    assert command(data, "token", "add", "boss", "--label", "x").startswith("zb_")
    assert command(data, "token", "revoke", "boss") == "已撤销 revoked: 1"


def test_settings_are_listed() -> None:
    assert zhiban("settings") == (0, settings_table(), "")


def test_wrong_settings_are_issues(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBAN_PORT", "many")
    said = zhiban("user", "list", "--data", data)
    assert (said.code, "ZHIBAN_PORT" in said.err) == (2, True)


def test_a_backup_is_rehearsed_and_a_damaged_one_refused(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    command(data, "backup", str(file))
    before = sorted(tmp_path.iterdir())
    assert "可以恢复" in command(data, "backup", str(file), "--verify")
    assert sorted(tmp_path.iterdir()) == before
    file.write_bytes(file.read_bytes()[:5000])
    said = zhiban("backup", file, "--verify", "--data", data)
    assert (said.code, "[damaged]" in said.err) == (2, True)
    assert sorted(tmp_path.iterdir()) == before


def test_backups_are_made_proven_and_thinned_until_told_to_stop(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    mine = folder / "zhiban-before-the-move.db"
    mine.touch()
    old = folder / "zhiban-2026-01-01-000000.db"
    old.touch()
    words = ("backup", str(folder), "--every", "0.0003", "--keep", "2", "--data", str(data))
    with started(*words) as program:
        wait_until(lambda: not old.exists() and len(list(folder.glob("zhiban-2*.db"))) == 2)
        first = min(folder.glob("zhiban-2*.db"))
        wait_until(lambda: not first.exists())
        program.send_signal(signal.SIGTERM)
        assert program.wait(30) == 0
    made = sorted(folder.glob("zhiban-2*.db"))
    assert (len(made), mine.exists()) == (2, True)
    command(tmp_path / "other", "restore", str(made[-1]))
    assert command(tmp_path / "other", "user", "list") == "boss  司法局  410105"


def test_an_old_database_is_upgraded_apart_from_the_service(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    engine = writing_engine(address(data))
    with engine.begin() as connection:
        alembic.upgrade(alembic_config(connection), "0003")
    engine.dispose()
    said = zhiban("migrate", "--check", "--data", data)
    assert (said.code, "需要升级" in said.out) == (1, True)
    assert zhiban("migrate", "--check", "--data", data).code == 1
    command(data, "migrate")
    assert "无须升级" in command(data, "migrate", "--check")
