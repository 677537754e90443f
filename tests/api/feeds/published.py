"""Feeds of the store, to which a test publishes events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select

from api.access.tokens import hash_token
from api.feeds.event import Contents, FeedEvent, Target
from api.feeds.store_feeds import StoreFeeds
from api.office.people.feed_links import issue_link, new_link_token, rotate_link
from models.store.database.store import Store
from models.store.feeds.feed_rows import write_events
from models.store.people.tokens import revoke_feed_token
from models.store.plans.roster_queries import roster_record
from models.store.tables.feed_tables import FeedRow, event_of
from tests.models.store.samples import EAST, draft


class PublishedFeeds(StoreFeeds):
    """Counts the readings of events, so that a test sees what was rendered."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.store = store
        self.readings = 0
        with store.begin() as session:
            self._roster = draft(session, EAST)

    def publish(self, events: Sequence[FeedEvent], at: dt.datetime) -> None:
        """Publish everything anew."""
        with self.store.begin() as session:
            write_events(session, roster_record(session, self._roster), events, at)

    def issue(self, target: Target) -> str:
        """Return a new token that opens the calendar of ``target``."""
        token = new_link_token()
        with self.store.begin() as session:
            issue_link(session, target, token, by="test")
        return token

    def rotate(self, token: str) -> str:
        with self.store.begin() as session:
            return rotate_link(session, hash_token(token), by="test")

    def revoke(self, token: str) -> bool:
        with self.store.begin() as session:
            return revoke_feed_token(session, hash_token(token), by="test")

    def opened(self, *tokens: str) -> list[Target | None]:
        """Return whose calendar each token opens."""
        found = [self.feed(hash_token(token)) for token in tokens]
        return [feed and feed.target for feed in found]

    def all_events(self) -> list[FeedEvent]:
        with self.store.read() as session:
            return [event_of(body) for body in session.scalars(select(FeedRow.body))]

    def contents(self, target: Target, since: dt.datetime) -> Contents:
        self.readings += 1
        return super().contents(target, since)
