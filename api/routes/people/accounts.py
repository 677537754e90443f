"""Users and their API tokens: a bureau looks after those of its area; the first is made by command."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.access.accounts import fold_name
from api.access.action_places import Place
from api.access.actions import Action
from api.access.denied import UnseenError
from api.access.roles import Role
from api.access.tokens import hash_token, new_token
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.people.accounts import Wanted, account_row, close_account, issue_token, keep_account
from api.routes.answering.listings import Limit, Listing
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.repetition import IdempotencyKey, Repeatable, reissued
from api.routes.answering.running import InService
from api.routes.people.sign_in import entrance_of
from models.rows import Id, Why, printable
from models.store.people.tokens import revoke_api_tokens
from models.store.people.users import get_user, users_of
from models.store.tables.access_tables import User

router = APIRouter(prefix="/api/v1", tags=["users"])

Name = Annotated[
    str,
    Path(min_length=1, max_length=80, description="用户名 user name"),
    AfterValidator(printable),
]
BeforeName = Annotated[
    Annotated[str, AfterValidator(printable)] | None,
    Query(max_length=80, description="上一页的 next / the ``next`` of the last page"),
]
Label = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(printable)]


class UserView(BaseModel):
    """An account, without anything secret."""

    name: str
    role: Role
    area: str
    person: str | None
    firm: str | None
    created: dt.datetime
    disabled: dt.datetime | None


class UserRequest(BaseModel):
    """What an account is to be; without a password it keeps its own, or has none."""

    model_config = ConfigDict(extra="forbid")

    role: Role
    person: Id | None = None
    firm: Id | None = None
    password: str | None = Field(None, min_length=1, max_length=512)
    why: Why = ""


class TokenRequest(BaseModel):
    """What a token is for, and how many days it holds."""

    model_config = ConfigDict(extra="forbid")

    label: Label
    days: int | None = Field(None, ge=1, le=3650)


class NewToken(BaseModel):
    """A token, shown this once."""

    token: str


class Gone(BaseModel):
    """How many stopped."""

    revoked: int


def account_place(service: InService, area: AreaId, name: Name) -> Place | None:
    """Return where an account of the path's area lies, none if it has no such account."""
    with service.store.read() as session:
        found = get_user(session, fold_name(name))
        if found is None:
            return None
        own, account = found.area, found.name
    place = service.areas.place(own)
    if not place.is_inside(area):
        return None
    return Place(place.area, place.parents, user=account)


@router.get("/areas/{area}/users", responses=responses(*GUARDED))
def list_users(
    area: AreaId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.USERS, area_place))],
    before: BeforeName = None,
    limit: Limit = 50,
) -> Listing[UserView]:
    """用户列表 / The accounts of an area and of all that lie in it, by name."""
    inside = service.areas.inside(area)
    with service.store.read() as session:
        found = users_of(session, areas=inside, after=before, limit=limit + 1)
    page = found[:limit]
    last = page[-1].name if len(found) > limit else None
    return Listing(items=[_view(user) for user in page], next=last)


@router.put("/areas/{area}/users/{name}", responses=responses(*GUARDED, "conflict"))
def write_user(
    area: AreaId,
    name: Name,
    user: UserRequest,
    request: Request,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.USERS, area_place))],
    idempotency_key: IdempotencyKey = None,
) -> UserView:
    """新增或修改用户 / Add an account to an area, or change one of its own.

    Under the same key the first answer comes again, whatever the password.
    """
    account = fold_name(name)
    wanted = Wanted(account, user.role, area, user.person, user.firm, user.password)
    row = account_row(wanted, entrance_of(request).sign_in.passwords)

    def act(session: Session) -> UserView:
        return _view(keep_account(session, row, by=grant.actor.by, why=user.why))

    # a quick hash of a password must not be kept, not even mixed with the rest
    asked, about = user.model_copy(update={"password": None}), f"user {area}/{account}"
    once = Repeatable(grant.actor, idempotency_key, asked, about).once
    return once(service.store, UserView, act)


@router.post("/areas/{area}/users/{name}/disable", responses=responses(*GUARDED))
def close_user(
    area: AreaId,
    name: Name,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.USERS, account_place))],
) -> UserView:
    """停用用户 / Keep an account out; sessions and tokens stop at once."""
    account = fold_name(name)
    with service.store.begin() as session:
        close_account(session, account, by=grant.actor.by)
        found = get_user(session, account)
        if found is None:
            raise UnseenError
        return _view(found)


@router.post(
    "/areas/{area}/users/{name}/tokens",
    status_code=201,
    responses=responses(*GUARDED, "conflict"),
)
def make_token(
    area: AreaId,
    name: Name,
    asked: TokenRequest,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.API_TOKENS, account_place))],
    idempotency_key: IdempotencyKey = None,
) -> NewToken:
    """新建接口令牌 / Make a token that acts for an account; it is shown this once.

    The same request again, under the same key, replaces the token that got lost.
    """
    token, account, by = new_token(), fold_name(name), grant.actor.by
    hashed, about = hash_token(token), f"token {account}"
    with service.store.begin() as session:
        lost = reissued(session, hashed, grant.actor, idempotency_key, asked, about)
        issue_token(session, account, hashed, label=asked.label, by=by, days=asked.days, lost=lost)
    return NewToken(token=token)


@router.delete("/areas/{area}/users/{name}/tokens", responses=responses(*GUARDED))
def drop_tokens(
    area: AreaId,
    name: Name,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.API_TOKENS, account_place))],
    label: Label | None = None,
) -> Gone:
    """撤销接口令牌 / Revoke the tokens of an account, those of one label or all."""
    with service.store.begin() as session:
        count = revoke_api_tokens(session, fold_name(name), label=label, by=grant.actor.by)
    return Gone(revoked=count)


def _view(user: User) -> UserView:
    return UserView(
        name=user.name,
        role=user.role,
        area=user.area,
        person=user.person,
        firm=user.firm,
        created=user.created_at,
        disabled=user.disabled_at,
    )
