"""A small store of published events and tokens over SQLite: a FeedSource and a TokenStore."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path

from pydantic import TypeAdapter

from api.feeds.calendar import entries_of
from api.feeds.changes import publish
from api.feeds.event import Entry, FeedEvent, Target, TargetKind, Version

_EVENT = TypeAdapter(FeedEvent)
_SCHEMA = """
CREATE TABLE event (key TEXT PRIMARY KEY, start REAL NOT NULL, body TEXT NOT NULL);
CREATE TABLE place (kind TEXT, id TEXT, key TEXT, PRIMARY KEY (kind, id, key)) WITHOUT ROWID;
CREATE TABLE version (kind TEXT, id TEXT, tag INTEGER NOT NULL, changed REAL NOT NULL,
                      PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE token (hash TEXT PRIMARY KEY, kind TEXT, id TEXT, name TEXT,
                    is_revoked INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
"""
NEVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class SqliteStore:
    """Counts the readings of events, so that a test sees what was rendered."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self.readings = 0
        self.db.executescript(_SCHEMA)

    @property
    def db(self) -> sqlite3.Connection:
        if not hasattr(self._local, "db"):
            self._local.db = sqlite3.connect(self._path)
            self._local.db.execute("PRAGMA synchronous = OFF")  # no test pulls the plug
        return self._local.db

    def publish(self, events: Iterable[FeedEvent], at: dt.datetime) -> tuple[FeedEvent, ...]:
        """Publish everything anew; return what changed."""
        stored = {event.key: event for event in self.all_events()}
        changes = publish(stored.values(), events, at)
        touched = set()
        with self.db as db:
            for event in changes:
                body = _EVENT.dump_json(event).decode()
                db.execute(
                    "INSERT OR REPLACE INTO event VALUES (?, ?, ?)",
                    (event.key, event.start.timestamp(), body),
                )
                db.execute("DELETE FROM place WHERE key = ?", (event.key,))
                for kind, key in _places(event):
                    db.execute("INSERT INTO place VALUES (?, ?, ?)", (kind, key, event.key))
                touched |= set(_places(event)) | set(_places(stored.get(event.key, event)))
            for kind, key in touched:
                db.execute(
                    "INSERT INTO version VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE"
                    " SET tag = tag + 1, changed = excluded.changed",
                    (kind, key, at.timestamp()),
                )
        return changes

    def all_events(self) -> list[FeedEvent]:
        return [_EVENT.validate_json(body) for (body,) in self.db.execute("SELECT body FROM event")]

    def target(self, token_hash: str) -> Target | None:
        row = self.db.execute(
            "SELECT kind, id, name FROM token WHERE hash = ? AND NOT is_revoked", (token_hash,)
        ).fetchone()
        return Target(TargetKind(row[0]), row[1], row[2]) if row else None

    def version(self, target: Target) -> Version:
        row = self.db.execute(
            "SELECT tag, changed FROM version WHERE kind = ? AND id = ?", (target.kind, target.id)
        ).fetchone()
        if row is None:
            return Version("0", NEVER)
        return Version(str(row[0]), dt.datetime.fromtimestamp(row[1], dt.UTC))

    def entries(self, target: Target, since: dt.datetime) -> list[Entry]:
        self.readings += 1
        rows = self.db.execute(
            "SELECT body FROM event JOIN place USING (key)"
            " WHERE kind = ? AND id = ? AND start >= ?",
            (target.kind, target.id, since.timestamp()),
        )
        return entries_of(target, [_EVENT.validate_json(body) for (body,) in rows])

    def add_token(self, target: Target, token_hash: str) -> None:
        row = (token_hash, target.kind, target.id, target.name)
        with self.db as db:
            db.execute("INSERT INTO token (hash, kind, id, name) VALUES (?, ?, ?, ?)", row)

    def revoke_token(self, token_hash: str) -> bool:
        with self.db as db:
            done = db.execute(
                "UPDATE token SET is_revoked = 1 WHERE hash = ? AND NOT is_revoked", (token_hash,)
            )
            return done.rowcount == 1

    def replace_token(self, token_hash: str, new_hash: str) -> bool:
        with self.db as db:
            target = self.target(token_hash)
            if target is None:
                return False
            db.execute("UPDATE token SET is_revoked = 1 WHERE hash = ?", (token_hash,))
            row = (new_hash, target.kind, target.id, target.name)
            db.execute("INSERT INTO token (hash, kind, id, name) VALUES (?, ?, ?, ?)", row)
            return True


def _places(event: FeedEvent) -> list[tuple[str, str]]:
    """Return the targets in whose calendars an event stands."""
    places = [(TargetKind.PERSON, event.person)]
    places += [(TargetKind.SITE, site) for site in event.sites]
    places += [(TargetKind.TOWNSHIP, event.township)] * bool(event.township)
    places += [(TargetKind.VILLAGE, event.village)] * bool(event.village)
    return [(kind.value, key) for kind, key in places]
