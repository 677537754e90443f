"""Links to calendars: whose calendar one may have, and the secret in the link.

A calendar client can send no password, so the link itself is the secret. A plain SHA-256
is enough for it: nobody guesses 256 bits, unlike a password, and the hash is looked up by
an index, so how long that takes tells a stranger nothing about a token.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from sqlalchemy.orm import Session

from api.access.action_places import Place
from api.access.actions import Action
from api.access.denied import UnseenError
from api.access.policy import check
from api.access.roles import Actor
from api.access.tokens import hash_token
from api.feeds.event import Target, TargetKind
from api.feeds.targets import known_as
from api.office.context import Service
from models.county_ids import id_of
from models.store.people.tokens import (
    feed_token,
    feed_tokens,
    keep_feed_token,
    replace_feed_token,
    revoke_feed_token,
)
from models.store.tables.feed_tables import FeedToken

_BYTES = 32


def new_link_token() -> str:
    """Return a fresh token: 256 bits as 43 characters that are safe in a URL."""
    return secrets.token_urlsafe(_BYTES)


def link_target(service: Service, actor: Actor, area: str, kind: TargetKind, own_id: str) -> Target:
    """Return the calendar if the actor may have its link.

    Raises
    ------
    DeniedError
        What is missing looks like what is not theirs: see ``check``.
    """
    data = service.areas.data(area)
    known = known_as(data.instance, kind, own_id) if data else None
    place = None
    # an office may write any area into its data; where it lies, and whose ids it has, is not theirs to say
    if data and known and service.areas.speaks_for(data.area, known.county):
        place = service.areas.place(known.area)
        if kind is TargetKind.PERSON:  # a firm has its own calendar, not those of its people
            person = Place.of_person(data.instance, own_id)
            place = replace(person, parents=place.parents, firm=None)
        if kind is TargetKind.FIRM:
            place = replace(place, firm=own_id)
    check(actor, Action.FEED_TOKEN, place)
    if known is None or place is None:
        raise UnseenError
    return known.target


def open_link(service: Service, actor: Actor, area: str, link: str) -> FeedToken:
    """Return a link, by the first 16 digits of its hash, if the actor may have that of its calendar.

    Raises
    ------
    DeniedError
        See ``link_target``.
    """
    with service.store.read() as session:
        found = feed_token(session, link)
    if found is None:
        raise UnseenError
    target = link_target(service, actor, area, found.kind, id_of(found.target))
    if target.id != found.target:  # the same id, but of another office
        raise UnseenError
    return found


def issue_link(
    session: Session, target: Target, token: str, *, by: str, lost: str | None = None
) -> None:
    """Let a token open a calendar, in the place of the one whose hash is ``lost``."""
    token_hash = hash_token(token)
    if lost is None or not replace_feed_token(session, lost, token_hash, by=by):
        keep_feed_token(session, token_hash, target.kind, target.id, target.name, by=by)


def rotate_link(session: Session, old_hash: str, *, by: str) -> str:
    """Replace a link and return the new token; the old one is dead at once.

    Raises
    ------
    UnseenError
        It is unknown or revoked; somebody may have been quicker.
    """
    token = new_link_token()
    if not replace_feed_token(session, old_hash, hash_token(token), by=by):
        raise UnseenError
    return token


def revoke_links(session: Session, target: Target, *, by: str) -> int:
    """Let every link to a calendar stop at once; return how many there were."""
    found = feed_tokens(session, target.kind, target.id)
    return sum(revoke_feed_token(session, token.hash, by=by) for token in found)
