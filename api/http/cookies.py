"""The cookies of a browser: session, known device, CSRF token, and a sign-in under way."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response

from api.access.sessions import LIFETIME
from api.access.sign_in import SignedIn
from api.access.tokens import csrf_token

CSRF_HEADER = "X-CSRF-Token"
"""The header in which a page sends the CSRF token back with everything that changes something."""
_YEAR_S = 365 * 24 * 3600
_HANDSHAKE_S = 600


@dataclass(frozen=True)
class Cookies:
    """Names and attributes of the cookies: HttpOnly, SameSite=Lax, path /, no domain.

    Parameters
    ----------
    secure
        Send them over HTTPS only, under ``__Host-`` names that no neighbouring host can set.
        False only where the office has no certificate or for a trial on one machine.
    """

    secure: bool = True

    def session_of(self, request: Request) -> str | None:
        """Return the session's token that the browser sent."""
        return request.cookies.get(self._name("session"))

    def device_of(self, request: Request) -> str | None:
        """Return the device's token that the browser sent."""
        return request.cookies.get(self._name("device"))

    def handshake_of(self, request: Request) -> str | None:
        """Return the state of the sign-in that this browser began with a provider."""
        return request.cookies.get(self._name("handshake"))

    def enter(self, response: Response, entry: SignedIn) -> None:
        """Give the browser what it needs after sign-in; the CSRF token may be read by the page."""
        age = int(LIFETIME.total_seconds())
        self._set(response, "session", entry.session, age)
        self._set(response, "csrf", csrf_token(entry.session), age, is_hidden=False)
        if entry.device:
            self._set(response, "device", entry.device, _YEAR_S)
        response.headers["Cache-Control"] = "no-store"

    def begin(self, response: Response, state: str) -> None:
        """Bind a sign-in with a provider to this browser for ten minutes."""
        self._set(response, "handshake", state, _HANDSHAKE_S)
        response.headers["Cache-Control"] = "no-store"

    def leave(self, response: Response) -> None:
        """Take session and CSRF token away; the device stays known."""
        for word in ("session", "csrf"):
            self._set(response, word, "", 0)

    def end_handshake(self, response: Response) -> None:
        """Take the sign-in under way away."""
        self._set(response, "handshake", "", 0)

    def _name(self, word: str) -> str:
        return f"{'__Host-' if self.secure else ''}zhiban_{word}"

    def _set(
        self, response: Response, word: str, value: str, age_s: int, *, is_hidden: bool = True
    ) -> None:
        response.set_cookie(
            self._name(word),
            value,
            max_age=age_s,
            secure=self.secure,
            httponly=is_hidden,
            samesite="lax",
        )
