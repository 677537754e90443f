"""A careful client: unanswered requests are repeated unchanged, under the same key."""

from __future__ import annotations

import time
from itertools import count
from typing import Any

import httpx

PATIENCE_SECONDS = 120.0
PAUSE_SECONDS = 0.1
KEY = "Idempotency-Key"


class NeverAnsweredError(Exception):
    """The service did not answer a request for two minutes."""


class Client:
    """One user's way to the service. Safe from one thread.

    Parameters
    ----------
    address
        Of the service.
    name, token
        Of the user; the name begins the keys of his requests.
    """

    def __init__(self, address: str, name: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._http = httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=30)
        self._keys = (f"{name}-{number}" for number in count(1))
        self.repeated = 0
        self.longest_seconds = 0.0
        self.broken: list[str] = []
        """Answers that no fault may cause: 500 and the like."""

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def read(self, path: str, **words: Any) -> httpx.Response:
        """Read."""
        return self._ask("GET", path, {}, words)

    def write(
        self, method: str, path: str, headers: dict[str, str] | None = None, **words: Any
    ) -> httpx.Response:
        """Act once, repeating the request until it is answered."""
        return self._ask(method, path, {KEY: next(self._keys), **(headers or {})}, words)

    def _ask(
        self, method: str, path: str, headers: dict[str, str], words: dict[str, Any]
    ) -> httpx.Response:
        began = time.monotonic()
        while True:
            answer = self._try(method, path, headers, words)
            seconds = time.monotonic() - began
            self.longest_seconds = max(self.longest_seconds, seconds)
            if answer is not None:
                return answer
            if seconds > PATIENCE_SECONDS:
                raise NeverAnsweredError(f"{method} {path}")
            self.repeated += 1
            time.sleep(PAUSE_SECONDS)

    def _try(
        self, method: str, path: str, headers: dict[str, str], words: dict[str, Any]
    ) -> httpx.Response | None:
        """Return the answer, None if the request should be repeated."""
        try:
            answer = self._http.request(method, path, headers=headers, **words)
        except httpx.TransportError:
            return None
        if answer.status_code == 503:
            return None
        if answer.is_server_error:
            self.broken.append(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer
