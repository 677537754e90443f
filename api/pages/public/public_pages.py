"""The public's pages: anybody, any phone, no script; the same for all, so they may be kept on the way."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from markupsafe import Markup

from api.access.actions import Action
from api.access.denied import UnseenError
from api.access.roles import PUBLIC, Actor
from api.feeds.links import qr_inline
from api.http.guard import Grant, guard_of, require
from api.office.fields import MonthText
from api.office.public_month import PublicAreas, PublicMonth, public_areas, public_key, public_month
from api.pages.frame.languages import language_of
from api.pages.frame.page import HEADERS, asset, page
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.running import InService
from models.calendar import ZONE, previous_month
from solver.versions import versions

router = APIRouter(prefix="/public/{area}")
PAGE = 50
"""Villages shown at once."""
Words = Annotated[str, Query(max_length=80)]
Month = Annotated[MonthText | None, Query()]
Start = Annotated[int, Query(ge=0, le=100_000)]


def everybody() -> Actor:
    """Return the public: these pages are the same for who is signed in, and carry nothing of theirs."""
    return PUBLIC


@dataclass(frozen=True)
class PublicQuestion:
    """A public page that is asked for: of which area, at which time in China."""

    request: Request
    service: Any
    where: PublicAreas
    now: dt.datetime

    def month(self, wanted: str | None = None) -> str:
        """Return the month asked for, else this one if it is published, else the newest."""
        now = f"{self.now:%Y-%m}"
        return wanted or (now if now in self.where.months else self.where.months[0])

    def published(self, month: str) -> tuple[PublicMonth | None, object]:
        """Return what is published of a month, and what tells it from what was published before."""
        key = public_key(self.service, self.where, month)
        return public_month(self.service, self.where, key), key

    def answer(self, template: str, tells: object, **shown: Any) -> Response:
        """Return the page, or that it has not changed; ``tells`` is all that it depends on."""
        language = language_of(self.request)
        query = str(self.request.url.query)
        known = (template, language, query, self.where, self.now.date(), tells)
        built = (versions()["zhiban"], asset("frame/page.css"), asset("public/public.css"))
        tag = f'"{hashlib.sha256(repr((known, built)).encode()).hexdigest()[:24]}"'
        headers = {
            "Cache-Control": "public, max-age=300",
            "ETag": tag,
            "Vary": "Accept-Language, Cookie",
        }
        if tag in self.request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=HEADERS | headers)
        address = self.service.settings.external + self.request.url.path
        qr = Markup(qr_inline(address))
        return page(
            self.request,
            template,
            headers=headers,
            qr=qr,
            address=address,
            where=self.where,
            today=self.now.date(),
            **shown,
        )


def asked(
    request: Request,
    area: AreaId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_SHEET, area_place, everybody))],
) -> PublicQuestion:
    """Return the page's area; one for which nothing was ever published is not known."""
    now = guard_of(request).clock().astimezone(ZONE)
    return PublicQuestion(request, service, public_areas(service, area), now)


InPublic = Annotated[PublicQuestion, Depends(asked)]


@router.get("")
def show_month(asked: InPublic, month: Month = None, site: Words = "") -> Response:
    """Show the sheet of a month: days down, places across; or one place, which fits a phone."""
    wanted = asked.month(month)
    shown, key = asked.published(wanted)
    tables = shown.tables(site) if shown else []
    return asked.answer(
        "public/month.html", key, month=wanted, shown=shown, site=site, tables=tables
    )


@router.get("/today")
def show_today(asked: InPublic) -> Response:
    """Show who is on duty today by place, and who still is since last night."""
    now, today = asked.now, asked.now.date()
    shown, key = asked.published(f"{today:%Y-%m}")
    before = shown
    if today.day == 1:  # last night belongs to the month before
        before, _ = asked.published(previous_month(f"{today:%Y-%m}"))
    night = before.since_last_night(now) if before else []
    places: dict[str, list[Any]] = {}
    for line in [*(shown.on_duty(today) if shown else []), *night]:
        places.setdefault(line.site.id, []).append(line)
    tells = (key, [(line.slot, line.holders) for line in night])
    return asked.answer("public/today.html", tells, shown=shown, places=places.values())


@router.get("/village")
def search_village(asked: InPublic, name: Words = "", start: Start = 0) -> Response:
    """Show the villages whose name holds the words, with their advisers."""
    shown, key = asked.published(asked.month())
    found = shown.villages_named(name) if shown else []
    villages = found[start : start + PAGE]
    return asked.answer(
        "public/villages.html",
        key,
        shown=shown,
        villages=villages,
        total=len(found),
        start=start,
        name=name,
    )


@router.get("/village/{village}")
def show_village(
    asked: InPublic, village: Annotated[str, Path(min_length=1, max_length=60)]
) -> Response:
    """Show who advises a village: name, office, office phone, and when they come."""
    shown, key = asked.published(asked.month())
    line = shown.village(village) if shown else None
    if shown is None or line is None:
        raise UnseenError
    return asked.answer("public/village.html", key, shown=shown, line=line)
