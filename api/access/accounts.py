"""What sign-in needs of the store: accounts, tokens, sessions and counts, as a protocol.

Every moment is an aware ``datetime`` in UTC. Secrets reach the store only as hashes
(``api.access.tokens.hash_token``, argon2 for passwords). Each method is one transaction.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from api.access.roles import Actor, Role

Clock = Callable[[], dt.datetime]
"""Tells the present moment, aware, in UTC."""

OPERATOR = "command line"
"""Who acted, in the log, when a command did; no account has this name."""


def utc_now() -> dt.datetime:
    """Return the present moment."""
    return dt.datetime.now(dt.UTC)


def fold_name(name: str) -> str:
    """Return the form of a user name that is stored and compared: NFKC, no case, no blanks around.

    What no database keeps as text (lone surrogates, NUL) becomes a question mark.
    """
    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    return plain.encode("utf-8", "replace").decode().replace("\0", "?")


@dataclass(frozen=True)
class User:
    """An account. Without ``password_hash`` it signs in through the office's own provider only."""

    id: str
    name: str
    role: Role
    area: str | None
    person: str | None = None
    firm: str | None = None
    password_hash: str | None = None
    is_active: bool = True

    @property
    def actor(self) -> Actor:
        """Who asks when this account asks."""
        return Actor(self.role, self.id, self.area, self.person, self.firm)


@dataclass(frozen=True)
class ApiToken:
    """A machine's token that has not been revoked. Without ``expires_at`` it holds until it is."""

    token_hash: str
    user: User
    expires_at: dt.datetime | None = None


@dataclass(frozen=True)
class Session:
    """A browser that has signed in; the cookie holds the token, the store its hash."""

    token_hash: str
    user_id: str
    opened_at: dt.datetime
    seen_at: dt.datetime


@dataclass(frozen=True)
class Failures:
    """Failed sign-ins in a row under one key, and when the last one was."""

    count: int = 0
    last_at: dt.datetime | None = None


NO_FAILURES = Failures()


@dataclass(frozen=True)
class Handshake:
    """A sign-in that has been sent to the office's provider and has not come back."""

    state_hash: str
    nonce: str
    verifier: str
    target: str
    opened_at: dt.datetime


class Accounts(Protocol):
    """The store as sign-in sees it."""

    def user_by_name(self, name: str) -> User | None:
        """Find an account by its folded name."""

    def user_by_id(self, user_id: str) -> User | None:
        """Find an account by its id."""

    def set_password_hash(self, user_id: str, password_hash: str) -> None:
        """Replace the hash of a password."""

    def token_by_hash(self, token_hash: str) -> ApiToken | None:
        """Find an API token that has not been revoked, with its account."""

    def put_session(self, session: Session) -> None:
        """Keep a new session."""

    def session_by_hash(self, token_hash: str) -> Session | None:
        """Find a session."""

    def touch_session(self, token_hash: str, seen_at: dt.datetime) -> None:
        """Move ``seen_at`` of a session that is still there; never bring one back."""

    def end_session(self, token_hash: str) -> None:
        """Forget a session."""

    def end_sessions_of(self, user_id: str) -> None:
        """Forget every session of an account."""

    def put_device(self, token_hash: str, user_id: str) -> None:
        """Remember that a browser has signed in to an account."""

    def user_of_device(self, token_hash: str) -> str | None:
        """Return the id of the account that a browser has signed in to."""

    def failures(self, key: str) -> Failures:
        """Return the count under ``key``, ``NO_FAILURES`` if there is none."""

    def swap_failures(self, key: str, old: Failures, new: Failures) -> bool:
        """Write ``new`` if the count is still ``old``; tell whether it was. Atomic."""

    def put_handshake(self, handshake: Handshake) -> None:
        """Keep a new handshake; those older than an hour may be forgotten."""

    def take_handshake(self, state_hash: str) -> Handshake | None:
        """Return a handshake and forget it, so that no second call gets it. Atomic."""
