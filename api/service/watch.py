"""Every request gets an id, a line in the log and its place in the numbers."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import MutableMapping
from typing import Any

from api.logs import REQUEST
from api.service.metrics import Metrics
from api.service.request_limits import App, Message, Receive, Send

LOG = logging.getLogger("zhiban.request")
UNKNOWN = "(none)"
"""The route of a path that no route answers."""
LEFT = 499
"""The status of a request whose client went away before it was answered, as nginx counts it."""
PRIVATE = "/api/"
"""Where answers are about people: no browser or proxy keeps them, unless they say otherwise."""
_LONGEST = 60
"""Characters of an id that the log shows."""
_SECRET = frozenset({"token"})
"""Parameters of paths that are never written."""


class Watch:
    """ASGI middleware around everything else; the route's template is named, never the path.

    Of what is refused the log also names who asked, from where, and for the ids in the path.
    """

    def __init__(self, app: App, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request and say so."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, request = time.perf_counter(), secrets.token_hex(8)
        status: int | None = None
        mark = REQUEST.set(request)

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request.encode())]
                if scope["path"].startswith(PRIVATE) and not _is_kept_by(message["headers"]):
                    message["headers"].append((b"cache-control", b"no-store"))
            await send(message)

        try:
            await self._app(scope, receive, named)
        except Exception:
            status = status or 500
            raise
        finally:
            self._say(scope, status or LEFT, time.perf_counter() - began)
            REQUEST.reset(mark)

    def _say(self, scope: MutableMapping[str, Any], status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", UNKNOWN)
        self._metrics.answered(scope["method"], route, status, seconds)
        fields = {"method": scope["method"], "route": route, "status": status}
        fields |= {"ms": round(seconds * 1000, 1)} | (_asked(scope) if status >= 400 else {})
        LOG.log(logging.WARNING if status >= 500 else logging.INFO, "answered", extra=fields)


def _is_kept_by(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether an answer says itself how long it may be kept."""
    return any(name.lower() == b"cache-control" for name, _ in headers)


def _asked(scope: MutableMapping[str, Any]) -> dict[str, str]:
    """Return who asked, from where, and for what."""
    ids = {
        name: str(value)[:_LONGEST]
        for name, value in scope.get("path_params", {}).items()
        if name not in _SECRET
    }
    return {
        "user": scope.get("state", {}).get("user") or "",
        "client": (scope.get("client") or ("",))[0],
        "ids": " ".join(f"{name}={value}" for name, value in ids.items()),
    }
