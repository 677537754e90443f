"""What stands in a calendar now, and whether it has changed."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.formats.feed_event import FeedEvent
from models.store.feed_tables import FeedPlace, FeedRow, FeedVersion
from models.store.words import FeedKind


def feed_events(
    session: Session, kind: FeedKind, target: str, *, since: dt.datetime
) -> list[FeedEvent]:
    """Return the events of one calendar that start at ``since`` (aware) or later, cancelled ones too."""
    query = (
        select(FeedRow)
        .join(FeedPlace, FeedPlace.key == FeedRow.key)
        .where(FeedPlace.kind == kind, FeedPlace.target == target, FeedRow.starts >= since)
        .order_by(FeedRow.starts, FeedRow.key)
    )
    return [row.event for row in session.scalars(query)]


def feed_version(session: Session, kind: FeedKind, target: str) -> FeedVersion | None:
    """Return the state of one calendar, none before its first publication."""
    return session.get(FeedVersion, (kind, target))
