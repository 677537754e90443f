"""The events of a calendar, and whether it has changed."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, select
from sqlalchemy.orm import Session

from models.formats.feeds.feed_event import FeedEvent
from models.store.tables.feed_tables import FeedPlace, FeedRow, FeedToken, FeedVersion, event_of
from models.store.tables.words import FeedKind


class OpenFeed(NamedTuple):
    """Whose calendar a token opens, and the state of it: none before its first publication."""

    kind: FeedKind
    target: str
    name: str
    tag: int | None
    changed: dt.datetime | None


_OPEN_FEED = (
    select(FeedToken.kind, FeedToken.target, FeedToken.name, FeedVersion.tag, FeedVersion.changed)
    .outerjoin(
        FeedVersion,
        and_(FeedVersion.kind == FeedToken.kind, FeedVersion.target == FeedToken.target),
    )
    .where(FeedToken.hash == bindparam("token"), FeedToken.revoked_at.is_(None))
)


def open_feed(connection: Connection, token_hash: str) -> OpenFeed | None:
    """Return what a token opens by one look-up, none for an unknown or revoked one."""
    found = connection.execute(_OPEN_FEED, {"token": token_hash}).one_or_none()
    return OpenFeed(*found) if found else None


def feed_events(
    session: Session, kind: FeedKind, target: str, *, since: dt.datetime
) -> list[FeedEvent]:
    """Return the events of one calendar that start at ``since`` (aware) or later, cancelled ones too."""
    query = (
        select(FeedRow.body)
        .join(FeedPlace, FeedPlace.key == FeedRow.key)
        .where(FeedPlace.kind == kind, FeedPlace.target == target, FeedRow.starts >= since)
        .order_by(FeedRow.starts, FeedRow.key)
    )
    return [event_of(body) for body in session.scalars(query)]


def feed_version(session: Session, kind: FeedKind, target: str) -> FeedVersion | None:
    """Return the state of one calendar, none before its first publication."""
    return session.get(FeedVersion, (kind, target))
