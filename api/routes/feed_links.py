"""Links to subscribe to: made, replaced and revoked by the office or by the person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.access.guard import GUARDED, CurrentActor, check, check_signed_in
from api.access.places import Place
from api.access.roles import Actor
from api.access.tokens import hash_token
from api.feeds.event import Target, TargetKind
from api.feeds.links import INSTRUCTIONS, NOTICE, feed_links, qr_svg
from api.feeds.tokens import new_token
from api.problems import not_found, responses
from api.routes.shared import AreaId, IdempotencyKey, take_once
from api.service.service import InService, Service
from models.people import Person
from models.places import Area, Site, Village
from models.store.tokens import feed_tokens, keep_feed_token, revoke_feed_token

router = APIRouter(prefix="/api/v1", tags=["feeds"])


class Whose(BaseModel):
    """Whose calendar: a person's, a site's, a township's or a village's."""

    model_config = ConfigDict(extra="forbid")

    kind: TargetKind
    id: str = Field(min_length=1, max_length=60)


class Words(BaseModel):
    """How to subscribe with one client."""

    client: str
    zh: str
    en: str


class Link(BaseModel):
    """A new link, shown this once."""

    name: str
    https: str
    webcal: str
    qr_svg: str = Field(description="webcal 链接的二维码 QR code of the webcal link")
    notice: Words
    instructions: tuple[Words, ...]


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

    The same request under the same key makes no second one and answers 409: the secret is not kept.
    """
    target, token = _target(service, area, whose, actor), new_token()
    with service.store.begin() as session:
        take_once(session, actor, idempotency_key, whose, f"feed {area}")
        keep_feed_token(
            session,
            hash_token(token),
            target.kind,
            target.id,
            target.name,
            by=actor.user or "",
        )
    links = feed_links(service.settings.address or str(request.base_url), token)
    return Link(
        name=target.name,
        https=links.https,
        webcal=links.webcal,
        qr_svg=qr_svg(links.webcal).decode(),
        notice=Words(client=NOTICE.client, zh=NOTICE.zh, en=NOTICE.en),
        instructions=tuple(Words(client=w.client, zh=w.zh, en=w.en) for w in INSTRUCTIONS),
    )


@router.post("/areas/{area}/feeds/revoke", responses=responses(*GUARDED))
def revoke_links(area: AreaId, whose: Whose, service: InService, actor: SignedIn) -> Revoked:
    """撤销订阅链接 / Let every link to a calendar stop at once."""
    target = _target(service, area, whose, actor)
    with service.store.begin() as session:
        found = feed_tokens(session, target.kind, target.id)
        for token in found:
            revoke_feed_token(session, token.hash, by=actor.user or "")
    return Revoked(revoked=len(found))


def _target(service: Service, area: str, whose: Whose, actor: Actor) -> Target:
    """Return the calendar if the actor may have its link; what is missing looks like what is not his."""
    data = service.areas.data(area)
    place: Place | None = None
    name = ""
    if data is not None:
        tables: dict[TargetKind, Mapping[str, Person | Site | Village | Area]] = {
            TargetKind.PERSON: data.instance.person_by_id,
            TargetKind.SITE: data.instance.site_by_id,
            TargetKind.VILLAGE: data.instance.village_by_id,
            TargetKind.TOWNSHIP: data.instance.area_by_id,
        }
        found = tables[whose.kind].get(whose.id)
        if found is not None:
            name = found.name
            place = (
                Place.of_person(data.instance, whose.id)
                if whose.kind is TargetKind.PERSON
                else Place.of_area(data.instance, getattr(found, "area", whose.id))
            )
    check(actor, Action.FEED_TOKEN, place)
    if place is None:
        raise not_found()
    return Target(whose.kind, whose.id, name)
