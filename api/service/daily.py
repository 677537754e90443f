"""What the service does once a day: read people's own calendars again."""

from __future__ import annotations

import asyncio
import logging

from starlette.concurrency import run_in_threadpool

from api.office.context import Service
from api.office.data.busy_calendars import due, refresh
from models.issues import InputError
from models.store.tables.request_tables import BusyCalendar

LOG = logging.getLogger("zhiban.daily")
EVERY_SECONDS = 3600
"""How often it is looked whether one is due. Several servers may look: reading twice does no harm."""


async def refresh_daily(service: Service) -> None:
    """Read each calendar once a day, one after the other, for as long as the service runs."""
    while True:
        try:
            for kept in await run_in_threadpool(due, service):
                await run_in_threadpool(_refresh, service, kept)
        except (
            Exception
        ) as error:  # tomorrow is another day; an error's own text may hold an address
            LOG.error("calendars were not read: %s", type(error).__name__)
        await asyncio.sleep(EVERY_SECONDS)


def _refresh(service: Service, kept: BusyCalendar) -> None:
    try:
        refresh(service, kept, by="daily")
    except InputError as error:
        code = error.issues[0].code
        LOG.warning("calendar not read", extra={"host": kept.host, "code": code})
