"""Keeps people's links right when they move to another county: their calendars go with them.

The key of a person names the county of his own area (``models.county_ids``), which changes when he
joins a firm elsewhere. Under one office's data his id stays. An office moves people between counties
of its own alone: what happens beyond its border is not its to say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from models.area_codes import is_within
from models.county_ids import county_in
from models.store.tables.feed_tables import (
    FeedPlace,
    FeedRow,
    FeedToken,
    FeedVersion,
    columns,
    event_of,
)
from models.store.tables.plan_tables import AssignmentRow, RosterRecord
from models.store.tables.words import FeedKind

PERSON = FeedKind.PERSON


def follow_moved_people(session: Session, draft: RosterRecord, at: dt.datetime) -> None:
    """Let links and calendars follow the people whose key has changed since the area last published."""
    for old, new in _moved(session, draft):
        theirs = select(FeedPlace.key).where(FeedPlace.kind == PERSON, FeedPlace.target == old)
        for row in session.scalars(select(FeedRow).where(FeedRow.key.in_(theirs))):
            row.body = columns(replace(event_of(row.body), person=new))["body"]
        for table in (FeedToken, FeedPlace):
            of_old = update(table).where(table.kind == PERSON, table.target == old)
            session.execute(of_old.values(target=new))
        _carry_version(session, old, new, at)


def _moved(session: Session, draft: RosterRecord) -> Iterator[tuple[str, str]]:
    last = (
        select(RosterRecord.id)
        .where(RosterRecord.area == draft.area, RosterRecord.published_at.is_not(None))
        .order_by(RosterRecord.published_at.desc(), RosterRecord.id.desc())
        .limit(1)
    )
    was, now = aliased(AssignmentRow), aliased(AssignmentRow)
    query = (
        select(was.who, now.who)
        .join(now, now.person == was.person)
        .where(was.roster == last.scalar_subquery(), now.roster == draft.id, was.who != now.who)
        .distinct()
    )
    for old, new in session.execute(query).all():
        if old and new and all(is_within(county_in(key), draft.area) for key in (old, new)):
            yield old, new


def _carry_version(session: Session, old: str, new: str, at: dt.datetime) -> None:
    """Give the new calendar a state that neither had before: phones compare states alone."""
    found = [v for key in (old, new) if (v := session.get(FeedVersion, (PERSON, key)))]
    tag = max((version.tag for version in found), default=0) + 1
    changed = max((version.changed for version in found), default=at)
    session.merge(FeedVersion(kind=PERSON, target=new, tag=tag, changed=max(changed, at)))
    session.flush()
