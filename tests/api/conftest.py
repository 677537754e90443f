"""What tests of several rooms need, each made once and copied: a store, accounts, a served county."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from api.access.passwords import Passwords
from api.service.app import create_app
from api.settings import ServiceSettings
from models.store.database.connections import FILE
from models.store.database.store import Store
from tests.api.access.accounts import Accounts, Clock
from tests.api.service.county import County, county, seed
from tests.api.service.office import Office

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a store with all tables and no rows."""
    folder = tmp_path_factory.mktemp("store")
    Store.open(str(folder)).close()
    return folder


@pytest.fixture
def open_store(empty_store: Path, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Return what opens a store of the test's own; all are closed after it."""
    opened: list[Store] = []

    def make() -> Store:
        folder = tmp_path / f"store{len(opened)}"
        folder.mkdir(mode=0o700)
        shutil.copy(empty_store / FILE, folder / FILE)
        opened.append(Store.open(str(folder)))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def accounts(open_store: Callable[[], Store]) -> Accounts:
    return Accounts(open_store())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    return Passwords(CHEAP)


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
