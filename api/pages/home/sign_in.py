"""Sign-in with a password or the office's own sign-in, sign-out, change of password."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.access.denied import SignInFailedError, SignInRequiredError, SlowDownError
from api.http.guard import check_origin, guard_of
from api.pages.frame.doors import SignedInActor
from api.pages.frame.page import page, see
from api.pages.home.own_paths import own_path
from api.routes.people.sign_in import entrance_of
from models.issues import InputError

router = APIRouter()
Target = Annotated[str, Query(max_length=2000)]
Secret = Annotated[str, Form(max_length=512)]


@router.get("/sign-in")
def ask_sign_in(request: Request, target: Target = "") -> HTMLResponse:
    """Show the page of sign-in; ``target`` is where to go afterwards."""
    return _asking(request, target)


@router.post("/sign-in", dependencies=[Depends(check_origin)])
def sign_in(
    request: Request,
    name: Annotated[str, Form(max_length=80)] = "",
    password: Secret = "",
    target: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Sign in and go to the page that was asked for."""
    cookies = guard_of(request).cookies
    address = request.client.host if request.client else ""
    try:
        entry = entrance_of(request).sign_in.with_password(
            name, password, address, cookies.device_of(request)
        )
    except (SignInFailedError, SlowDownError) as error:
        return _asking(request, target, name=name, error=error)
    response = see(own_path(target or "/"))
    cookies.enter(response, entry)
    return response


@router.post("/sign-out")
def sign_out(request: Request, actor: SignedInActor) -> Response:
    """End the session here and on the server."""
    guard = guard_of(request)
    session = guard.cookies.session_of(request)
    if session:
        guard.sessions.end(session)
    response = see("/sign-in")
    response.headers["Clear-Site-Data"] = '"storage"'  # the list kept for when there is no network
    guard.cookies.leave(response)
    return response


@router.get("/password")
def ask_password(request: Request, actor: SignedInActor) -> HTMLResponse:
    """Show the form to change the own password."""
    return page(request, "home/password.html", error=None, is_done=False)


@router.post("/password")
def change_password(
    request: Request,
    actor: SignedInActor,
    old: Secret = "",
    new: Secret = "",
    tokens: Annotated[Literal["keep", "revoke"] | None, Form()] = None,
) -> Response:
    """Change the password; every other session of the account ends."""
    guard, entrance = guard_of(request), entrance_of(request)
    user = guard.accounts.user(actor.user or "")
    if user is None:
        raise SignInRequiredError
    keeps = None if tokens is None else tokens == "keep"
    try:
        entrance.sign_in.change_password(user, old, new, keep_tokens=keeps)
    except InputError as error:
        return page(request, "home/password.html", status=422, error=error, is_done=False)
    response = page(request, "home/password.html", error=None, is_done=True)
    guard.cookies.enter(response, entrance.sign_in.admit(user, guard.cookies.device_of(request)))
    return response


def _asking(
    request: Request, target: str, name: str = "", error: InputError | None = None
) -> HTMLResponse:
    status = 200
    if error is not None:
        status = 429 if isinstance(error, SlowDownError) else 401
    return page(
        request,
        "home/sign_in.html",
        status=status,
        target=target,
        name=name,
        error=error,
        has_provider=entrance_of(request).provider is not None,
    )
