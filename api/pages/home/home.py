"""The first page: where a role has its work; and the language of pages."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse

from api.access.roles import Actor, Role
from api.pages.frame.doors import PageActor
from api.pages.frame.languages import COOKIE
from api.pages.frame.page import see
from api.pages.home.own_paths import own_path

router = APIRouter()
_YEAR_S = 365 * 24 * 3600


@router.get("/")
def first_page(actor: PageActor) -> RedirectResponse:
    """Go to the first page of a role."""
    return see(first_of(actor))


def first_of(actor: Actor) -> str:
    """Return the address of a role's first page."""
    if actor.role in {Role.BUREAU, Role.OFFICE}:
        return f"/office/{actor.area}"
    firsts = {Role.ADVISER: "/me", Role.FIRM: "/firm"}
    return firsts.get(actor.role, "/sign-in")


@router.get("/language")
def choose_language(
    to: Literal["zh", "en"], back: Annotated[str, Query(max_length=2000)] = "/"
) -> RedirectResponse:
    """Keep the language of pages in this browser and go back."""
    response = see(own_path(back))
    response.set_cookie(COOKIE, to, max_age=_YEAR_S, samesite="lax", httponly=True)
    return response
