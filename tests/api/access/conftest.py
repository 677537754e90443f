"""Fixtures: accounts in a store, a clock that is moved by hand, cheap hashing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher

from api.access.passwords import Passwords
from models.store.database.store import Store
from tests.api.access.accounts import Accounts, Clock

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture
def accounts(open_store: Callable[[], Store]) -> Accounts:
    return Accounts(open_store())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    return Passwords(CHEAP)
