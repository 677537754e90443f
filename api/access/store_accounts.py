"""The accounts of sign-in (``api.access.accounts``), kept in the store."""

from __future__ import annotations

import datetime as dt

from api.access.accounts import NO_FAILURES, ApiToken, Failures, Handshake, Session, User
from models.store.database.clock import now
from models.store.database.store import Store
from models.store.people import sign_ins
from models.store.people.tokens import api_token
from models.store.people.users import get_user
from models.store.tables.every_table import access_tables as tables


class StoreAccounts:
    """Implements ``Accounts``; the id of an account is its folded name. Every call is one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def user_by_name(self, name: str) -> User | None:
        """Find an account by its folded name."""
        with self._store.read() as session:
            found = get_user(session, name)
            return _user(found) if found else None

    user_by_id = user_by_name

    def set_password_hash(self, user_id: str, password_hash: str) -> None:
        """Replace the hash of a password."""
        with self._store.begin() as session:
            found = get_user(session, user_id)
            if found is not None:
                found.password_hash = password_hash

    def token_by_hash(self, token_hash: str) -> ApiToken | None:
        """Find an API token that has not been revoked, with its account."""
        with self._store.read() as session:
            found = api_token(session, token_hash)
            if found is None:
                return None
            token, user = found
            return ApiToken(token.hash, _user(user), token.expires_at)

    def put_session(self, session: Session) -> None:
        """Keep a new session."""
        with self._store.begin() as work:
            work.add(
                tables.BrowserSession(
                    token_hash=session.token_hash,
                    user=session.user_id,
                    opened_at=session.opened_at,
                    seen_at=session.seen_at,
                )
            )

    def session_by_hash(self, token_hash: str) -> Session | None:
        """Find a session."""
        with self._store.read() as session:
            found = session.get(tables.BrowserSession, token_hash)
            if found is None:
                return None
            return Session(found.token_hash, found.user, found.opened_at, found.seen_at)

    def touch_session(self, token_hash: str, seen_at: dt.datetime) -> None:
        """Move ``seen_at`` of a session that is still there; never bring one back."""
        with self._store.begin() as session:
            sign_ins.touch_session(session, token_hash, seen_at)

    def end_session(self, token_hash: str) -> None:
        """Forget a session."""
        with self._store.begin() as session:
            sign_ins.end_session(session, token_hash)

    def end_sessions_of(self, user_id: str) -> None:
        """Forget every session of an account."""
        with self._store.begin() as session:
            sign_ins.end_sessions_of(session, user_id)

    def put_device(self, token_hash: str, user_id: str) -> None:
        """Remember that a browser has signed in to an account."""
        with self._store.begin() as session:
            session.merge(tables.Device(token_hash=token_hash, user=user_id, seen_at=now()))

    def user_of_device(self, token_hash: str) -> str | None:
        """Return the id of the account that a browser has signed in to."""
        with self._store.read() as session:
            found = session.get(tables.Device, token_hash)
            return found.user if found else None

    def failures(self, key: str) -> Failures:
        """Return the count under ``key``, ``NO_FAILURES`` if there is none."""
        with self._store.read() as session:
            found = session.get(tables.SignInFailures, _key(key))
            return Failures(found.count, found.last_at) if found else NO_FAILURES

    def swap_failures(self, key: str, old: Failures, new: Failures) -> bool:
        """Write ``new`` if the count is still ``old``; tell whether it was."""
        with self._store.begin() as session:
            before, after = (old.count, old.last_at), (new.count, new.last_at)
            return sign_ins.swap_failures(session, _key(key), before, after)

    def put_handshake(self, handshake: Handshake) -> None:
        """Keep a new handshake."""
        with self._store.begin() as session:
            session.add(
                tables.Handshake(
                    state_hash=handshake.state_hash,
                    nonce=handshake.nonce,
                    verifier=handshake.verifier,
                    target=handshake.target,
                    opened_at=handshake.opened_at,
                )
            )

    def take_handshake(self, state_hash: str) -> Handshake | None:
        """Return a handshake and forget it, so that no second call gets it."""
        with self._store.begin() as session:
            found = sign_ins.take_handshake(session, state_hash)
            if found is None:
                return None
            return Handshake(
                found.state_hash, found.nonce, found.verifier, found.target, found.opened_at
            )


def _user(row: tables.User) -> User:
    return User(
        id=row.name,
        name=row.name,
        role=row.role,
        area=row.area,
        person=row.person,
        firm=row.firm,
        password_hash=row.password_hash,
        is_active=row.disabled_at is None,
    )


def _key(key: str) -> str:
    """Return the key as the table keeps it; what is longer is no name anybody has."""
    return key[:255]
