"""The routes of sign-in: with a password, through an office's provider, and out again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from api.access.accounts import actor_of
from api.access.denied import SignInRequiredError, UnseenError
from api.access.provider import Provider
from api.access.roles import Actor, Role
from api.access.sign_in import SignIn
from api.http.guard import CurrentActor, check_origin, guard_of
from api.http.problems import responses
from models.store.tables.access_tables import User

Password = Annotated[str, Field(min_length=1, max_length=512)]


class Credentials(BaseModel):
    """A name and a password."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=80)]
    password: Password


class NewPassword(BaseModel):
    """The password until now and the one from now on."""

    model_config = ConfigDict(extra="forbid")

    old: Password
    password: Password
    tokens: Literal["keep", "revoke"] | None = Field(
        None,
        description="接口令牌保留或撤销；有令牌时必填 what becomes of API tokens, if there are any",
    )


class Me(BaseModel):
    """Who is signed in."""

    role: Role
    area: str | None
    person: str | None
    firm: str | None

    @classmethod
    def of(cls, actor: Actor) -> Me:
        """Show an actor to itself."""
        return cls(role=actor.role, area=actor.area, person=actor.person, firm=actor.firm)


@dataclass(frozen=True)
class Entrance:
    """What the routes of sign-in need; without ``provider`` there are passwords only."""

    sign_in: SignIn
    provider: Provider | None = None


router = APIRouter(tags=["sign-in"])


def install(app: FastAPI, entrance: Entrance) -> None:
    """Add the routes of sign-in; the application has its guard already."""
    app.state.entrance = entrance
    app.include_router(router)


def entrance_of(request: Request) -> Entrance:
    """Return what the routes of sign-in work with."""
    return cast("Entrance", request.app.state.entrance)


def _provider(request: Request) -> Provider:
    found = entrance_of(request).provider
    if found is None:
        raise UnseenError
    return found


def _user(request: Request, actor: CurrentActor) -> User:
    """Return the account that is signed in."""
    user = guard_of(request).accounts.user(actor.user) if actor.user else None
    if user is None:
        raise SignInRequiredError
    return user


SignedIn = Annotated[User, Depends(_user)]


@router.post(
    "/api/v1/session",
    responses=responses("bad-request", "sign-in-failed", "forged-request", "slow-down"),
    dependencies=[Depends(check_origin)],
)
def sign_in(request: Request, response: Response, credentials: Credentials) -> Me:
    """登录 / Sign in with name and password; the session comes as a cookie."""
    cookies = guard_of(request).cookies
    address = request.client.host if request.client else ""
    entry = entrance_of(request).sign_in.with_password(
        credentials.name, credentials.password, address, cookies.device_of(request)
    )
    cookies.enter(response, entry)
    return Me.of(actor_of(entry.user))


@router.get("/api/v1/session", responses=responses("sign-in-required"))
def who_am_i(user: SignedIn) -> Me:
    """当前用户 / Who is signed in."""
    return Me.of(actor_of(user))


@router.delete(
    "/api/v1/session", status_code=204, responses=responses("sign-in-required", "forged-request")
)
def sign_out(request: Request, response: Response, user: SignedIn) -> None:
    """退出 / Sign out: the session ends here and on the server."""
    guard = guard_of(request)
    session = guard.cookies.session_of(request)
    if session:
        guard.sessions.end(session)
    guard.cookies.leave(response)


@router.put(
    "/api/v1/session/password",
    status_code=204,
    responses=responses(
        "bad-request", "sign-in-required", "sign-in-failed", "forged-request", "slow-down"
    ),
)
def change_password(
    request: Request, response: Response, user: SignedIn, change: NewPassword
) -> None:
    """修改密码 / Change the password: every other session of the account ends."""
    entrance, cookies = entrance_of(request), guard_of(request).cookies
    keeps = None if change.tokens is None else change.tokens == "keep"
    entrance.sign_in.change_password(user, change.old, change.password, keep_tokens=keeps)
    cookies.enter(response, entrance.sign_in.admit(user, cookies.device_of(request)))


@router.get("/sign-in/provider", status_code=303, responses=responses("not-found", "unavailable"))
def go_to_provider(
    request: Request,
    provider: Annotated[Provider, Depends(_provider)],
    target: Annotated[str, Query(max_length=400)] = "/",
) -> RedirectResponse:
    """单位统一登录 / Go to the office's own sign-in."""
    url, state = provider.begin(target)
    response = RedirectResponse(url, 303)
    guard_of(request).cookies.begin(response, state)
    return response


@router.get(
    "/sign-in/provider/answer",
    status_code=303,
    responses=responses("sign-in-failed", "not-found", "unavailable"),
)
def come_from_provider(
    request: Request,
    provider: Annotated[Provider, Depends(_provider)],
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    iss: Annotated[str | None, Query(max_length=400)] = None,
) -> RedirectResponse:
    """单位统一登录返回 / Come back from the office's own sign-in."""
    cookies = guard_of(request).cookies
    user, target = provider.finish(code, state, cookies.handshake_of(request), iss)
    response = RedirectResponse(target, 303)
    entrance = entrance_of(request)
    cookies.enter(response, entrance.sign_in.admit(user, cookies.device_of(request)))
    cookies.end_handshake(response)
    return response
