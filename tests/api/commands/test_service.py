"""The commands of the operator."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.settings import settings_table
from tests.api.commands.command import zhiban
from tests.api.service.running import PASSWORD, command

BOSS = ("user", "add", "Boss", "--role", "bureau", "--area", "410105")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    command(tmp_path / "data", *BOSS, said=f"{PASSWORD}\n")
    return tmp_path / "data"


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
