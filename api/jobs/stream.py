"""Event streams of jobs: watchers resume where they stopped, and share one reader."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from api.jobs.service import JobService

HEARTBEAT_SECONDS = 15.0
"""Proxies close what is silent longer."""

END = "end"


class Sent(NamedTuple):
    """One event as a watcher gets it: the n-th has the number n; ``data`` is JSON."""

    number: int
    kind: str
    data: str


@dataclass
class _JobEvents:
    """The events of one job so far, and its waiting watchers. The n-th event has the id n."""

    events: list[Mapping[str, Any]] = field(default_factory=list)
    ended: bool = False
    error: Exception | None = None
    readers: int = 0
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None

    def move(self) -> None:
        """Wake all who wait."""
        self.moved.set()
        self.moved = asyncio.Event()


class Streams:
    """Streams of one web server process and one event loop.

    Parameters
    ----------
    service
        Where jobs are read.
    heartbeat
        Seconds of silence after which a watcher gets a sign of life.
    """

    def __init__(self, service: JobService, heartbeat: float = HEARTBEAT_SECONDS) -> None:
        self._service = service
        self._heartbeat = heartbeat
        self._watches: dict[str, _JobEvents] = {}

    async def follow(self, job: str, last_event_id: str = "") -> AsyncIterator[Sent | None]:
        """Yield what came after ``last_event_id``, then what comes, then ``end`` with the whole job.

        None tells in a long silence that the job is still watched.

        Events are ``started``, ``progress``, ``cancelling``, ``overtime`` and ``end``, their data
        JSON. Ids grow by one. The job must exist. An id that is no number counts as none.
        """
        seen = int(last_event_id) if last_event_id.isascii() and last_event_id.isdigit() else 0
        watch = self._join(job)
        try:
            while True:
                for at in range(seen, len(watch.events)):
                    yield _sent(at + 1, watch.events[at])
                seen = max(seen, len(watch.events))
                if watch.ended:
                    break
                moved = watch.moved
                try:
                    await asyncio.wait_for(moved.wait(), self._heartbeat)
                except TimeoutError:
                    yield None
            if watch.error is not None:
                raise watch.error
            yield _sent(len(watch.events) + 1, await self._end(job))
        finally:
            self._leave(job, watch)

    async def _end(self, job: str) -> Mapping[str, Any]:
        found = await asyncio.to_thread(self._service.status, job)
        return {"kind": END, "data": found.model_dump(mode="json") if found else None}

    def _join(self, job: str) -> _JobEvents:
        watch = self._watches.get(job)
        if watch is None:
            watch = self._watches[job] = _JobEvents()
            watch.task = asyncio.create_task(self._read(job, watch))
        watch.readers += 1
        return watch

    def _leave(self, job: str, watch: _JobEvents) -> None:
        """Stop reading when the last watcher leaves."""
        watch.readers -= 1
        if not watch.readers and watch.task is not None:
            watch.task.cancel()
            self._watches.pop(job, None)

    async def _read(self, job: str, watch: _JobEvents) -> None:
        try:
            async for event in self._service.events(job):
                watch.events.append(event)
                watch.move()
        except Exception as error:  # told to every watcher, who then asks again
            watch.error = error
        watch.ended = True
        watch.move()


def _sent(number: int, event: Mapping[str, Any]) -> Sent:
    return Sent(number, event["kind"], json.dumps(event["data"], ensure_ascii=False))
