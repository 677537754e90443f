"""Is it alive, can it work: ``/healthz`` and ``/readyz`` for whoever restarts it, ``/metrics``."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api.service.metrics import Metrics

LOG = logging.getLogger("zhiban.health")
Check = Callable[[], None]
"""Raises when what it looks at cannot be used."""


class Health(BaseModel):
    """The state of the service and of what it needs: ``ok``, or the failing parts."""

    status: str
    failing: tuple[str, ...] = ()


def health_router(
    checks: Mapping[str, Check],
    metrics: Metrics,
    metrics_token: str = "",
) -> APIRouter:
    """Return the routes of the operator.

    Parameters
    ----------
    checks
        What the service needs, by a word that may be shown to anybody (database, folder, queue).
    metrics
        The numbers to publish.
    metrics_token
        Bearer token of ``/metrics``; without one only this machine may read it.
    """
    router = APIRouter(tags=["operation"])

    @router.get("/healthz")
    async def healthz() -> Health:
        """进程活着 / The process lives."""
        return Health(status="ok")

    @router.get("/readyz", responses={503: {"model": Health}})
    async def readyz(response: Response) -> Health:
        """可以工作 / It can work: database and data folder answer."""
        failing = [
            name
            for name, check in checks.items()
            if not await run_in_threadpool(_holds, name, check)
        ]
        if failing:
            response.status_code = 503
        return Health(status="failing" if failing else "ok", failing=tuple(failing))

    @router.get("/metrics", include_in_schema=False)
    def metrics_page(request: Request, authorization: Annotated[str, Header()] = "") -> Response:
        if not _may_read(request, authorization, metrics_token):
            return Response(status_code=404)
        return Response(metrics.text(), media_type="text/plain; version=0.0.4")

    return router


def _holds(name: str, check: Check) -> bool:
    try:
        check()
    except Exception:
        LOG.exception("not ready: %s", name)
        return False
    return True


def _may_read(request: Request, authorization: str, token: str) -> bool:
    if token:
        return hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())
    host = request.client.host if request.client else ""
    try:
        is_here = ip_address(host).is_loopback
    except ValueError:
        return False
    # a proxy on this machine speaks for others
    return (
        is_here and "x-forwarded-for" not in request.headers and "forwarded" not in request.headers
    )
