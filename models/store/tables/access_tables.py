"""Tables of access: users, tokens, browsers, failed sign-ins, keys of repeated requests."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.tables.columns import Base
from models.store.tables.words import Role


class User(Base):
    """Somebody who signs in; ``password_hash`` (argon2) is empty where another system knows him."""

    __tablename__ = "users"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    password_hash: Mapped[str | None] = mapped_column(String(255), deferred=True)
    role: Mapped[Role]
    area: Mapped[str] = mapped_column(String(60), index=True)
    person: Mapped[str | None] = mapped_column(String(60))
    firm: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[dt.datetime]
    disabled_at: Mapped[dt.datetime | None]

    @property
    def is_active(self) -> bool:
        """Whether the account may sign in and its tokens act."""
        return self.disabled_at is None


class ApiToken(Base):
    """A token of a program acting for a user, as SHA-256 of the secret."""

    __tablename__ = "api_tokens"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey("users.name"), index=True)
    label: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]


class BrowserSession(Base):
    """A browser that has signed in; the cookie holds the token, the row its SHA-256."""

    __tablename__ = "browser_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey("users.name"), index=True)
    opened_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime] = mapped_column(index=True)


class Device(Base):
    """A browser that has signed in to an account before."""

    __tablename__ = "devices"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey("users.name"), index=True)
    seen_at: Mapped[dt.datetime] = mapped_column(index=True)


class SignInFailures(Base):
    """Failed sign-ins in a row under one key: a name that need not exist, an address."""

    __tablename__ = "sign_in_failures"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[dt.datetime | None] = mapped_column(index=True)


class Handshake(Base):
    """A sign-in that has been sent to the office's provider and has not come back."""

    __tablename__ = "handshakes"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(255))
    verifier: Mapped[str] = mapped_column(String(255))
    target: Mapped[str] = mapped_column(String(2000))
    opened_at: Mapped[dt.datetime] = mapped_column(index=True)


class IdempotencyKey(Base):
    """What was answered to a request, so that its repetition gets the same answer."""

    __tablename__ = "idempotency_keys"

    user: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
