"""What a route asks of the running application: its service, its clock."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, cast

from fastapi import Depends, Request

from api.http.guard import guard_of
from api.office.context import Service
from models.calendar import ZONE


def service_of(request: Request) -> Service:
    """Return the service of the application."""
    return cast("Service", request.app.state.service)


InService = Annotated[Service, Depends(service_of)]
"""A parameter of a route: the service."""


def today(request: Request) -> dt.date:
    """Return the day it is in China."""
    return guard_of(request).clock().astimezone(ZONE).date()


Today = Annotated[dt.date, Depends(today)]
"""A parameter of a route: the day it is."""
