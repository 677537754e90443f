"""Empties the outbox of notices for as long as the service runs."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from starlette.concurrency import run_in_threadpool

from api.notices.addresses import Addresses
from api.notices.composing import Times
from api.notices.sending import Sender
from api.notices.ways.setup import ways_of
from api.office.context import Service
from models.store.database.errors import UnavailableError

LOG = logging.getLogger("zhiban.notices")
EVERY_SECONDS = 5.0
"""Between two looks at the outbox. Several servers may look: each message is taken by one."""


def sender_of(service: Service, clock: Callable[[], dt.datetime]) -> Sender:
    """Return what empties the outbox of a service."""
    settings = service.settings
    ways = ways_of(settings)
    addresses = Addresses(service.areas, ways.keys())
    times = Times(settings.notice_hour, settings.notice_soon_hours)
    return Sender(service.store, addresses, ways, times, clock)


@asynccontextmanager
async def notifying(sender: Sender) -> AsyncIterator[None]:
    """Send what is due until the end of the context; a message under way is finished."""
    stop = threading.Event()
    going_on = asyncio.create_task(_go_on(sender, stop))
    try:
        yield
    finally:
        stop.set()
        going_on.cancel()
        with suppress(asyncio.CancelledError):
            await going_on


async def _go_on(sender: Sender, stop: threading.Event) -> None:
    while True:
        try:
            await run_in_threadpool(sender.run, stop.is_set)
        except UnavailableError as error:
            LOG.warning("notices wait: %s", error.en)
        except Exception:
            LOG.exception("notices wait")
        await asyncio.sleep(EVERY_SECONDS)
