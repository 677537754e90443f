"""Sign-in with name and password: constant time, with delays against guessing."""

from __future__ import annotations

from typing import NamedTuple

from api.access.accounts import Accounts, Clock, fold_name
from api.access.denied import SignInFailedError
from api.access.passwords import Passwords, check_password
from api.access.sessions import Sessions
from api.access.throttle import Throttle, address_key, device_key, name_key
from api.access.tokens import has_token_shape, hash_token, new_token
from models.issues import InputError
from models.messages import Spot, issue
from models.store.database.clock import now
from models.store.tables.access_tables import User


class SignedIn(NamedTuple):
    """The two cookies a browser gets at sign-in; ``device`` is None if it has one already."""

    user: User
    session: str
    device: str | None


class SignIn:
    """Signs people in, with a password or through an office's provider."""

    def __init__(
        self, accounts: Accounts, passwords: Passwords | None = None, clock: Clock = now
    ) -> None:
        self.accounts = accounts
        self.passwords = passwords or Passwords()
        self.sessions = Sessions(accounts, clock)
        self._throttle = Throttle(accounts, clock)

    def with_password(
        self, name: str, password: str, address: str, device: str | None = None
    ) -> SignedIn:
        """Open a session.

        Parameters
        ----------
        address
            Network address of the client.
        device
            The device cookie of the browser, where it sent one.

        Raises
        ------
        SignInFailedError
            The same for a wrong password, an unknown name, an account that is closed or has no
            password.
        SlowDownError
            Too many sign-ins failed before.
        """
        user = self.accounts.user(fold_name(name))
        is_known = user is not None and self._device_user(device) == user.name
        key = device_key(hash_token(device)) if device and is_known else name_key(fold_name(name))
        if not is_known:
            self._throttle.check(address_key(address))
        self._compare(user, password, key, None if is_known else address_key(address))
        assert user is not None
        return self.admit(user, device)

    def admit(self, user: User, device: str | None = None) -> SignedIn:
        """Open a session for somebody who has proved who they are."""
        is_known = self._device_user(device) == user.name
        made = None if is_known else new_token()
        if made:
            self.accounts.put_device(hash_token(made), user.name)
        return SignedIn(user, self.sessions.open(user), made)

    def change_password(
        self, user: User, old: str, new: str, *, keep_tokens: bool | None = None
    ) -> None:
        """Replace a password and end every session of the account.

        Parameters
        ----------
        keep_tokens
            What becomes of its API tokens; it must be said where there are any.

        Raises
        ------
        SignInFailedError
            When ``old`` is wrong.
        SlowDownError
            Too many were wrong before.
        InputError
            When ``new`` is too easy to guess, or it was not said what becomes of tokens; nothing is
            changed.
        """
        self._compare(user, old, f"change:{user.name}", None)
        check_password(new, user.name)
        tokens = self.accounts.tokens_of(user.name)
        if tokens and keep_tokens is None:
            raise InputError([issue("password_tokens", Spot("body", "$.tokens"), count=tokens)])
        if tokens and not keep_tokens:
            self.accounts.revoke_tokens(user.name)
        self.accounts.set_password_hash(user.name, self.passwords.hash(new))
        self.accounts.end_sessions_of(user.name)

    def _compare(self, user: User | None, password: str, key: str, address: str | None) -> None:
        """Compare a password, counting a failure under ``key`` and ``address``."""
        self._throttle.reserve(key)
        stored = user.password_hash if user and user.is_active else None
        match = self.passwords.compare(stored, password)
        if user is None or not match.is_right:
            if address:
                self._throttle.count(address)
            raise SignInFailedError
        self._throttle.forget(key)
        if match.new_hash:
            self.accounts.set_password_hash(user.name, match.new_hash)

    def _device_user(self, device: str | None) -> str | None:
        if device is None or not has_token_shape(device):
            return None
        return self.accounts.user_of_device(hash_token(device))
