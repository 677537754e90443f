"""The calendars of a plan: of people, of sites with duty, of mobile points, of firms that staff slots.

A village that shares a fixed station, or has a mobile point, has a calendar of the visits there.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from api.documents.file_names import CALENDARS, calendar_names
from api.documents.view import View
from models.formats.feeds.feed import FeedWriter

MANY = 400
"""Calendars from which on other processes are worth their start."""

BATCH = 100
"""Calendars a process makes at a time."""

Order = tuple[str, str, str]
"""Kind, id and file name of a calendar."""


class CalendarWriters:
    """Makes the calendars of a plan, many of them in other processes; iterates over the files.

    Parameters
    ----------
    view
        The plan.
    stamp
        The time of the last change, written into the calendars; no clock is read.
    """

    def __init__(self, view: View, stamp: dt.datetime) -> None:
        self._feed = FeedWriter(view.instance, view.roster, stamp)
        self._orders = list(_orders(view))
        self._pool: ProcessPoolExecutor | None = None
        self._batches: list[Future[list[bytes]]] = []

    def __enter__(self) -> Self:
        """Start on them where there are many."""
        cores = os.cpu_count() or 1
        if len(self._orders) >= MANY and cores > 1:
            # spawned, not forked: a fork carries everything of the solve along
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(cores, spawn, _begin, (self._feed,))
            self._batches = [
                self._pool.submit(_batch, self._orders[first : first + BATCH])
                for first in range(0, len(self._orders), BATCH)
            ]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Cancel the calendars that nobody has read yet."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def __iter__(self) -> Iterator[tuple[Path, bytes]]:
        """Yield path and content of each calendar, in a fixed order."""
        contents = (content for batch in self._batches for content in batch.result())
        if not self._batches:
            contents = (_calendar(self._feed, order) for order in self._orders)
        for (_, _, name), content in zip(self._orders, contents, strict=True):
            yield Path(CALENDARS, name), content


def _orders(view: View) -> Iterator[Order]:
    instance, roster = view.instance, view.roster
    busy = {duty.person for duty in roster.duties} | {visit.person for visit in roster.visits}
    known = sorted(busy & set(instance.person_by_id))
    people = {person: view.person(person).name for person in known}
    yield from (("person", key, name) for key, name in calendar_names("person", people).items())
    used = {duty.site.id for duty in view.duties}
    sites = {site.id: site.name for site in view.sites if site.id in used}
    yield from (("site", key, name) for key, name in calendar_names("site", sites).items())
    served = {line.id: line.name for line in view.stations if line.dates}
    yield from (("village", key, name) for key, name in calendar_names("village", served).items())
    firms = {row.firm: view.target(row.firm) for row in view.report.firm_shares}
    yield from (("firm", key, name) for key, name in calendar_names("firm", firms).items())


_feeds: list[FeedWriter] = []
"""What a process of the pool makes calendars from."""


def _begin(feed: FeedWriter) -> None:
    _feeds[:] = [feed]


def _batch(orders: list[Order]) -> list[bytes]:
    return [_calendar(_feeds[0], order) for order in orders]


def _calendar(feed: FeedWriter, order: Order) -> bytes:
    kind, key, _ = order
    made = {"person": feed.person, "site": feed.site, "village": feed.village, "firm": feed.firm}
    return made[kind](key)
