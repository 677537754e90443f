"""The source of the feeds and the home of their tokens (``api.feeds``), kept in the store."""

from __future__ import annotations

import datetime as dt
import threading
from contextlib import suppress

from api.feeds.event import Contents, OpenedFeed, Target, Version
from api.feeds.feed_bytes import entries_of
from models.store.database.clock import now
from models.store.database.errors import UnavailableError
from models.store.database.store import Store
from models.store.feeds.calendar_states import feed_events, feed_version, open_feed
from models.store.people.tokens import (
    use_feed_token,
)

NOTED = dt.timedelta(days=1)
"""How exactly it is kept when a link was last used: clients ask every hour, and writing costs."""

NEVER = Version("0", dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
"""The state of a calendar before its first publication."""


class StoreFeeds:
    """Implements ``FeedSource``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._noted: dict[str, dt.datetime] = {}
        self._noting = threading.Lock()

    @property
    def is_near(self) -> bool:
        """Whether a look-up waits for no network."""
        return self._store.is_near

    def feed(self, token_hash: str) -> OpenedFeed | None:
        """Return whose calendar a token opens, and its state; None if unknown or revoked."""
        with self._store.look() as connection:
            found = open_feed(connection, token_hash)
        if found is None:
            return None
        return OpenedFeed(
            Target(found.kind, found.target, found.name), _version(found.tag, found.changed)
        )

    def is_use_due(self, token_hash: str) -> bool:
        """Return whether the use of a token has not been noted for a day."""
        last = self._noted.get(token_hash)
        return last is None or last <= now() - NOTED

    def note_use(self, token_hash: str) -> None:
        """Keep when a token was last used, to the day, unless the store is busy or cannot be written.

        One thread at a time: where a writer is slow, no others wait for it behind this one.
        """
        if not self._noting.acquire(blocking=False):
            return
        try:
            at = now()
            with suppress(UnavailableError), self._store.begin() as session:
                use_feed_token(session, token_hash, at)
            self._noted[token_hash] = at
        finally:
            self._noting.release()

    def contents(self, target: Target, since: dt.datetime) -> Contents:
        """Return the target's entries that start at ``since`` or later, and the state they are of."""
        with self._store.read() as session:
            found = feed_version(session, target.kind, target.id)
            events = feed_events(session, target.kind, target.id, since=since)
        version = _version(found.tag, found.changed) if found else NEVER
        return Contents(entries_of(target, events), version)


def _version(tag: int | None, changed: dt.datetime | None) -> Version:
    return NEVER if tag is None or changed is None else Version(str(tag), changed)
