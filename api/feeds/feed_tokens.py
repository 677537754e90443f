"""Feed tokens: 256 random bits in a link, shown once; only their hash is kept.

A calendar client can send no password, so the link itself is the secret. A plain SHA-256
is enough for it: nobody guesses 256 bits, unlike a password, and the hash is looked up by
an index, so how long that takes tells a stranger nothing about a token.
"""

from __future__ import annotations

import secrets
from typing import Protocol

from api.access.tokens import hash_token
from api.feeds.event import Target

_BYTES = 32


class TokenStore(Protocol):
    """Where hashes of tokens are kept; each call is one transaction."""

    def add_token(self, target: Target, token_hash: str) -> None:
        """Let a token open the calendar of ``target``."""

    def revoke_token(self, token_hash: str) -> bool:
        """Let a token open nothing from now on; return whether it opened something."""

    def replace_token(self, token_hash: str, new_hash: str) -> bool:
        """Revoke a token and let the new one open the same; False and no change if unknown."""


def new_token() -> str:
    """Return a fresh token: 256 bits as 43 characters that are safe in a URL."""
    return secrets.token_urlsafe(_BYTES)


def issue(store: TokenStore, target: Target) -> str:
    """Make a token for ``target`` and return it; it cannot be shown again."""
    token = new_token()
    store.add_token(target, hash_token(token))
    return token


def rotate(store: TokenStore, old_hash: str) -> str | None:
    """Replace the token of ``old_hash`` and return the new one; None if it is unknown or revoked.

    The old link is dead at once.
    """
    token = new_token()
    return token if store.replace_token(old_hash, hash_token(token)) else None


def revoke(store: TokenStore, old_hash: str) -> bool:
    """Revoke the token of ``old_hash``; return whether it was in use."""
    return store.revoke_token(old_hash)
