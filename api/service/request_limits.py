"""What a request may be: its size, how deep its JSON nests, how slow it comes.

Refused before anything reads it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import numpy as np
from starlette.requests import ClientDisconnect

from models.issues import Issue
from models.messages import issue

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
Refuse = Callable[[int, Issue], Any]
"""Makes the answer (an ASGI application) of a refusal: status, and why."""

_OPEN, _CLOSE = list(b"{["), list(b"}]")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)


class _RefusedError(Exception):
    """A body that is not passed on; ``answer`` says why."""

    def __init__(self, answer: App) -> None:
        self.answer = answer
        super().__init__()


class RequestLimits:
    """ASGI middleware that refuses what is too large (413), nested too deeply (400), too slow (408).

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
    body_seconds
        Longest time that a body may take to arrive.
    """

    def __init__(
        self,
        app: App,
        body_bytes: int,
        json_depth: int,
        refuse: Refuse,
        body_seconds: float = 300,
    ) -> None:
        self._app = app
        self._body_bytes = body_bytes
        self._json_depth = json_depth
        self._refuse = refuse
        self._body_seconds = body_seconds

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Pass a request on with its body read, or refuse it."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        try:
            async with asyncio.timeout(self._body_seconds):
                body = await self._read(headers, receive)
        except ClientDisconnect:
            return  # nobody is left to be answered
        except TimeoutError:
            await self._too_slow()(scope, receive, send)
        except _RefusedError as refused:
            await refused.answer(scope, receive, send)
        else:
            await self._app(scope, _replay(body, receive), send)

    async def _read(self, headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
        """Return the whole body. Raises _RefusedError, ClientDisconnect."""
        announced = headers.get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self._body_bytes:
            raise _RefusedError(self._too_large())
        chunks, size, is_more = [], 0, True
        while is_more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > self._body_bytes:
                raise _RefusedError(self._too_large())
            is_more = message.get("more_body", False)
        body = b"".join(chunks)
        is_json = b"json" in headers.get(b"content-type", b"").lower()
        if is_json and depth(body) > self._json_depth:
            raise _RefusedError(self._too_deep())
        return body

    def _too_large(self) -> App:
        why = issue("request_too_large", most=f"{self._body_bytes / 1e6:g}")
        answer: App = self._refuse(413, why)
        return answer

    def _too_deep(self) -> App:
        answer: App = self._refuse(400, issue("request_too_deep", most=self._json_depth))
        return answer

    def _too_slow(self) -> App:
        why = issue("request_too_slow", most=f"{self._body_seconds:g}")
        answer: App = self._refuse(408, why)
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
