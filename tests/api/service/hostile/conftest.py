"""Worlds: an unused one, and one of two counties that is settled once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.api.service.hostile.world import HERE, THERE, World, opened, settle


class Settled(NamedTuple):
    """A data folder with two counties, the tokens of their accounts, and their ids by name."""

    folder: Path
    tokens: dict[str, str]
    here: dict[str, Any]
    there: dict[str, Any]


@pytest.fixture(scope="session")
def unused(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with all tables, of store and queue, and no rows."""
    folder = tmp_path_factory.mktemp("unused") / "data"
    with opened(folder):
        pass
    return folder


@pytest.fixture(scope="session")
def settled(unused: Path, tmp_path_factory: pytest.TempPathFactory) -> Settled:
    folder = tmp_path_factory.mktemp("settled") / "data"
    shutil.copytree(unused, folder)
    with opened(folder) as world:
        here, there = settle(world, HERE), settle(world, THERE)
        return Settled(folder, world.tokens, here, there)


@pytest.fixture
def world(settled: Settled, tmp_path: Path) -> Iterator[World]:
    """Open a service with both counties."""
    shutil.copytree(settled.folder, tmp_path / "data")
    with opened(tmp_path / "data") as found:
        found.tokens |= settled.tokens
        yield found


@pytest.fixture
def empty(unused: Path, tmp_path: Path) -> Iterator[World]:
    """Open a service that nobody has used yet."""
    shutil.copytree(unused, tmp_path / "data")
    with opened(tmp_path / "data") as found:
        yield found
