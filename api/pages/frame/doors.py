"""The gate before every page: the guard of the routes, with the CSRF token in the form."""

# no postponed annotations here: FastAPI could not look up the local names in ``require_page``

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from api.access.action_places import Place
from api.access.actions import Action
from api.access.denied import SignInRequiredError
from api.access.roles import Actor
from api.http.guard import Grant, actor_by_session, require

FIELD = "csrf"
"""The hidden field of every form that changes something (macro ``form`` of ``frame/parts.html``)."""


async def page_actor(request: Request) -> Actor:
    """Return who asks for a page, by session cookie, else the public.

    Raises
    ------
    Problem
        ``forged-request`` for a form without its token.
    """
    sent = None
    if request.method == "POST":
        value = (await request.form()).get(FIELD)
        sent = value if isinstance(value, str) else None
    return actor_by_session(request, sent)


def signed_in(actor: Annotated[Actor, Depends(page_actor)]) -> Actor:
    """Return who is signed in.

    Raises
    ------
    SignInRequiredError
        Nobody is; the page asks for it and comes back.
    """
    if not actor.is_signed_in:
        raise SignInRequiredError
    return actor


PageActor = Annotated[Actor, Depends(page_actor)]
"""A parameter of a page: who asks, perhaps the public."""
SignedInActor = Annotated[Actor, Depends(signed_in)]
"""A parameter of a page: who is signed in."""


def require_page(action: Action, place_of: Callable[..., Place | None]) -> Callable[..., Grant]:
    """Return the dependency that lets a page go on, as ``require`` does for a route."""
    return require(action, place_of, page_actor)
