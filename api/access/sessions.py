"""Browser sessions: opened at sign-in, ended by sign-out, age or inactivity."""

from __future__ import annotations

import datetime as dt

from api.access.accounts import Accounts, Clock
from api.access.tokens import has_token_shape, hash_token, is_same, new_token
from models.store.tables.access_tables import BrowserSession, User

LIFETIME = dt.timedelta(hours=12)
"""A session ends so long after sign-in, used or not: a working day."""
IDLE = dt.timedelta(hours=1)
"""A session ends when it was not used for so long."""
TOUCH_EVERY = dt.timedelta(minutes=1)
"""How exactly the last use is kept; a write for every request would be too many."""


class Sessions:
    """Opens, reads and ends sessions."""

    def __init__(self, accounts: Accounts, clock: Clock) -> None:
        self._accounts = accounts
        self._clock = clock

    def open(self, user: User) -> str:
        """Open a session and return its token, for the cookie alone."""
        token, now = new_token(), self._clock()
        self._accounts.put_session(
            BrowserSession(token_hash=hash_token(token), user=user.name, opened_at=now, seen_at=now)
        )
        return token

    def user_of(self, token: str) -> User | None:
        """Return the active account of a valid session, and note its use."""
        session = self._living(token)
        user = self._accounts.user(session.user) if session else None
        if session is None or user is None or not user.is_active:
            return None
        now = self._clock()
        if now - session.seen_at >= TOUCH_EVERY:
            self._accounts.touch_session(session.token_hash, now)
        return user

    def end(self, token: str) -> None:
        """End a session; no effect if it has ended already."""
        self._accounts.end_session(hash_token(token))

    def _living(self, token: str) -> BrowserSession | None:
        if not has_token_shape(token):
            return None
        token_hash = hash_token(token)
        found = self._accounts.session_by_hash(token_hash)
        if found is None or not is_same(found.token_hash, token_hash):
            return None
        now = self._clock()
        is_over = now - found.opened_at >= LIFETIME or now - found.seen_at >= IDLE
        return None if is_over else found
