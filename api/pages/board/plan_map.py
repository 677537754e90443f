"""The map of a roster: what the offline page shows, with its style and script as files."""

from __future__ import annotations

import hashlib
from functools import cache

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from api.access.denied import UnseenError
from api.documents.map_page import map_body, map_data, map_files
from api.documents.view import build_view
from api.pages.board.board import MayRead, address_of, state_of
from api.pages.board.board_doors import ShownPlan
from api.pages.frame.page import page
from api.pages.frame.static_files import MEDIA
from api.routes.answering.running import InService

router = APIRouter()
FILES = "/static/documents/map/"


@router.get("/office/{area}/rosters/{roster}/map")
def show_map(
    request: Request, open_plan: ShownPlan, service: InService, grant: MayRead
) -> HTMLResponse:
    """Show the map of a roster, its month and its lists."""
    report = state_of(service, open_plan).report
    here, view = address_of(open_plan), build_view(open_plan.instance, open_plan.plan, report)
    return page(
        request,
        "board/map.html",
        plan=open_plan,
        here=here,
        body=Markup(map_body(view)),
        data=Markup(map_data(view, here)),
        files=_addresses(),
    )


@router.get(FILES + "{name}")
def map_file(name: str) -> Response:
    """Return the style or the script; the address carries the hash, so it is kept for a year."""
    found = map_files().get(name)
    if found is None:
        raise UnseenError
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(found, media_type=MEDIA[name.rpartition(".")[2]], headers=headers)


@cache
def _addresses() -> dict[str, str]:
    return {
        name: f"{FILES}{name}?v={hashlib.sha256(text.encode()).hexdigest()[:12]}"
        for name, text in map_files().items()
    }
