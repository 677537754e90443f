"""Users: a bureau looks after those of its area; the first is made by command."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.access.accounts import fold_name
from api.access.action_places import Place
from api.access.actions import Action
from api.access.denied import UnseenError
from api.access.roles import Role
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.people.accounts import (
    Wanted,
    account_row,
    account_tag,
    change_account,
    check_stands_for,
    close_account,
    guard_last_bureau,
)
from api.routes.answering.entity_tags import IfMatch
from api.routes.answering.listings import Limit, Listing
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.repetition import IdempotencyKey, Repeatable
from api.routes.answering.running import InService
from api.routes.people.sign_in import entrance_of
from models.rows import Id, Why, printable
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


@router.get("/areas/{area}/users/{name}", responses=responses(*GUARDED))
def read_user(
    area: AreaId,
    name: Name,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.USERS, account_place))],
) -> UserView:
    """查看用户 / One account; the ETag is needed to change it."""
    with service.store.read() as session:
        found = get_user(session, fold_name(name))
        if found is None:
            raise UnseenError
        response.headers["ETag"] = f'"{account_tag(found)}"'
        return _view(found)


@router.put(
    "/areas/{area}/users/{name}",
    responses=responses(*GUARDED, "conflict", "changed-meanwhile", "if-match-required"),
)
def write_user(
    area: AreaId,
    name: Name,
    user: UserRequest,
    request: Request,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.USERS, area_place))],
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> UserView:
    """新增或修改用户 / Add an account to an area; with ``If-Match``, change one of its own.

    Under the same key the first answer comes again, whatever the password.
    """
    read = None if if_match is None else if_match.removeprefix("W/").strip('"')
    account = fold_name(name)
    wanted = Wanted(account, user.role, area, user.person, user.firm, user.password)
    row = account_row(wanted, entrance_of(request).sign_in.passwords)

    def act(session: Session) -> UserView:
        check_stands_for(row, service.areas.data(area))
        return _view(change_account(session, row, read, by=grant.actor.by, why=user.why))

    # a quick hash of a password must not be kept, not even mixed with the rest
    asked, about = user.model_copy(update={"password": None}), f"user {area}/{account}"
    once = Repeatable(grant.actor, idempotency_key, asked, about).once
    return once(service.store, UserView, act)


@router.post("/areas/{area}/users/{name}/disable", responses=responses(*GUARDED, "conflict"))
def close_user(
    area: AreaId,
    name: Name,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.USERS, account_place))],
) -> UserView:
    """停用用户 / Keep an account out; its sessions, tokens and links to calendars end for good."""
    account = fold_name(name)
    with service.store.begin() as session:
        found = get_user(session, account)
        if found is None:
            raise UnseenError
        guard_last_bureau(session, found)
        close_account(session, account, by=grant.actor.by)
        return _view(found)


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
