"""A real store for whoever needs one, made once and copied for each test; accounts in it, a clock."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from api.access.passwords import Passwords
from models.store.database.connections import FILE
from models.store.database.store import Store
from tests.api.access.accounts import Accounts, Clock

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
