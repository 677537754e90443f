"""The web application: everything the service offers, put together once."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import Response
from sqlalchemy import text
from starlette.concurrency import run_in_threadpool

from api import problems
from api.access import guard, routes
from api.access.accounts import utc_now
from api.access.cookies import Cookies
from api.access.guard import Guard
from api.access.passwords import Passwords
from api.access.provider import Provider, ProviderSettings
from api.access.routes import Entrance
from api.access.sessions import LIFETIME
from api.access.sign_in import SignIn
from api.feeds.answers import Answers
from api.feeds.routes import feed_router
from api.jobs.service import JobService
from api.jobs.stream import Streams
from api.problems import Problem
from api.routes import accounts, feed_links, instances, published, questions, rosters, rows
from api.routes import jobs as job_routes
from api.service.areas import Areas
from api.service.health import health_router
from api.service.limits import App, Limits
from api.service.metrics import Metrics
from api.service.service import Service
from api.service.settings import Settings
from api.service.store_accounts import StoreAccounts
from api.service.store_feeds import StoreFeeds
from api.service.store_results import StoreResults
from api.service.watch import Watch
from models.store.errors import ClashError, NotFoundError, StaleError, StoreError, UnavailableError
from models.store.idempotency import forget_answers
from models.store.sign_ins import forget_old
from models.store.store import Store
from solver.versions import versions

DESCRIPTION = "值班：公共法律服务排班。Plans public legal services; see the README."


def create_app(settings: Settings, clock: Callable[[], dt.datetime] = utc_now) -> App:
    """Return the application; it opens store and queue at once and closes them at the end.

    Raises
    ------
    StoreError
        The store cannot be used.
    """
    store = Store.open(settings.store)
    jobs = JobService(settings.jobs, StoreResults(store))
    metrics = Metrics()
    app = FastAPI(
        title="值班 zhiban",
        version=versions()["zhiban"],
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=_closing(jobs, store),
    )
    app.state.service = Service(settings, store, jobs, Streams(jobs), Areas(store))
    problems.install(app)
    app.add_exception_handler(StoreError, _store_problem)
    _install_access(app, settings, store, clock)
    for part in (instances, rows, job_routes, rosters, questions, published, feed_links, accounts):
        app.include_router(part.router)
    feeds = StoreFeeds(store)
    app.include_router(feed_router(feeds, Answers(feeds, clock=clock)))
    checks = {"database": lambda: _ask(store), "folder": lambda: _touch(settings.data)}
    token = settings.metrics_token.get_secret_value()
    app.include_router(health_router(checks, metrics, token))
    size, nesting = int(settings.body_mb * 1e6), settings.json_depth
    limits = Limits(app, size, nesting, _refusal, settings.body_seconds)
    return Watch(limits, metrics)


def _install_access(
    app: FastAPI, settings: Settings, store: Store, clock: Callable[[], dt.datetime]
) -> None:
    accounts = StoreAccounts(store)
    guard.install(app, Guard(accounts, Cookies(settings.secure_cookies), clock))
    provider = None
    if settings.oidc_issuer:
        provider = Provider(_provider_settings(settings), accounts, clock=clock)
    routes.install(app, Entrance(SignIn(accounts, Passwords(), clock), provider))


def _provider_settings(settings: Settings) -> ProviderSettings:
    return ProviderSettings(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        redirect_uri=f"{settings.address}/sign-in/provider/answer",
        claim=settings.oidc_claim,
    )


def _closing(jobs: JobService, store: Store) -> Any:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(_tidy, store)
        yield
        jobs.close()
        store.close()

    return lifespan


def _tidy(store: Store) -> None:
    """Forget what no longer counts, at every start."""
    with store.begin() as session:
        forget_old(session, utc_now(), session_hours=LIFETIME.total_seconds() / 3600)
        forget_answers(session)


def _ask(store: Store) -> None:
    with store.read() as session:
        session.execute(text("SELECT 1"))


def _touch(folder: Path) -> None:
    probe = folder / ".writable"
    probe.touch()
    probe.unlink()


def _refusal(status: int, zh: str, en: str) -> Response:
    slug = {413: "too-large", 400: "bad-request", 408: "too-slow"}[status]
    return Problem(slug, zh, en).response()


def _store_problem(_: Request, error: Exception) -> Response:
    """Answer a refusal of the store in the words of its issue."""
    assert isinstance(error, StoreError)
    issue = error.issue
    slug = "conflict"
    for kind, word in (
        (NotFoundError, "not-found"),
        (StaleError, "changed-meanwhile"),
        (UnavailableError, "unavailable"),
    ):
        if isinstance(error, kind):
            slug = word
    members: dict[str, Any] = {}
    if isinstance(error, ClashError):
        members["clashes"] = jsonable_encoder([clash._asdict() for clash in error.clashes])
    zh, en = f"{issue.zh}。{issue.mend_zh}", f"{issue.en}. {issue.mend_en}"
    return Problem(slug, zh, en, **members).response()
