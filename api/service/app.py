"""The web application: everything the service offers, put together once."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI
from fastapi.responses import Response
from starlette.formparsers import MultiPartParser
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api import pages
from api.access.accounts import Accounts
from api.access.passwords import Passwords
from api.access.provider import Provider, ProviderSettings
from api.access.sign_in import SignIn
from api.docs import openapi_words
from api.docs.docs_page import router as docs_page
from api.feeds.feed_responses import FeedResponses
from api.feeds.fetch import FetchPolicy
from api.feeds.store_feeds import StoreFeeds
from api.http import guard, handlers
from api.http.cookies import Cookies
from api.http.guard import Guard
from api.http.problems import Problem
from api.jobs.contract.results import Results
from api.jobs.service import JobService
from api.jobs.stream import Streams
from api.office.areas import Areas
from api.office.context import Service
from api.office.public_sheets import Sheets
from api.routes import ROUTERS
from api.routes.people import sign_in as entrance
from api.routes.people.feeds import feed_router
from api.routes.people.sign_in import Entrance
from api.service.checks import checks
from api.service.daily import work_daily
from api.service.health import health_router
from api.service.metrics import Metrics
from api.service.notifying import notifying, sender_of
from api.service.request_limits import App, RequestLimits
from api.service.tidying import kept_tidy
from api.service.watch import Watch
from api.settings import ServiceSettings
from models.issues import Issue
from models.store.database.clock import now
from models.store.database.store import Store
from solver.versions import versions


def create_app(settings: ServiceSettings, clock: Callable[[], dt.datetime] = now) -> App:
    """Return the application; it opens store and queue at once and closes them at the end.

    Raises
    ------
    StoreError
        The store cannot be used.
    OSError
        The file of authorities (``busy_ca``) cannot be read.
    """
    calendars = _fetch_policy(settings)
    store = Store.open(settings.store)
    jobs = JobService(settings.jobs, Results(store))
    metrics = Metrics()
    metrics.count_jobs(jobs.numbers)
    app = FastAPI(
        title="值班 zhiban",
        version=versions()["zhiban"],
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        generate_unique_id_function=lambda route: route.name,
        lifespan=_running(jobs, store, settings.job_days, clock),
        redirect_slashes=False,  # it would send a secret link to whatever host a request names
    )
    streams, areas, sheets = Streams(jobs), Areas(store), Sheets(store)
    service = Service(settings, store, jobs, streams, areas, sheets, calendars)
    app.state.service = service
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(map(str, settings.proxies)))
    handlers.install(app)
    _install_access(app, settings, store, clock)
    feeds = StoreFeeds(store)
    # before all others: routes are tried in order, and feeds are asked for most
    app.include_router(feed_router(feeds, FeedResponses(feeds, clock=clock)))
    for router in ROUTERS:
        app.include_router(router)
    token = settings.metrics_token.get_secret_value()
    app.include_router(health_router(checks(settings, store, jobs), metrics, token))
    app.include_router(docs_page)
    pages.install(app)
    openapi_words.install(app)
    size, nesting = int(settings.body_mb * 1e6), settings.json_depth
    MultiPartParser.spool_max_size = size  # it is in memory as it is
    limits = RequestLimits(app, size, nesting, _refusal, settings.body_seconds)
    return Watch(limits, metrics)


def _install_access(
    app: FastAPI, settings: ServiceSettings, store: Store, clock: Callable[[], dt.datetime]
) -> None:
    accounts = Accounts(store)
    guard.install(app, Guard(accounts, Cookies(settings.secure_cookies), clock))
    provider = None
    if settings.oidc_issuer:
        provider = Provider(_provider_settings(settings), accounts, clock=clock)
    entrance.install(app, Entrance(SignIn(accounts, Passwords(), clock), provider))


def _fetch_policy(settings: ServiceSettings) -> FetchPolicy:
    own = settings.busy_ca
    return FetchPolicy(
        hosts=settings.busy_hosts,
        networks=tuple(map(str, settings.busy_networks)),
        ssl_context=ssl.create_default_context(cafile=own) if own else None,
    )


def _provider_settings(settings: ServiceSettings) -> ProviderSettings:
    return ProviderSettings(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        redirect_uri=f"{settings.external}/sign-in/provider/answer",
        claim=settings.oidc_claim,
    )


def _running(
    jobs: JobService, store: Store, job_days: int, clock: Callable[[], dt.datetime]
) -> Any:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        sender = sender_of(app.state.service, clock)
        async with kept_tidy(store, jobs, job_days), notifying(sender):
            daily = asyncio.create_task(work_daily(app.state.service, clock))
            yield
            daily.cancel()
            with suppress(asyncio.CancelledError):
                await daily  # what is being done is done to its end, some seconds at most
        jobs.close()
        store.close()

    return lifespan


def _refusal(status: int, why: Issue) -> Response:
    slug = {413: "too-large", 400: "bad-request", 408: "too-slow"}[status]
    return Problem(slug, why).response()
