"""Links to subscribe to: made, listed, replaced and revoked by the office or by the person."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.access.policy import check_signed_in
from api.access.roles import Actor
from api.access.tokens import hash_token
from api.feeds.event import TargetKind
from api.feeds.links import INSTRUCTIONS, NOTICE, feed_links, qr_svg
from api.http.guard import GUARDED, CurrentActor
from api.http.problems import responses
from api.office.context import Service
from api.office.people import feed_links as office
from api.routes.answering.path_ids import AreaId
from api.routes.answering.repetition import IdempotencyKey, reissued
from api.routes.answering.running import InService
from models.store.people.tokens import feed_tokens, revoke_feed_token
from models.store.tables.feed_tables import FeedToken

router = APIRouter(prefix="/api/v1", tags=["feeds"])

LinkId = Annotated[
    str, Path(pattern="^[0-9a-f]{16}$", description="链接编号，不是密钥 id of a link, no secret")
]


class Whose(BaseModel):
    """Whose calendar: a person's, a site's, a township's, a village's or a firm's."""

    model_config = ConfigDict(extra="forbid")

    kind: TargetKind
    id: str = Field(min_length=1, max_length=60)


class SubscribeHelp(BaseModel):
    """How to subscribe with one client."""

    client: str
    zh: str
    en: str


class Link(BaseModel):
    """A new link, shown this once."""

    id: str = Field(description="链接编号，用于更换和撤销 names the link later, opens nothing")
    name: str
    https: str
    webcal: str
    qr_svg: str = Field(description="webcal 链接的二维码 QR code of the webcal link")
    notice: SubscribeHelp
    instructions: tuple[SubscribeHelp, ...]


class LinkView(BaseModel):
    """A link as it is listed: the link itself cannot be shown again."""

    id: str
    made: dt.datetime
    by: str
    last_used: dt.datetime | None = Field(
        description="最近读取，精确到天 last read, to the day; none if never"
    )


class Revoked(BaseModel):
    """How many links stopped."""

    revoked: int


def _signed_in(actor: CurrentActor) -> Actor:
    check_signed_in(actor, Action.FEED_TOKEN)
    return actor


SignedIn = Annotated[Actor, Depends(_signed_in)]


@router.post("/areas/{area}/feeds", status_code=201, responses=responses(*GUARDED, "conflict"))
def make_link(
    area: AreaId,
    whose: Whose,
    service: InService,
    actor: SignedIn,
    idempotency_key: IdempotencyKey = None,
) -> Link:
    """新建订阅链接 / Make a link to a calendar; it is shown this once.

    The same request again, under the same key, replaces the link that got lost.
    """
    target = office.link_target(service, actor, area, whose.kind, whose.id)
    token, about = office.new_link_token(), f"link {area}"
    with service.store.begin() as session:
        lost = reissued(session, hash_token(token), actor, idempotency_key, whose, about)
        office.issue_link(session, target, token, by=actor.by, lost=lost)
    return _link(service, target.name, token)


@router.get("/areas/{area}/feeds", responses=responses(*GUARDED))
def list_links(
    area: AreaId,
    service: InService,
    actor: SignedIn,
    kind: TargetKind,
    id: Annotated[str, Query(min_length=1, max_length=60)],
) -> list[LinkView]:
    """订阅链接列表 / The links that open a calendar now, oldest first, without their secrets."""
    target = office.link_target(service, actor, area, kind, id)
    with service.store.read() as session:
        return [_view(token) for token in feed_tokens(session, target.kind, target.id)]


@router.post("/areas/{area}/feeds/revoke", responses=responses(*GUARDED))
def revoke_links(area: AreaId, whose: Whose, service: InService, actor: SignedIn) -> Revoked:
    """撤销订阅链接 / Let every link to a calendar stop at once."""
    target = office.link_target(service, actor, area, whose.kind, whose.id)
    with service.store.begin() as session:
        return Revoked(revoked=office.revoke_links(session, target, by=actor.by))


@router.post("/areas/{area}/feeds/{link}/rotate", status_code=201, responses=responses(*GUARDED))
def rotate_link(area: AreaId, link: LinkId, service: InService, actor: SignedIn) -> Link:
    """更换一个订阅链接 / Replace one link: the old one stops at once, others go on."""
    token = office.open_link(service, actor, area, link)
    with service.store.begin() as session:
        new = office.rotate_link(session, token.hash, by=actor.by)
    return _link(service, token.name, new)


@router.delete("/areas/{area}/feeds/{link}", responses=responses(*GUARDED))
def revoke_link(area: AreaId, link: LinkId, service: InService, actor: SignedIn) -> Revoked:
    """撤销一个订阅链接 / Let one link stop at once."""
    token = office.open_link(service, actor, area, link)
    with service.store.begin() as session:
        return Revoked(revoked=int(revoke_feed_token(session, token.hash, by=actor.by)))


def _link(service: Service, name: str, token: str) -> Link:
    links = feed_links(service.settings.external, token)
    return Link(
        id=_id(hash_token(token)),
        name=name,
        https=links.https,
        webcal=links.webcal,
        qr_svg=qr_svg(links.webcal).decode(),
        notice=SubscribeHelp(client=NOTICE.client, zh=NOTICE.zh, en=NOTICE.en),
        instructions=tuple(SubscribeHelp(client=w.client, zh=w.zh, en=w.en) for w in INSTRUCTIONS),
    )


def _view(token: FeedToken) -> LinkView:
    return LinkView(
        id=_id(token.hash),
        made=token.created_at,
        by=token.created_by,
        last_used=token.last_used_at,
    )


def _id(token_hash: str) -> str:
    """Return what names a link; the whole hash is nobody's business."""
    return token_hash[:16]
