"""What stands in a calendar now."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.calendar import ZONE
from models.formats.feed_entries import Entry
from models.store.feed_tables import FeedPlace, FeedRow
from models.store.words import FeedKind


def feed_entries(
    session: Session,
    kind: FeedKind,
    target: str,
    *,
    first: dt.datetime,
    last: dt.datetime | None = None,
) -> list[Entry]:
    """Return the entries of one calendar that touch a window, by start, cancelled ones among them.

    Parameters
    ----------
    first, last
        Aware ends of the window; without ``last`` everything ahead.
    """
    query = select(FeedRow).where(FeedRow.ends > first)
    if kind is FeedKind.PERSON:
        query = query.where(FeedRow.person == target)
    else:
        query = query.join(FeedPlace, FeedPlace.uid == FeedRow.uid).where(
            FeedPlace.kind == kind, FeedPlace.target == target
        )
    if last is not None:
        query = query.where(FeedRow.starts < last)
    rows = session.scalars(query.order_by(FeedRow.starts, FeedRow.uid))
    return [row.entry(ZONE) for row in rows]
