from __future__ import annotations

from pathlib import Path

import pytest

from api.service.app import create_app
from api.settings import ServiceSettings, settings_table
from models.issues import InputError


def test_the_environment_sets_and_the_command_line_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBAN_PORT", "8123")
    assert (ServiceSettings.load().port, ServiceSettings.load(port=9000, host=None).port) == (
        8123,
        9000,
    )


def test_every_wrong_setting_is_named_with_its_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBAN_PORT", "many")
    monkeypatch.setenv("ZHIBAN_SOLVE_SECONDS", "0")
    with pytest.raises(InputError) as caught:
        ServiceSettings.load()
    assert [issue.cell for issue in caught.value.issues] == ["ZHIBAN_PORT", "ZHIBAN_SOLVE_SECONDS"]
    assert {issue.code for issue in caught.value.issues} == {"setting"}
    assert "监听端口" in caught.value.issues[0].lines()


def test_lists_are_written_with_commas_and_reach_other_processes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ZHIBAN_BUSY_HOSTS", "calendar.example.cn, .example.org:8443")
    monkeypatch.setenv("ZHIBAN_BUSY_NETWORKS", "10.2.0.0/16,::1/128")
    found = ServiceSettings.load()
    assert found.busy_hosts == ("calendar.example.cn", ".example.org:8443")
    assert list(map(str, found.busy_networks)) == ["10.2.0.0/16", "::1/128"]
    for name, value in found.environment().items():
        monkeypatch.setenv(name, value)
    assert ServiceSettings.load() == found
    monkeypatch.setenv("ZHIBAN_BUSY_NETWORKS", "10.2.0.0/99")
    with pytest.raises(InputError) as caught:
        ServiceSettings.load()
    assert [issue.cell for issue in caught.value.issues] == ["ZHIBAN_BUSY_NETWORKS"]


def test_missing_file_of_authorities_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        create_app(ServiceSettings(data=tmp_path, busy_ca=str(tmp_path / "none.pem")))
    assert list(tmp_path.iterdir()) == []


def test_secrets_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBAN_DATABASE", "postgresql+psycopg://zhiban:geheim@db/zhiban")
    monkeypatch.setenv("ZHIBAN_OIDC_CLIENT_SECRET", "geheim")
    settings = ServiceSettings.load()
    assert "geheim" not in f"{settings!r}{settings.model_dump_json()}"
    assert settings.database.get_secret_value().endswith("@db/zhiban")


def test_the_table_names_every_setting() -> None:
    rows = settings_table().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == [
        f"ZHIBAN_{name.upper()}" for name in ServiceSettings.model_fields
    ]
