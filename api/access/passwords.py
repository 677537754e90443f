"""Passwords: strength rules, hashing (argon2id) and comparison."""

from __future__ import annotations

import threading
import unicodedata
from pathlib import Path
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.access.accounts import fold_name
from api.access.tokens import new_token
from models.issues import InputError, Issue
from models.messages import Spot, issue

SHORTEST = 12
"""Characters (NIST SP 800-63B asks for 8 at least, more where there is no second factor)."""
LONGEST = 128
"""Characters."""
AT_ONCE = 4
"""Passwords hashed at the same time; each takes 64 MiB, and a flood must not take all memory."""

_COMMON = frozenset(
    Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").split()
)
"""Common passwords that are long enough; shorter ones are refused by their length."""


_FIELD = Spot("body", "$.password")


class Match(NamedTuple):
    """Whether a password fits, and the hash to keep from now on where the parameters changed."""

    is_right: bool
    new_hash: str | None = None


class Passwords:
    """Hashes and compares passwords with argon2id (RFC 9106, low-memory parameters by default)."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """Make a dummy with the same parameters, so that unknown names take the same time."""
        self._hasher = hasher or PasswordHasher()
        self._at_once = threading.BoundedSemaphore(AT_ONCE)
        self._dummy = self._hasher.hash(new_token())

    def hash(self, password: str) -> str:
        """Return the hash to keep. Check the password first (``check_password``)."""
        with self._at_once:
            return self._hasher.hash(_typed(password))

    def compare(self, stored: str | None, password: str) -> Match:
        """Whether ``password`` is right; without a stored hash it never is, but takes as long."""
        try:
            with self._at_once:
                self._hasher.verify(stored or self._dummy, _typed(password))
        except (VerificationError, InvalidHashError):
            return Match(False)
        if not stored:
            return Match(False)
        is_old = self._hasher.check_needs_rehash(stored)
        return Match(True, self.hash(password) if is_old else None)


def check_password(password: str, name: str) -> None:
    """Refuse a password that is easy to guess.

    Raises
    ------
    InputError
        With everything that is wrong with it; the password itself is never shown.
    """
    found = [issue for is_bad, issue in _faults(_composed(password), fold_name(name)) if is_bad]
    if found:
        raise InputError(found)


def _faults(password: str, name: str) -> list[tuple[bool, Issue]]:
    plain = password.casefold()
    return [
        (
            not SHORTEST <= len(password) <= LONGEST,
            issue("password_length", _FIELD, least=SHORTEST, most=LONGEST),
        ),
        (plain.isdigit(), issue("password_digits", _FIELD)),
        (plain in _COMMON or len(set(plain)) < 5, issue("password_common", _FIELD)),
        (len(name) > 2 and name in plain, issue("password_name", _FIELD)),
    ]


def _composed(password: str) -> str:
    """Normalise the text, however the keyboard composed its characters (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)


def _typed(password: str) -> bytes:
    return _composed(password).encode("utf-8", "surrogatepass")
