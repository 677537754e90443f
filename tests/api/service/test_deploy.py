"""The files an operator starts the service from say what the service knows."""

from __future__ import annotations

import re

import yaml

from api.settings import PREFIX, ServiceSettings
from tests.api.commands.command import ROOT

FOLDER = ROOT / "api" / "deploy"
KNOWN = {f"{PREFIX}{name.upper()}" for name in ServiceSettings.model_fields}
OWN = {"ZHIBAN_DB_PASSWORD", "ZHIBAN_FONTS"}


def test_compose_starts_database_web_worker_and_backups() -> None:
    found = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
    assert set(found["services"]) == {"db", "web", "worker", "backup"}
    for name in ("web", "worker", "backup"):
        service = found["services"][name]
        assert set(service["environment"]) <= KNOWN
        assert service["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert found["services"]["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_only_known_settings_are_named() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*") if path.is_file())
    assert set(re.findall(r"ZHIBAN_[A-Z_]+", text)) <= KNOWN | OWN


def test_the_image_runs_as_a_user_of_its_own() -> None:
    lines = (FOLDER / "Containerfile").read_text(encoding="utf-8").splitlines()
    words = [line.split()[0] for line in lines if re.match(r"[A-Z]+ ", line)]
    assert {"FROM", "RUN", "COPY", "USER", "CMD", "HEALTHCHECK", "STOPSIGNAL"} <= set(words)
    assert words.index("USER") < words.index("CMD")
    assert lines[-1] == 'CMD ["zhiban", "serve"]'
