"""API tokens of accounts: made and shown once, listed without their secret, revoked one by one."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.access.accounts import fold_name
from api.access.actions import Action
from api.access.denied import UnseenError
from api.access.tokens import hash_token, new_token
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.people.accounts import issue_token
from api.routes.answering.path_ids import AreaId
from api.routes.answering.repetition import IdempotencyKey, reissued
from api.routes.answering.running import InService
from api.routes.people.accounts import Name, account_place
from models.rows import printable
from models.store.people.tokens import api_tokens, revoke_api_tokens

router = APIRouter(prefix="/api/v1", tags=["users"])

Label = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(printable)]


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


class TokenView(BaseModel):
    """A token without its secret."""

    id: str
    label: str
    created: dt.datetime
    expires: dt.datetime | None


@router.get("/areas/{area}/users/{name}/tokens", responses=responses(*GUARDED))
def list_tokens(
    area: AreaId,
    name: Name,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.API_TOKENS, account_place))],
) -> list[TokenView]:
    """接口令牌列表 / The tokens that act for an account, oldest first."""
    with service.store.read() as session:
        found = api_tokens(session, fold_name(name))
    return [
        TokenView(id=t.hash[:16], label=t.label, created=t.created_at, expires=t.expires_at)
        for t in found
    ]


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
    token: Annotated[str | None, Query(pattern="^[0-9a-f]{16}$")] = None,
) -> Gone:
    """撤销接口令牌 / Revoke the tokens of an account: one by its id, those of one label, or all."""
    with service.store.begin() as session:
        account, by = fold_name(name), grant.actor.by
        found = [one.hash for one in api_tokens(session, account) if one.hash[:16] == token]
        if token is not None and not found:
            raise UnseenError
        key = found[0] if found else None
        count = revoke_api_tokens(session, account, label=label, token_hash=key, by=by)
    return Gone(revoked=count)
