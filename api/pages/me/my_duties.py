"""The first screen of a lawyer or mediator, the own turns, and what shows the last list offline."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse

from api.office.people.own_month import OwnDuty, own_duties, own_turns, own_villages
from api.office.people.request_eyes import listed
from api.pages.frame.languages import PAGES
from api.pages.frame.page import HEADERS, page
from api.pages.me.own_person import MeReading, OwnPerson
from api.routes.people.request_views import RequestView, request_view
from models.store.people.requests import WAITING, requests

router = APIRouter(prefix="/me")
_WORKER = PAGES / "me" / "static" / "worker.js"
MOST = 50


@router.get("")
def show_mine(me: MeReading) -> HTMLResponse:
    """Show the next duty, the days to come, the own villages, and what waits for an answer."""
    duties = own_duties(me.service, me.data, me.person.id, me.now)
    days: dict[object, list[OwnDuty]] = {}
    for duty in duties:
        days.setdefault(duty.day, []).append(duty)
    return page(
        me.request,
        "me/mine.html",
        me=me,
        next=duties[0] if duties else None,
        days=list(days.items()),
        villages=own_villages(me.service, me.data, me.person.id, me.today),
        asked=[view for view in own_requests(me, waiting=True) if is_asked(view, me)],
    )


@router.get("/turns")
def show_turns(me: MeReading) -> HTMLResponse:
    """Show the own turns beside the mean of those of the same kind."""
    turns = own_turns(me.service, me.data, me.person.id, me.today)
    return page(me.request, "me/turns.html", me=me, turns=turns)


@router.get("/worker.js")
def offline_worker() -> FileResponse:
    """Return the script that keeps the last list for when there is no network; it holds nothing itself."""
    headers = {"Service-Worker-Allowed": "/me", "Cache-Control": "no-cache"}
    kept = {name: HEADERS[name] for name in ("Content-Security-Policy", "X-Content-Type-Options")}
    return FileResponse(
        _WORKER, media_type="text/javascript; charset=utf-8", headers=headers | kept
    )


def own_requests(me: OwnPerson, *, waiting: bool = False) -> list[RequestView]:
    """Return what the person asked for or is asked to take over, newest first."""
    people, within = listed(me.service, me.actor, me.data.area, me.person.id, None)
    states = WAITING if waiting else None
    with me.service.store.read() as session:
        found = requests(session, areas=within, people=people, states=states, limit=MOST).rows
    return [request_view(me.service, me.actor, row) for row in found]


def is_asked(view: RequestView, me: OwnPerson) -> bool:
    """Whether a request waits for this person's answer."""
    return view.state.value == "offered" and view.colleague == me.person.id
