"""A real store for whoever needs one: made once, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models.store.database.connections import FILE
from models.store.database.store import Store


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
