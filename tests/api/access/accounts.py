"""The accounts of the store, with what tests add and look at; a clock that is moved by hand."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from api.access.accounts import Accounts as StoreAccounts
from models.store.database.store import Store
from models.store.people.tokens import keep_api_token
from models.store.people.users import disable_user, put_user
from models.store.tables.access_tables import User
from models.store.tables.every_table import METADATA


class Accounts(StoreAccounts):
    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.store = store

    def add_user(self, user: User) -> User:
        with self.store.begin() as session:
            put_user(session, user, by="test")
        return user

    def close_user(self, name: str) -> None:
        with self.store.begin() as session:
            disable_user(session, name, by="test")

    def add_token(self, user: str, token_hash: str, expires_at: dt.datetime | None = None) -> None:
        with self.store.begin() as session:
            keep_api_token(
                session, user, token_hash, label="test", by="test", expires_at=expires_at
            )

    def everything(self) -> str:
        """Return all that is kept, as text."""
        with self.store.read() as session:
            return str([session.execute(sa.select(t)).all() for t in METADATA.sorted_tables])


class Clock:
    """A clock that the tests move."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def advance(self, **amount: float) -> None:
        self.now += dt.timedelta(**amount)
