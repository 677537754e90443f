from __future__ import annotations

import pytest

from api.service.settings import Settings, settings_table
from models.issues import InputError


def test_the_environment_sets_and_the_command_line_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBAN_PORT", "8123")
    assert (Settings.load().port, Settings.load(port=9000, host=None).port) == (8123, 9000)


def test_every_wrong_setting_is_named_with_its_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBAN_PORT", "many")
    monkeypatch.setenv("ZHIBAN_SOLVE_SECONDS", "0")
    with pytest.raises(InputError) as caught:
        Settings.load()
    assert [issue.cell for issue in caught.value.issues] == ["ZHIBAN_PORT", "ZHIBAN_SOLVE_SECONDS"]
    assert "监听端口" in caught.value.issues[0].lines()


def test_secrets_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBAN_DATABASE", "postgresql+psycopg://zhiban:geheim@db/zhiban")
    monkeypatch.setenv("ZHIBAN_OIDC_CLIENT_SECRET", "geheim")
    settings = Settings.load()
    assert "geheim" not in f"{settings!r}{settings.model_dump_json()}"
    assert settings.database.get_secret_value().endswith("@db/zhiban")


def test_the_table_names_every_setting() -> None:
    rows = settings_table().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == [
        f"ZHIBAN_{name.upper()}" for name in Settings.model_fields
    ]
