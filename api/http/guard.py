"""The gate before every route: identifies the actor and checks their rights.

A stranger cannot tell what exists: without sign-in every protected address answers 401, and to
those who may not even know of a thing it answers 404, byte for byte as if it were missing.
"""

# no postponed annotations here: FastAPI could not look up the local names in ``require``

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple, cast

from fastapi import Depends, FastAPI, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.access.accounts import Accounts, Clock, actor_of
from api.access.action_places import Place
from api.access.actions import Action
from api.access.policy import Decision, check, check_signed_in
from api.access.roles import PUBLIC, Actor
from api.access.sessions import Sessions
from api.access.tokens import csrf_token, has_token_shape, hash_token, is_same
from api.http.cookies import CSRF_HEADER, Cookies
from api.http.problems import Problem
from models.messages import issue
from models.store.database.clock import now

GUARDED = ("sign-in-required", "not-allowed", "forged-request", "not-found")
"""What a route behind the guard may answer: ``responses=responses(*GUARDED, …)``."""

FOR_ALL: dict[str, Any] = {"security": [{}]}
"""``openapi_extra`` of a route that the public may call too."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_BEARER = HTTPBearer(auto_error=False, description="接口令牌 zb_… / API token zb_…")


@dataclass(frozen=True)
class Guard:
    """The gate's dependencies; the application keeps one (``install``)."""

    accounts: Accounts
    cookies: Cookies
    clock: Clock = now

    @property
    def sessions(self) -> Sessions:
        """The sessions of browsers."""
        return Sessions(self.accounts, self.clock)


class Grant(NamedTuple):
    """A request that may go on. ``decision`` is ``ALLOW`` or ``BUSY_ONLY``."""

    actor: Actor
    place: Place
    decision: Decision


def install(app: FastAPI, guard: Guard) -> None:
    """Give the application its guard."""
    app.state.guard = guard


def guard_of(request: Request) -> Guard:
    """Return the guard of the application."""
    return cast("Guard", request.app.state.guard)


def current_actor(
    request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
) -> Actor:
    """Return the actor: by API token, else by session cookie, else the public.

    Raises
    ------
    Problem
        ``sign-in-required`` for a token that does not hold; ``forged-request`` for a change
        that a cookie alone vouches for.
    """
    actor = _actor_of(request, bearer)
    request.state.user = actor.user  # the log names who was refused
    return actor


def _actor_of(request: Request, bearer: HTTPAuthorizationCredentials | None) -> Actor:
    if bearer is not None:
        return _by_token(guard_of(request), bearer.credentials)
    return actor_by_session(request, request.headers.get(CSRF_HEADER))


def actor_by_session(request: Request, csrf: str | None) -> Actor:
    """Return the actor of the session cookie, the public without one.

    Parameters
    ----------
    csrf
        The CSRF token that came with a change: in a header, or in the field of a form.

    Raises
    ------
    Problem
        ``forged-request`` for a change that a cookie alone vouches for.
    """
    guard = guard_of(request)
    session = guard.cookies.session_of(request)
    user = guard.sessions.user_of(session) if session else None
    if session is None or user is None:
        return PUBLIC
    if request.method not in _SAFE:
        check_origin(request)
        if not is_same(csrf or "", csrf_token(session)):
            raise _forged()
    request.state.actor = actor_of(user)
    return actor_of(user)


CurrentActor = Annotated[Actor, Depends(current_actor)]
"""A parameter of a route: who asks."""


def check_origin(request: Request) -> None:
    """Refuse cross-site requests; sign-in too, which has no session to forge yet.

    Raises
    ------
    Problem
        ``forged-request``.
    """
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        raise _forged()


def require(
    action: Action,
    place_of: Callable[..., Place | None],
    who: Callable[..., Any] = current_actor,
) -> Callable[..., Grant]:
    """Return the dependency that lets a request go on: ``Annotated[Grant, Depends(require(…))]``.

    Parameters
    ----------
    place_of
        A dependency that finds the place from the path, None where there is none. It runs
        only for those who may ask at all.
    who
        The dependency that returns the actor; pages have one of their own.
    """

    def asking(actor: Annotated[Actor, Depends(who)]) -> Actor:
        check_signed_in(actor, action)
        return actor

    def grant(
        actor: Annotated[Actor, Depends(asking)],
        place: Annotated[Place | None, Depends(place_of)],
    ) -> Grant:
        decision = check(actor, action, place)
        assert place is not None
        return Grant(actor, place, decision)

    return grant


def _by_token(guard: Guard, secret: str) -> Actor:
    secret_hash = hash_token(secret)
    found = guard.accounts.token_by_hash(secret_hash) if has_token_shape(secret) else None
    if found is not None:
        token, user = found
        is_over = token.expires_at is not None and token.expires_at <= guard.clock()
        if is_same(token.hash, secret_hash) and user.is_active and not is_over:
            return actor_of(user)
    challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    raise Problem("sign-in-required", issue("token_invalid"), headers=challenge)


def _forged() -> Problem:
    return Problem("forged-request", issue("forged_request", header=CSRF_HEADER))
