"""What the service does by itself: reads people's calendars, sends whom a firm did not name."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool

from api.office.context import Service
from api.office.data.busy_calendars import due, refresh
from api.office.people.firm_naming import send_fallbacks
from models.calendar import ZONE
from models.issues import InputError
from models.store.tables.request_tables import BusyCalendar

LOG = logging.getLogger("zhiban.daily")
EVERY_SECONDS = 3600
"""How often it is looked whether something is due. Several servers may look: twice does no harm."""


async def work_daily(service: Service, clock: Callable[[], dt.datetime]) -> None:
    """Do what is due, one thing after the other, for as long as the service runs."""
    while True:
        await run_in_threadpool(_tried, lambda: _refresh_due(service))
        await run_in_threadpool(_tried, lambda: _send_fallbacks(service, clock))
        await asyncio.sleep(EVERY_SECONDS)


def _tried(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as error:  # tomorrow is another day; an error's own text may hold an address
        LOG.error("daily work failed: %s", type(error).__name__)


def _refresh_due(service: Service) -> None:
    """Read each calendar once a day."""
    for kept in due(service):
        _refresh(service, kept)


def _refresh(service: Service, kept: BusyCalendar) -> None:
    try:
        refresh(service, kept, by="daily")
    except InputError as error:
        code = error.issues[0].code
        LOG.warning("calendar not read", extra={"host": kept.host, "code": code})


def _send_fallbacks(service: Service, clock: Callable[[], dt.datetime]) -> None:
    sent = send_fallbacks(service, clock().astimezone(ZONE).date(), by="daily")
    if sent:
        LOG.info("slots given to whom the plan chose: %d", len(sent))
