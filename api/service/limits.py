"""What a request may be: its size, and how deep its JSON nests. Refused before anything reads it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import numpy as np
from starlette.requests import ClientDisconnect

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
Refuse = Callable[[int, str, str], Any]
"""Makes the answer (an ASGI application) of a refusal: status, Chinese, English."""

_OPEN, _CLOSE = list(b"{["), list(b"}]")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)


class Limits:
    """ASGI middleware that refuses what is too large (413) or nested too deeply (400).

    Parameters
    ----------
    app
        What answers the rest.
    body_bytes
        Most bytes of a body, whether its length is announced or not.
    json_depth
        Deepest nesting of a JSON body.
    refuse
        Makes the answer of a refusal.
    """

    def __init__(self, app: App, body_bytes: int, json_depth: int, refuse: Refuse) -> None:
        self._app = app
        self._body_bytes = body_bytes
        self._json_depth = json_depth
        self._refuse = refuse

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Pass a request on with its body read, or refuse it."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        announced = headers.get(b"content-length", b"0")
        body = None
        if not announced.isdigit() or int(announced) <= self._body_bytes:
            body = await self._read(receive)
        if body is None:
            await self._too_large()(scope, receive, send)
        elif b"json" in headers.get(b"content-type", b"") and depth(body) > self._json_depth:
            await self._too_deep()(scope, receive, send)
        else:
            await self._app(scope, _replay(body, receive), send)

    async def _read(self, receive: Receive) -> bytes | None:
        """Return the whole body, None if it is too large."""
        chunks, size = [], 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > self._body_bytes:
                return None
            if not message.get("more_body", False):
                return b"".join(chunks)

    def _too_large(self) -> App:
        limit = f"{self._body_bytes / 1e6:g} MB"
        answer: App = self._refuse(
            413, f"请求超过 {limit}。请减小文件后重试", f"the request is larger than {limit}"
        )
        return answer

    def _too_deep(self) -> App:
        depth = self._json_depth
        answer: App = self._refuse(
            400, f"JSON 嵌套超过 {depth} 层。请核对文件", f"JSON nested deeper than {depth} levels"
        )
        return answer


def depth(body: bytes) -> int:
    """Return how deeply a JSON text nests; brackets inside strings do not count."""
    signs = np.frombuffer(_STRING.sub(b"", body), dtype=np.uint8)
    steps = np.isin(signs, _OPEN).astype(np.int64) - np.isin(signs, _CLOSE)
    return int(steps.cumsum().max(initial=0))


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a ``receive`` that hands the body over in one piece, then listens for the end."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def once() -> Message:
        return waiting.pop() if waiting else await receive()

    return once
