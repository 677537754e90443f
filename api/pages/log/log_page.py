"""The log of an area: filtered by user, subject and days, newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from api.access.accounts import fold_name
from api.access.actions import Action
from api.http.guard import Grant
from api.pages.frame.doors import require_page
from api.pages.frame.languages import language_of
from api.pages.frame.page import page
from api.pages.log.log_words import ACTIONS, SUBJECTS, subject_words
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.running import InService
from models.calendar import ZONE
from models.rows import printable
from models.store.database.log import LogAsked, log_inside
from models.store.database.paging import Page
from models.store.tables.log_table import LogEntry

router = APIRouter(prefix="/office/{area}/log")
Reading = Annotated[Grant, Depends(require_page(Action.LOG, area_place))]
MOST = 50


@router.get("")
def show_log(
    request: Request,
    area: AreaId,
    service: InService,
    grant: Reading,
    by: Annotated[str, Query(max_length=80)] = "",
    subject: Annotated[str, Query(max_length=120, pattern=r"^([a-z]+(:.+)?)?$")] = "",
    first: Annotated[dt.date | str | None, Query(max_length=10)] = None,
    last: Annotated[dt.date | str | None, Query(max_length=10)] = None,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> HTMLResponse:
    """Show who did what in an area and below it."""
    days = tuple(day if isinstance(day, dt.date) else None for day in (first, last))
    user = fold_name(by) if by and printable(by) else None
    asked = LogAsked(subject or None, user, *days)
    with service.store.read() as session:
        found = log_inside(session, service.areas.inside(area), asked, before=before, limit=MOST)
    told = {"by": by, "subject": subject, "first": days[0] or "", "last": days[1] or ""}
    return _shown(request, area, found, told)


def _shown(
    request: Request, area: str, found: Page[LogEntry], told: Mapping[str, object]
) -> HTMLResponse:
    kept = {name: value for name, value in told.items() if value}
    is_english = language_of(request) == "en"
    return page(
        request,
        "log/log.html",
        area=area,
        rows=found.rows,
        told=told,
        subjects={kind: kind for kind in SUBJECTS} if is_english else SUBJECTS,
        older=f"?{urlencode(kept | {'before': found.next})}" if found.next else None,
        zone=ZONE,
        action=(lambda word: word.replace("_", " ")) if is_english else _action,
        target=str if is_english else subject_words,
    )


def _action(word: str) -> str:
    return ACTIONS.get(word, word)
