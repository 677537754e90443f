"""Events of a job: ids, replay, one reader for all, heartbeat, the end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from api.jobs.contract.verdict import State
from api.jobs.service import JobService
from api.jobs.stream import Sent, Streams
from tests.api.jobs.office import Office, township


class Counted(JobService):
    """Counts who reads the database."""

    reads = 0

    async def events(self, job: str) -> AsyncIterator[Mapping[str, Any]]:
        self.reads += 1
        async for event in super().events(job):
            yield event


async def followed(streams: Streams, job: str, last: str = "") -> list[Sent | None]:
    return [event async for event in streams.follow(job, last)]


def seen(events: list[Sent | None]) -> list[tuple[int, str, Any]]:
    return [(e.number, e.kind, json.loads(e.data)) for e in events if e is not None]


def test_all_who_watch_see_all_and_read_once(busy: Office) -> None:
    service = Counted(busy.settings, busy.results)
    busy.submit(busy.order(township(5)), "watched")

    async def watch() -> list[list[Sent | None]]:
        streams = Streams(service)
        return await asyncio.gather(*(followed(streams, "watched") for _ in range(20)))

    first, *others = (seen(events) for events in asyncio.run(watch()))
    assert others == [first] * 19
    assert service.reads == 1
    assert [number for number, _, _ in first] == list(range(1, len(first) + 1))
    kinds = [kind for _, kind, _ in first]
    assert (kinds[0], kinds[-1], set(kinds[1:-1])) == ("started", "end", {"progress"})
    assert first[-1][2] == busy.job("watched").model_dump(mode="json")
    reached = {
        (step["stage"], step["goal"]): (step["value"], step["bound"], step["gap"])
        for _, kind, data in first
        if kind == "progress"
        for step in data["steps"]
    }
    plan = busy.results.read_plan("watched")
    assert plan is not None
    goals = {(g.stage, g.name): (g.value, g.bound, g.gap) for g in plan.report.goals}
    assert reached == goals

    async def again() -> list[Any]:
        streams = Streams(service)
        return [seen(await followed(streams, "watched", str(last))) for last in range(len(first))]

    assert asyncio.run(again()) == [first[last:] for last in range(len(first))]
    for last in (len(first), 10**6):  # who has the end already is told it again, and stops
        assert seen(asyncio.run(followed(Streams(service), "watched", str(last)))) == first[-1:]
    assert seen(asyncio.run(followed(Streams(service), "watched", "no number"))) == first
    service.close()


def test_silence_is_filled_and_a_cancelled_wait_ends(empty: Office) -> None:
    service = Counted(empty.settings, empty.results)
    empty.submit(empty.order(township()), "silent")

    async def watch() -> list[Sent | None]:
        events = []
        async for event in Streams(service, heartbeat=0.05).follow("silent"):
            events.append(event)
            if len(events) == 2:
                await asyncio.to_thread(service.cancel, "silent")
        return events

    events = asyncio.run(watch())
    assert events[:2] == [None, None]
    [(number, kind, data)] = seen(events)
    assert (number, kind, data["state"]) == (1, "end", State.CANCELLED.value)
    service.close()


def test_who_leaves_last_ends_the_reading(empty: Office) -> None:
    service = Counted(empty.settings, empty.results)
    empty.submit(empty.order(township()), "left")

    async def leave() -> tuple[int, int]:
        streams = Streams(service, heartbeat=0.01)
        follower = streams.follow("left")
        await anext(follower)
        during = len(asyncio.all_tasks())
        await follower.aclose()
        await asyncio.sleep(0.05)
        return during, len(asyncio.all_tasks())

    assert asyncio.run(leave()) == (2, 1)
    service.close()
