"""The accounts of the store, with what tests add and look at; a clock that is moved by hand."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from api.access.accounts import ApiToken, User
from api.access.store_accounts import StoreAccounts
from models.store.database.clock import now
from models.store.database.store import Store
from models.store.people.tokens import keep_api_token
from models.store.people.users import disable_user, put_user
from models.store.tables.every_table import METADATA
from models.store.tables.every_table import access_tables as tables


class Accounts(StoreAccounts):
    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.store = store

    def add_user(self, user: User) -> User:
        assert user.area is not None
        row = tables.User(
            name=user.name,
            role=user.role,
            area=user.area,
            person=user.person,
            firm=user.firm,
            password_hash=user.password_hash,
            disabled_at=None if user.is_active else now(),
        )
        with self.store.begin() as session:
            put_user(session, row, by="test")
        return user

    def close_user(self, name: str) -> None:
        with self.store.begin() as session:
            disable_user(session, name, by="test")

    def add_token(self, token: ApiToken) -> None:
        with self.store.begin() as session:
            keep_api_token(
                session,
                token.user.id,
                token.token_hash,
                label="test",
                by="test",
                expires_at=token.expires_at,
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
