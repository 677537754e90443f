"""Tables of who may come in: users, tokens, attempts to sign in, keys of repeated requests."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.columns import Base
from models.store.words import Role


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


class ApiToken(Base):
    """A token of a program acting for a user, as SHA-256 of the secret."""

    __tablename__ = "api_tokens"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey("users.name"), index=True)
    label: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]


class LoginAttempt(Base):
    """One attempt to sign in, under a name that need not exist."""

    __tablename__ = "login_attempts"
    __table_args__ = (
        Index(None, "name", "at"),
        Index(None, "source", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(String(80))
    at: Mapped[dt.datetime]
    success: Mapped[bool]


class IdempotencyKey(Base):
    """What was answered to a request, so that its repetition gets the same answer."""

    __tablename__ = "idempotency_keys"

    user: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
