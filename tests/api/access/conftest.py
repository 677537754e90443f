"""Fixtures: a store of accounts in a file, a clock that is moved by hand, cheap hashing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from api.access.passwords import Passwords
from tests.api.access.sqlite_accounts import Clock, SqliteAccounts

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[SqliteAccounts]:
    found = SqliteAccounts(tmp_path / "accounts.sqlite")
    yield found
    found.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    return Passwords(CHEAP)
