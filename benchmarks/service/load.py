"""A light generator of load, one process: ``python -m benchmarks.service.load`` reads a ``Load``.

Several kept connections ask for feeds in turn, one request at a time each. In a closed loop a
connection asks again as soon as it has its answer. In an open loop requests are due at a
fixed rate, whether or not the answers keep up, and each is timed from when it was due: a pause
of the server counts for all who would have asked in it.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from collections.abc import Iterator

import httptools
from pydantic import BaseModel

LOST = 0
"""Status of a request whose connection broke."""


class Load(BaseModel):
    """The load to generate.

    ``tags`` are the subscribers: the entity tag that each holds, by its token; ``rate`` is in
    requests a second, 0 for a closed loop; 0 ``seconds`` ask for every feed once.
    """

    port: int
    tags: dict[str, str]
    is_conditional: bool
    is_packed: bool
    connections: int
    rate: float
    seconds: float


class Answered(BaseModel):
    """The outcome: requests by status, sorted milliseconds, new tags."""

    seconds: float
    statuses: dict[int, int]
    milliseconds: list[float]
    tags: dict[str, str]
    cpu_seconds: float


class Link(asyncio.Protocol):
    """A kept connection."""

    transport: asyncio.Transport
    parser: httptools.HttpResponseParser
    answer: asyncio.Future[int]
    tag = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where to write."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    async def ask(self, request: bytes) -> int:
        """Return the status of the answer, when all of it is there."""
        if self.transport.is_closing():
            return LOST
        self.parser = httptools.HttpResponseParser(self)
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self.answer

    def data_received(self, data: bytes) -> None:
        """Read on."""
        self.parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep the entity tag."""
        if name.lower() == b"etag":
            self.tag = value

    def on_message_complete(self) -> None:
        """Let who asked go on."""
        self.answer.set_result(self.parser.get_status_code())

    def connection_lost(self, _: Exception | None) -> None:
        """Let who asked go on without an answer."""
        if hasattr(self, "answer") and not self.answer.done():
            self.answer.set_result(LOST)


class Driver:
    """Asks as the load says and times every answer."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._tokens = itertools.cycle(load.tags)
        self._tags = dict(load.tags)
        self._milliseconds: list[float] = []
        self._statuses: dict[int, int] = {}

    async def run(self) -> Answered:
        """Open the connections and ask through all of them."""
        loop = asyncio.get_running_loop()
        opened = [
            await loop.create_connection(Link, "127.0.0.1", self._load.port)
            for _ in range(self._load.connections)
        ]
        began = time.perf_counter()
        dues = self._dues(began)
        await asyncio.gather(*(self._client(link, dues) for _, link in opened))
        seconds = time.perf_counter() - began
        for transport, _ in opened:
            transport.close()
        return Answered(
            seconds=seconds,
            statuses=self._statuses,
            milliseconds=sorted(self._milliseconds),
            tags=self._tags,
            cpu_seconds=time.process_time(),
        )

    def _dues(self, began: float) -> Iterator[float]:
        """Yield when each request is due, for whichever connection is free to ask it."""
        load = self._load
        if load.rate:
            yield from (began + at / load.rate for at in range(round(load.rate * load.seconds)))
        elif load.seconds:
            while (now := time.perf_counter()) < began + load.seconds:
                yield now
        else:
            yield from (time.perf_counter() for _ in load.tags)

    async def _client(self, link: Link, dues: Iterator[float]) -> None:
        for due in dues:
            early = due - time.perf_counter()
            if early > 0:
                await asyncio.sleep(early)
            token = next(self._tokens)
            status = await link.ask(self._request(token))
            self._milliseconds.append((time.perf_counter() - due) * 1000)
            self._statuses[status] = self._statuses.get(status, 0) + 1
            self._tags[token] = link.tag.decode()
            if status == LOST:
                return

    def _request(self, token: str) -> bytes:
        lines = [f"GET /feeds/{token}.ics HTTP/1.1", "Host: 127.0.0.1"]
        if self._load.is_packed:
            lines.append("Accept-Encoding: gzip")
        if self._load.is_conditional:
            lines.append(f"If-None-Match: {self._tags[token]}")
        return "\r\n".join([*lines, "", ""]).encode()


if __name__ == "__main__":
    asked = Load.model_validate_json(sys.stdin.buffer.read())
    sys.stdout.write(asyncio.run(Driver(asked).run()).model_dump_json())
