"""What every route works with: store, jobs, areas, sheets, settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from api.feeds.fetch import FetchPolicy
from api.jobs.service import JobService
from api.jobs.stream import Streams
from api.office.areas import Areas
from api.office.sheets import Sheets
from api.settings import Settings
from models.store.database.store import Store


@dataclass(frozen=True)
class Service:
    """The parts of the running service; an application has one."""

    settings: Settings
    store: Store
    jobs: JobService
    streams: Streams
    areas: Areas
    sheets: Sheets
    calendars: FetchPolicy
    """From where people's own calendars may be read."""


def service_of(request: Request) -> Service:
    """Return the service of the application."""
    return cast("Service", request.app.state.service)


InService = Annotated[Service, Depends(service_of)]
"""A parameter of a route: the service."""
