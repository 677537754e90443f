"""A county seeded once and served anew, and an office of each test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.service.app import create_app
from api.settings import ServiceSettings
from tests.api.service.county import County, county, seed
from tests.api.service.office import Office


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("seeded") / "data"
    tokens = seed(folder)
    create_app(ServiceSettings(data=folder))
    return folder, tokens


@pytest.fixture(scope="module")
def shared_county(
    seeded: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[County]:
    """Give a county to tests that leave everything as they found it."""
    with county(*seeded, tmp_path_factory.mktemp("shared") / "data") as running:
        yield running


@pytest.fixture
def own_county(seeded: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[County]:
    with county(*seeded, tmp_path / "data") as running:
        yield running


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give an office of the test's own, without data."""
    found = Office(tmp_path / "data")
    yield found
    found.close()
