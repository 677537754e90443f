from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable

from benchmarks.service.load import LOST, Answered, Driver, Load

Answer = Callable[[bytes], Awaitable[bytes]]


def driven(answer: Answer, **changes: object) -> Answered:
    """Drive a load against a server that answers each request as ``answer`` does."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while content := await answer(await reader.readuntil(b"\r\n\r\n")):
                writer.write(content)
        except asyncio.IncompleteReadError:
            pass  # the generator has what it wanted
        finally:
            writer.close()

    async def run() -> Answered:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            usual = {
                "port": port,
                "tags": dict.fromkeys(("one", "two", "three"), ""),
                "is_conditional": False,
                "is_packed": False,
                "connections": 2,
                "rate": 0,
                "seconds": 0,
            }
            return await Driver(Load.model_validate(usual | changes)).run()

    return asyncio.run(run())


async def tagged(request: bytes) -> bytes:
    """Answer like a feed whose tag is its token: 304 to who holds it."""
    token = re.findall(rb"/feeds/(\w+)\.ics", request)[0]
    if b'If-None-Match: "%b"' % token in request:
        return b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"
    return b'HTTP/1.1 200 OK\r\netag: "%b"\r\nContent-Length: 4\r\n\r\nBODY' % token


def test_every_feed_is_asked_once_and_its_tag_learnt():
    answered = driven(tagged)
    assert answered.statuses == {200: 3}
    assert answered.tags == {token: f'"{token}"' for token in ("one", "two", "three")}
    assert len(answered.milliseconds) == 3


def test_who_holds_a_tag_says_so_and_whether_gzip_will_do():
    heads: list[bytes] = []

    async def heard(request: bytes) -> bytes:
        heads.append(request)
        return await tagged(request)

    tags = {"one": '"one"'}
    answered = driven(heard, tags=tags, is_conditional=True, is_packed=True)
    assert (answered.statuses, len(heads)) == ({304: 1}, 1)
    assert b"\r\nAccept-Encoding: gzip\r\n" in heads[0]


def test_open_loop_asks_as_often_as_it_should_and_counts_a_pause_for_all_who_would_have_asked():
    paused: list[bytes] = []

    async def slow_at_first(request: bytes) -> bytes:
        if not paused:
            paused.append(request)
            await asyncio.sleep(0.3)
        return await tagged(request)

    answered = driven(slow_at_first, connections=1, rate=1000, seconds=0.1)
    assert answered.statuses == {200: 100}
    # the last is due after 0.1 s and waits for the first, which takes 0.3
    assert answered.milliseconds[0] > 190


def test_closed_loop_goes_on_until_the_end():
    answered = driven(tagged, seconds=0.05)
    assert answered.seconds >= 0.05
    assert answered.statuses[200] == len(answered.milliseconds) > 2


def test_broken_connection_is_counted():
    async def hang_up(_: bytes) -> bytes:
        return b""

    assert driven(hang_up).statuses == {LOST: 2}
