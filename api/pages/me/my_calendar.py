"""The own calendar both ways: duties into the phone, and the person's busy times out of their calendar."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, UploadFile
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from api.access.actions import Action
from api.access.tokens import hash_token
from api.feeds.busy import BusyReading
from api.feeds.event import TargetKind
from api.feeds.links import INSTRUCTIONS, NOTICE, feed_links, qr_inline
from api.office.data.busy_calendars import (
    busy_rows,
    follow_address,
    forget_calendar,
    upload_calendar,
)
from api.office.people.feed_links import issue_link, link_target, new_link_token, open_link
from api.pages.frame.page import page, see
from api.pages.me.own_person import OwnPerson, me_to
from models.issues import InputError
from models.store.people.calendar_addresses import busy_calendar
from models.store.people.tokens import feed_tokens, revoke_feed_token

router = APIRouter(prefix="/me")
Linking = Annotated[OwnPerson, Depends(me_to(Action.FEED_TOKEN))]
Busying = Annotated[OwnPerson, Depends(me_to(Action.EDIT_BUSY))]
SHOWN = 16
"""Digits of a link's hash that name it."""


@router.get("/calendar")
def show_links(me: Linking) -> HTMLResponse:
    """Show how to have the own duties in the phone's calendar, and the links there are."""
    return _links(me, None)


@router.post("/calendar")
def make_link(me: Linking) -> HTMLResponse:
    """Make a link to the own calendar and show it this once."""
    target = link_target(me.service, me.actor, me.data.area, TargetKind.PERSON, me.person.id)
    token = new_link_token()
    with me.service.store.begin() as session:
        issue_link(session, target, token, by=me.actor.by)
    return _links(me, token)


@router.post("/calendar/{link}/stop")
def stop_link(me: Linking, link: Annotated[str, Path(pattern="^[0-9a-f]{16}$")]) -> Response:
    """Let one link stop at once."""
    token = open_link(me.service, me.actor, me.data.area, link)
    with me.service.store.begin() as session:
        revoke_feed_token(session, token.hash, by=me.actor.by)
    return see("/me/calendar")


@router.get("/busy")
def show_busy(me: Busying) -> HTMLResponse:
    """Show when the person is busy by the own calendar, and where it is read from."""
    return _busy(me)


@router.post("/busy")
def follow_busy(me: Busying, address: Annotated[str, Form(max_length=2000)] = "") -> HTMLResponse:
    """Read the own calendar from an address now, and again every day; no title is kept."""
    try:
        read = follow_address(me.service, me.data, me.person.id, address, by=me.actor.by)
    except InputError as error:
        return _busy(me, error=error)
    return _busy(me, read)


@router.post("/busy/file")
def upload_busy(me: Busying, file: UploadFile) -> HTMLResponse:
    """Read the own calendar from a file once."""
    content = file.file.read()
    try:
        read = upload_calendar(
            me.service, me.data, me.person.id, content, by=me.actor.by, month=None
        )
    except InputError as error:
        return _busy(me, error=error)
    return _busy(me, read)


@router.post("/busy/forget")
def forget_busy(me: Busying) -> Response:
    """Forget the address and the hours it takes."""
    forget_calendar(me.service, me.data, me.person.id, by=me.actor.by, month=None)
    return see("/me/busy")


def _links(me: OwnPerson, token: str | None) -> HTMLResponse:
    target = link_target(me.service, me.actor, me.data.area, TargetKind.PERSON, me.person.id)
    with me.service.store.read() as session:
        known = feed_tokens(session, target.kind, target.id)
    shown: dict[str, Any] = {"links": None, "qr": "", "own": ""}
    if token is not None:
        links = feed_links(me.service.settings.external, token)
        shown = {
            "links": links,
            "qr": Markup(qr_inline(links.webcal)),
            "own": hash_token(token)[:SHOWN],
        }
    return page(
        me.request,
        "me/calendar.html",
        me=me,
        known=[(one.hash[:SHOWN], one) for one in known],
        notice=NOTICE,
        instructions=INSTRUCTIONS,
        **shown,
    )


def _busy(
    me: OwnPerson, read: BusyReading | None = None, *, error: InputError | None = None
) -> HTMLResponse:
    data, month = me.service.areas.data_at(me.data.area), me.data.instance.settings.month
    with me.service.store.read() as session:
        kept = busy_calendar(session, data.area, me.person.id)
    return page(
        me.request,
        "me/busy.html",
        status=422 if error else 200,
        me=me,
        month=month,
        rows=busy_rows(data.instance, me.person.id, month),
        kept=kept,
        read=read,
        error=error,
    )
