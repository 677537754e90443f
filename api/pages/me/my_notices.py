"""How the person is told of changes and of duties the day before."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, Response

from api.access.actions import Action
from api.office.notices.notice_choices import Chosen, choose, read_choice
from api.pages.frame.page import page, see
from api.pages.me.own_person import OwnPerson, me_to
from models.issues import InputError
from models.store.tables.words import NoticeWay

router = APIRouter(prefix="/me/notices")
Choosing = Annotated[OwnPerson, Depends(me_to(Action.CHOOSE_NOTICES))]


@router.get("")
def show_choice(me: Choosing) -> HTMLResponse:
    """Show how the person is told, and the other ways there are."""
    return _shown(me, None)


@router.post("")
def keep_choice(
    me: Choosing,
    way: Annotated[NoticeWay, Form()],
    address: Annotated[str, Form(max_length=254)] = "",
    reminder: Annotated[bool, Form()] = False,
) -> Response:
    """Keep how the person wants to be told."""
    wanted = Chosen(way=way, address=address.strip(), reminder=reminder)
    try:
        choose(me.service, me.data.area, me.person.id, wanted, by=me.actor.by)
    except InputError as error:
        return _shown(me, error)
    return see("/me/notices")


def _shown(me: OwnPerson, error: InputError | None) -> HTMLResponse:
    choice = read_choice(me.service, me.data.area, me.person.id)
    status = 422 if error else 200
    return page(me.request, "me/notices.html", status=status, me=me, choice=choice, error=error)
