"""Links to subscribe to: made, listed, replaced and revoked by the office or by the person."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.access.denied import UnseenError
from api.access.places import Place
from api.access.policy import check, check_signed_in
from api.access.roles import Actor
from api.access.tokens import hash_token
from api.feeds.event import Target, TargetKind
from api.feeds.feed_tokens import issue, rotate
from api.feeds.links import INSTRUCTIONS, NOTICE, feed_links, qr_svg
from api.feeds.store_feeds import StoreTokens
from api.feeds.targets import known_as
from api.http.guard import GUARDED, CurrentActor
from api.http.problems import responses
from api.office.context import Service
from api.routes.answering.path_ids import AreaId
from api.routes.answering.repetition import IdempotencyKey, reissued
from api.routes.answering.running import InService
from models.county_ids import id_of
from models.store.people.tokens import feed_token, feed_tokens, revoke_feed_token
from models.store.tables.feed_tables import FeedToken

router = APIRouter(prefix="/api/v1", tags=["feeds"])

LinkId = Annotated[
    str, Path(pattern="^[0-9a-f]{16}$", description="链接编号，不是密钥 id of a link, no secret")
]


class Whose(BaseModel):
    """Whose calendar: a person's, a site's, a township's or a village's."""

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
    request: Request,
    service: InService,
    actor: SignedIn,
    idempotency_key: IdempotencyKey = None,
) -> Link:
    """新建订阅链接 / Make a link to a calendar; it is shown this once.

    The same request again, under the same key, replaces the link that got lost.
    """
    target = _target(service, area, whose, actor)
    lost = partial(reissued, actor=actor, key=idempotency_key, request=whose, about=f"link {area}")
    token = issue(StoreTokens(service.store, actor.by, lost), target)
    return _link(service, request, target.name, token)


@router.get("/areas/{area}/feeds", responses=responses(*GUARDED))
def list_links(
    area: AreaId,
    service: InService,
    actor: SignedIn,
    kind: TargetKind,
    id: Annotated[str, Query(min_length=1, max_length=60)],
) -> list[LinkView]:
    """订阅链接列表 / The links that open a calendar now, oldest first, without their secrets."""
    target = _target(service, area, Whose(kind=kind, id=id), actor)
    with service.store.read() as session:
        return [_view(token) for token in feed_tokens(session, target.kind, target.id)]


@router.post("/areas/{area}/feeds/revoke", responses=responses(*GUARDED))
def revoke_links(area: AreaId, whose: Whose, service: InService, actor: SignedIn) -> Revoked:
    """撤销订阅链接 / Let every link to a calendar stop at once."""
    target = _target(service, area, whose, actor)
    with service.store.begin() as session:
        found = feed_tokens(session, target.kind, target.id)
        for token in found:
            revoke_feed_token(session, token.hash, by=actor.by)
    return Revoked(revoked=len(found))


@router.post("/areas/{area}/feeds/{link}/rotate", status_code=201, responses=responses(*GUARDED))
def rotate_link(
    area: AreaId, link: LinkId, request: Request, service: InService, actor: SignedIn
) -> Link:
    """更换一个订阅链接 / Replace one link: the old one stops at once, others go on."""
    token = _one(service, area, link, actor)
    new = rotate(StoreTokens(service.store, actor.by), token.hash)
    if new is None:  # somebody was quicker
        raise UnseenError
    return _link(service, request, token.name, new)


@router.delete("/areas/{area}/feeds/{link}", responses=responses(*GUARDED))
def revoke_link(area: AreaId, link: LinkId, service: InService, actor: SignedIn) -> Revoked:
    """撤销一个订阅链接 / Let one link stop at once."""
    token = _one(service, area, link, actor)
    with service.store.begin() as session:
        return Revoked(revoked=int(revoke_feed_token(session, token.hash, by=actor.by)))


def _link(service: Service, request: Request, name: str, token: str) -> Link:
    links = feed_links(service.settings.address or str(request.base_url), token)
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


def _one(service: Service, area: str, link: str, actor: Actor) -> FeedToken:
    """Return a link if the actor may have that of its calendar."""
    with service.store.read() as session:
        found = feed_token(session, link)
    if found is None:
        raise UnseenError
    target = _target(service, area, Whose(kind=found.kind, id=id_of(found.target)), actor)
    if target.id != found.target:  # the same id, but of another office
        raise UnseenError
    return found


def _target(service: Service, area: str, whose: Whose, actor: Actor) -> Target:
    """Return the calendar if the actor may have its link; what is missing looks like what is not his."""
    data = service.areas.data(area)
    known = known_as(data.instance, whose.kind, whose.id) if data else None
    place = None
    # an office may write any area into its data; where it lies, and whose ids it has, is not theirs to say
    if data and known and service.areas.speaks_for(data.area, known.county):
        place = service.areas.place(known.area)
        if whose.kind is TargetKind.PERSON:
            place = replace(Place.of_person(data.instance, whose.id), parents=place.parents)
    check(actor, Action.FEED_TOKEN, place)
    if known is None or place is None:
        raise UnseenError
    return known.target
