"""The store behind sign-in: accounts, tokens, sessions, failures; one transaction per method.

Every moment is an aware ``datetime`` in UTC. Secrets come here only as hashes
(``api.access.tokens.hash_token``, argon2 for passwords).
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from api.access.roles import Actor
from models.store.database.clock import now
from models.store.database.log import record
from models.store.database.store import Store
from models.store.people import sign_ins
from models.store.people.tokens import api_token, api_tokens, revoke_api_tokens
from models.store.people.users import get_user
from models.store.tables.access_tables import (
    ApiToken,
    BrowserSession,
    Device,
    Handshake,
    SignInFailures,
    User,
)

Clock = Callable[[], dt.datetime]
"""Tells the present moment, aware, in UTC."""

OPERATOR = "command line"
"""Who acted, in the log, when a command did; no account has this name."""


@dataclass(frozen=True)
class Failures:
    """Failed sign-ins in a row under one key, and when the last one was."""

    count: int = 0
    last_at: dt.datetime | None = None


NO_FAILURES = Failures()


def fold_name(name: str) -> str:
    """Return the form of a user name that is stored and compared: NFKC, no case, no blanks around.

    Folding it again changes nothing (Unicode, NFKC_Casefold). What no database keeps as text (lone
    surrogates, NUL) becomes a question mark.
    """
    plain = name
    for _ in range(3):  # folding may leave what is to be composed or folded once more
        plain = unicodedata.normalize("NFKC", plain).casefold().strip()
    return (
        unicodedata.normalize("NFKC", plain).encode("utf-8", "replace").decode().replace("\0", "?")
    )


def actor_of(user: User) -> Actor:
    """Return the actor of an account."""
    return Actor(user.role, user.name, user.area, user.person, user.firm)


class Accounts:
    """The store as sign-in sees it; an account is known by its folded name."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def user(self, name: str) -> User | None:
        """Return an account."""
        with self._store.read() as session:
            return get_user(session, name)

    def set_password_hash(self, name: str, password_hash: str) -> None:
        """Replace the hash of a password."""
        with self._store.begin() as session:
            found = get_user(session, name)
            if found is not None:
                found.password_hash = password_hash

    def token_by_hash(self, token_hash: str) -> tuple[ApiToken, User] | None:
        """Return an API token that has not been revoked, with its account."""
        with self._store.read() as session:
            return api_token(session, token_hash)

    def put_session(self, made: BrowserSession) -> None:
        """Keep a new session; the log says who signed in."""
        with self._store.begin() as session:
            session.add(made)
            record(session, "sign_in", f"user:{made.user}", by=made.user)

    def session_by_hash(self, token_hash: str) -> BrowserSession | None:
        """Return a session."""
        with self._store.read() as session:
            return session.get(BrowserSession, token_hash)

    def touch_session(self, token_hash: str, seen_at: dt.datetime) -> None:
        """Move ``seen_at`` of a session that is still there; never bring one back."""
        with self._store.begin() as session:
            sign_ins.touch_session(session, token_hash, seen_at)

    def end_session(self, token_hash: str) -> None:
        """Forget a session."""
        with self._store.begin() as session:
            sign_ins.end_session(session, token_hash)

    def tokens_of(self, name: str) -> int:
        """Return how many API tokens act for an account."""
        with self._store.read() as session:
            return len(api_tokens(session, name))

    def revoke_tokens(self, name: str) -> None:
        """Revoke every API token of an account."""
        with self._store.begin() as session:
            revoke_api_tokens(session, name, by=name)

    def end_sessions_of(self, name: str) -> None:
        """Forget every session of an account."""
        with self._store.begin() as session:
            sign_ins.end_sessions_of(session, name)

    def put_device(self, token_hash: str, name: str) -> None:
        """Remember that a browser has signed in to an account."""
        with self._store.begin() as session:
            session.merge(Device(token_hash=token_hash, user=name, seen_at=now()))

    def user_of_device(self, token_hash: str) -> str | None:
        """Return the name of the account that a browser has signed in to."""
        with self._store.read() as session:
            found = session.get(Device, token_hash)
            return found.user if found else None

    def failures(self, key: str) -> Failures:
        """Return the count under ``key``, ``NO_FAILURES`` if there is none."""
        with self._store.read() as session:
            found = session.get(SignInFailures, _key(key))
            return Failures(found.count, found.last_at) if found else NO_FAILURES

    def swap_failures(self, key: str, old: Failures, new: Failures) -> bool:
        """Write ``new`` if the count is still ``old``; tell whether it was. Atomic."""
        with self._store.begin() as session:
            before, after = (old.count, old.last_at), (new.count, new.last_at)
            return sign_ins.swap_failures(session, _key(key), before, after)

    def put_handshake(self, made: Handshake) -> None:
        """Keep a new handshake; those older than an hour may be forgotten."""
        with self._store.begin() as session:
            session.add(made)

    def take_handshake(self, state_hash: str) -> Handshake | None:
        """Return a handshake and forget it, so that no second call gets it. Atomic."""
        with self._store.begin() as session:
            return sign_ins.take_handshake(session, state_hash)


def _key(key: str) -> str:
    """Return the key cut to the width of the column; no real name is longer."""
    return key[:255]
