"""Every request gets an id, a line in the log and its place in the numbers."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import MutableMapping
from typing import Any

from api.service.limits import App, Message, Receive, Send
from api.service.logs import REQUEST
from api.service.metrics import Metrics

LOG = logging.getLogger("zhiban.request")
UNKNOWN = "(none)"
"""The route of a path that no route answers."""


class Watch:
    """ASGI middleware around everything else; the route's template is named, never the path."""

    def __init__(self, app: App, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request and say so."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, request = time.perf_counter(), secrets.token_hex(8)
        status = 500
        mark = REQUEST.set(request)

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request.encode())]
            await send(message)

        try:
            await self._app(scope, receive, named)
        finally:
            seconds = time.perf_counter() - began
            route = getattr(scope.get("route"), "path", UNKNOWN)
            self._metrics.answered(scope["method"], route, status, seconds)
            fields = {"method": scope["method"], "route": route, "status": status}
            level = logging.WARNING if status >= 500 else logging.INFO
            LOG.log(level, "answered", extra=fields | {"ms": round(seconds * 1000, 1)})
            REQUEST.reset(mark)
