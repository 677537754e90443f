"""Slowing down those who guess passwords, without locking out those who know them.

After five failures in a row each further attempt must wait, twice as long each time, at most a
minute; attempts made while waiting are not counted, so that nobody is locked out for ever.
A browser that has signed in to the account before is counted by itself (the device cookie of
OWASP, "Slow Down Online Guessing Attacks with Device Cookies"): strangers who attack a name, or
share the address, do not slow it down.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import math

from api.access.accounts import NO_FAILURES, Accounts, Clock, Failures
from api.access.denied import SlowDownError
from api.access.tokens import hash_token

FREE = 5
"""Failures that cost no wait."""
LONGEST_S = 60
"""The longest wait, seconds."""
FORGET = dt.timedelta(hours=1)
"""After so long without a failure the count begins anew."""
_TRIES = 20
"""How often a count is written again when others write it at the same time."""


class Throttle:
    """Counts failures by key and computes the waiting time."""

    def __init__(self, accounts: Accounts, clock: Clock) -> None:
        self._accounts = accounts
        self._clock = clock

    def wait_s(self, key: str) -> int:
        """Return how many whole seconds the next attempt under ``key`` must wait, 0 if none."""
        return _wait_s(self._accounts.failures(key), self._clock())

    def check(self, key: str) -> None:
        """Refuse an attempt that comes too early.

        Raises
        ------
        SlowDownError
            With the seconds to wait.
        """
        wait = self.wait_s(key)
        if wait:
            raise SlowDownError(wait)

    def reserve(self, key: str) -> None:
        """Check and count an attempt as failed before its password is compared.

        A hundred attempts at once therefore get no more guesses than a hundred in a row;
        ``forget`` takes the count back when the password was right.

        Raises
        ------
        SlowDownError
            With the seconds to wait.
        """
        for _ in range(_TRIES):
            seen, now = self._accounts.failures(key), self._clock()
            wait = _wait_s(seen, now)
            if wait:
                raise SlowDownError(wait)
            if self._accounts.swap_failures(key, seen, _one_more(seen, now)):
                return
        raise SlowDownError(1)

    def count(self, key: str) -> None:
        """Count a failure."""
        for _ in range(_TRIES):
            seen = self._accounts.failures(key)
            if self._accounts.swap_failures(key, seen, _one_more(seen, self._clock())):
                return

    def forget(self, key: str) -> None:
        """Reset the count after the right password."""
        for _ in range(_TRIES):
            if self._accounts.swap_failures(key, self._accounts.failures(key), NO_FAILURES):
                return


def name_key(name: str) -> str:
    """Return the key of a folded name; hashed, because people type passwords into that field."""
    return f"name:{hash_token(name)}"


def device_key(device_hash: str) -> str:
    """Return the key of a browser that has signed in before."""
    return f"device:{device_hash}"


def address_key(address: str) -> str:
    """Return the key of a network address: IPv4 whole, IPv6 by its /64, which one household has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "address:unknown"
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        whole = mapped or ipaddress.IPv6Network((int(found) >> 64 << 64, 64))
        return f"address:{whole}"
    return f"address:{found}"


def _wait_s(seen: Failures, now: dt.datetime) -> int:
    seen = _remembered(seen, now)
    if seen.count < FREE or seen.last_at is None:
        return 0
    pause = min(2.0 ** min(seen.count - FREE, 30), LONGEST_S)
    left = pause - (now - seen.last_at).total_seconds()
    return max(0, math.ceil(min(left, pause)))  # a clock set back must not prolong the wait


def _remembered(seen: Failures, now: dt.datetime) -> Failures:
    is_old = seen.last_at is not None and now - seen.last_at > FORGET
    return NO_FAILURES if is_old else seen


def _one_more(seen: Failures, now: dt.datetime) -> Failures:
    return Failures(_remembered(seen, now).count + 1, now)
