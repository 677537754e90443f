"""What is forgotten with time: ended sessions, kept answers, jobs with their files."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.concurrency import run_in_threadpool

from api.access.sessions import LIFETIME
from api.jobs.service import JobService
from models.store.database.clock import now
from models.store.database.errors import UnavailableError
from models.store.database.store import Store
from models.store.jobs.jobs import forget_jobs, old_jobs
from models.store.people.idempotency import forget_answers
from models.store.people.sign_ins import forget_old

LOG = logging.getLogger("zhiban.tidying")
EVERY_S = 24 * 3600.0
"""Seconds between two times; the first is at the start."""


def tidy(store: Store, jobs: JobService, job_days: int) -> None:
    """Forget what no longer counts.

    Parameters
    ----------
    job_days
        Days after which jobs that have ended go, with the files they wrote; those that made a
        draft or a published roster stay as long as it does.
    """
    with store.begin() as session:
        forget_old(session, now(), session_hours=LIFETIME.total_seconds() / 3600)
        forget_answers(session)
    _forget_jobs(store, jobs, now() - dt.timedelta(days=job_days))


@asynccontextmanager
async def kept_tidy(store: Store, jobs: JobService, job_days: int) -> AsyncIterator[None]:
    """Tidy at the start, then every day until the end of the context."""
    await _tried(store, jobs, job_days)
    going_on = asyncio.create_task(_go_on(store, jobs, job_days))
    try:
        yield
    finally:
        going_on.cancel()
        with suppress(asyncio.CancelledError):
            await going_on  # what is being tidied is finished before the store closes


async def _go_on(store: Store, jobs: JobService, job_days: int) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        await _tried(store, jobs, job_days)


async def _tried(store: Store, jobs: JobService, job_days: int) -> None:
    """Tidy; where nothing can be written it can wait for the next day, and the service works on."""
    try:
        await run_in_threadpool(tidy, store, jobs, job_days)
    except UnavailableError as error:
        LOG.warning("not tidied: %s", error.en)
    except Exception:
        LOG.exception("not tidied")


def _forget_jobs(store: Store, jobs: JobService, before: dt.datetime) -> None:
    last, gone = "", 0
    while True:
        with store.read() as session:
            page = old_jobs(session, before, after=last)
        if not page:
            break
        last = page[-1]
        known = jobs.statuses(page)
        ended = [name for name in page if name not in known or known[name].state.is_final]
        jobs.forget(ended)  # first: a job without its row in the store is found here no more
        with store.begin() as session:
            forget_jobs(session, ended)
        gone += len(ended)
    if gone:
        LOG.info("jobs forgotten: %d", gone)
