"""Secrets made by the service: 256 bits, shown once, kept as SHA-256."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

PREFIX = "zb_"
"""Marks our tokens, so that scanners of code and logs find those that leak."""

_SHAPE = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")


def new_token() -> str:
    """Return a new token: ``zb_`` and 43 characters of base64url. Show it once, keep its hash."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return the SHA-256 of a token as 64 hexadecimal digits.

    A plain hash is enough: 256 random bits cannot be guessed, unlike a password.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def has_token_shape(text: str) -> bool:
    """Whether ``text`` could be a token; saves a look-up in the store."""
    return _SHAPE.fullmatch(text) is not None


def is_same(one: str, other: str) -> bool:
    """Compare two secrets in a time that does not depend on where they differ."""
    return hmac.compare_digest(_bytes(one), _bytes(other))


def csrf_token(session_token: str) -> str:
    """Return the token that a page of this session sends along with what it changes.

    It is derived from the session's token, which it does not reveal, and ends with it.
    """
    made = hmac.digest(_bytes(session_token), b"zhiban csrf", "sha256")
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
