"""One world for the tests that change nothing in it, and one of its own for each of the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.service.hostile.world import HERE, THERE, World, opened, settle


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Open a service with both counties."""
    with opened(tmp_path / "data") as found:
        for county in (HERE, THERE):
            settle(found, county)
        yield found


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[World]:
    """Open a service that nobody has used yet."""
    with opened(tmp_path / "data") as found:
        yield found
