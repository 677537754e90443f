"""The county of ``county``: seeded once, served anew for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.service.app import create_app
from api.service.settings import Settings
from tests.api.service.county import County, county, seed


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("seeded") / "data"
    tokens = seed(folder)
    create_app(Settings(data=folder))
    return folder, tokens


@pytest.fixture(scope="module")
def shared_office(
    seeded: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[County]:
    """Give an office to tests that leave everything as they found it."""
    with county(*seeded, tmp_path_factory.mktemp("shared") / "data") as running:
        yield running


@pytest.fixture
def office(seeded: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[County]:
    with county(*seeded, tmp_path / "data") as running:
        yield running
