"""An office with two workers for all tests that leave it as it was, and one without any."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.jobs.office import Office


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Two workers, one solve at a time."""
    office = Office(tmp_path_factory.mktemp("busy"), solves_at_once=1, lease=60)
    with office.workers(2):
        yield office
    office.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Office]:
    """Nobody works here unless the test says so."""
    office = Office(tmp_path)
    yield office
    office.close()
