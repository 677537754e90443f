"""An office of each test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.service.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give an office of the test's own, without data."""
    found = Office(tmp_path / "data")
    yield found
    found.close()
