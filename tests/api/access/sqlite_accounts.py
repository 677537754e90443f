"""The protocol of ``api.access.accounts`` over a real SQLite file."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from api.access.accounts import NO_FAILURES, ApiToken, Failures, Handshake, Session, User
from api.access.roles import Role

META = sa.MetaData()


class Moment(sa.TypeDecorator[dt.datetime]):
    """Aware moments; SQLite keeps them as text."""

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return value.isoformat() if value else None

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return dt.datetime.fromisoformat(value) if value else None


def table(name: str, key: str, *columns: str) -> sa.Table:
    kinds = {"is_active": sa.Boolean, "count": sa.Integer}
    kinds |= dict.fromkeys(("opened_at", "seen_at", "last_at", "expires_at"), Moment)
    made = [sa.Column(column, kinds.get(column, sa.String)) for column in columns]
    return sa.Table(name, META, sa.Column(key, sa.String, primary_key=True), *made)


USERS = table("users", "id", "name", "role", "area", "person", "firm", "password_hash", "is_active")
TOKENS = table("tokens", "token_hash", "user_id", "expires_at")
SESSIONS = table("sessions", "token_hash", "user_id", "opened_at", "seen_at")
DEVICES = table("devices", "token_hash", "user_id")
FAILURES = table("failures", "key", "count", "last_at")
HANDSHAKES = table("handshakes", "state_hash", "nonce", "verifier", "target", "opened_at")


class SqliteAccounts:
    """A small store of accounts."""

    def __init__(self, path: Path) -> None:
        self.engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
        sa.event.listen(self.engine, "connect", _in_a_hurry)
        META.create_all(self.engine)

    def close(self) -> None:
        self.engine.dispose()

    def run(self, statement: Any) -> Any:
        with self.engine.begin() as connection:
            result = connection.execute(statement)
            return result.mappings().first() if result.returns_rows else result.rowcount

    def add_user(self, user: User) -> User:
        self.run(USERS.insert().values(asdict(user)))
        return user

    def close_user(self, user_id: str) -> None:
        self.run(USERS.update().where(USERS.c.id == user_id).values(is_active=False))

    def add_token(self, token: ApiToken) -> None:
        values = {"token_hash": token.token_hash, "expires_at": token.expires_at}
        self.run(TOKENS.insert().values(user_id=token.user.id, **values))

    def everything(self) -> str:
        """Return all that is kept, as text."""
        with self.engine.connect() as connection:
            return str([connection.execute(t.select()).all() for t in META.sorted_tables])

    def _user(self, condition: Any) -> User | None:
        row = self.run(USERS.select().where(condition))
        return User(**{**row, "role": Role(row["role"])}) if row else None

    def user_by_name(self, name: str) -> User | None:
        return self._user(USERS.c.name == name)

    def user_by_id(self, user_id: str) -> User | None:
        return self._user(USERS.c.id == user_id)

    def set_password_hash(self, user_id: str, password_hash: str) -> None:
        self.run(USERS.update().where(USERS.c.id == user_id).values(password_hash=password_hash))

    def token_by_hash(self, token_hash: str) -> ApiToken | None:
        row = self.run(TOKENS.select().where(TOKENS.c.token_hash == token_hash))
        user = self.user_by_id(row["user_id"]) if row else None
        return ApiToken(token_hash, user, row["expires_at"]) if user else None

    def put_session(self, session: Session) -> None:
        self.run(SESSIONS.insert().values(asdict(session)))

    def session_by_hash(self, token_hash: str) -> Session | None:
        row = self.run(SESSIONS.select().where(SESSIONS.c.token_hash == token_hash))
        return Session(**row) if row else None

    def touch_session(self, token_hash: str, seen_at: dt.datetime) -> None:
        found = SESSIONS.c.token_hash == token_hash
        self.run(SESSIONS.update().where(found).values(seen_at=seen_at))

    def end_session(self, token_hash: str) -> None:
        self.run(SESSIONS.delete().where(SESSIONS.c.token_hash == token_hash))

    def end_sessions_of(self, user_id: str) -> None:
        self.run(SESSIONS.delete().where(SESSIONS.c.user_id == user_id))

    def put_device(self, token_hash: str, user_id: str) -> None:
        self.run(DEVICES.insert().values(token_hash=token_hash, user_id=user_id))

    def user_of_device(self, token_hash: str) -> str | None:
        row = self.run(DEVICES.select().where(DEVICES.c.token_hash == token_hash))
        return row["user_id"] if row else None

    def failures(self, key: str) -> Failures:
        row = self.run(FAILURES.select().where(FAILURES.c.key == key))
        return Failures(row["count"], row["last_at"]) if row else NO_FAILURES

    def swap_failures(self, key: str, old: Failures, new: Failures) -> bool:
        same = (FAILURES.c.key == key) & (FAILURES.c.count == old.count)
        same &= FAILURES.c.last_at.is_not_distinct_from(old.last_at)
        if self.run(FAILURES.update().where(same).values(asdict(new))):
            return True
        if old != NO_FAILURES:
            return False
        try:
            self.run(FAILURES.insert().values(key=key, **asdict(new)))
        except IntegrityError:
            return False
        return True

    def put_handshake(self, handshake: Handshake) -> None:
        self.run(HANDSHAKES.insert().values(asdict(handshake)))

    def take_handshake(self, state_hash: str) -> Handshake | None:
        found = HANDSHAKES.c.state_hash == state_hash
        row = self.run(HANDSHAKES.delete().where(found).returning(*HANDSHAKES.c))
        return Handshake(**row) if row else None


def _in_a_hurry(connection: Any, record: Any) -> None:
    """Tests need no power-failure safety."""
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA journal_mode=WAL")


class Clock:
    """A clock that the tests move."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def advance(self, **amount: float) -> None:
        self.now += dt.timedelta(**amount)
