"""The inputs of feeds: the target of a calendar, its state and entries, and their source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from models.formats.feeds.feed_entries import CalendarEntry
from models.formats.feeds.feed_event import EventKind, FeedEvent, plain_text
from models.store.tables.words import FeedKind as TargetKind

__all__ = [
    "CalendarEntry",
    "Contents",
    "EventKind",
    "FeedEvent",
    "FeedSource",
    "OpenedFeed",
    "Target",
    "TargetKind",
    "Version",
]


@dataclass(frozen=True, slots=True)
class Target:
    """Whose calendar a feed is: kind, key and the name that clients show.

    The key is that of ``models.county_ids``, for a township its id.
    """

    kind: TargetKind
    id: str
    name: str

    def __post_init__(self) -> None:
        """Normalise the name to the form that a calendar may show."""
        object.__setattr__(self, "name", plain_text(self.name))


@dataclass(frozen=True, slots=True)
class Version:
    """State of a target's events: ``tag`` changes whenever one of them does.

    ``changed`` is the aware time of the last change. A counter that every publish touching
    the target raises is a good tag; a time alone is not, two changes share a second.
    """

    tag: str
    changed: dt.datetime


class OpenedFeed(NamedTuple):
    """The calendar that a token opens, and its current state."""

    target: Target
    version: Version


class Contents(NamedTuple):
    """The entries of a calendar, and the state that they are."""

    entries: Sequence[CalendarEntry]
    version: Version


class FeedSource(Protocol):
    """The source of feeds: the store."""

    @property
    def is_near(self) -> bool:
        """Whether ``feed`` is fast enough to call on the event loop."""

    def feed(self, token_hash: str) -> OpenedFeed | None:
        """Return what a token opens by one cheap look-up; None if unknown or revoked."""

    def is_use_due(self, token_hash: str) -> bool:
        """Return whether the use of a token is to be noted; costs nothing, asked with every answer."""

    def note_use(self, token_hash: str) -> None:
        """Take note that a token has been used; called after the answer, so it may take its time."""

    def contents(self, target: Target, since: dt.datetime) -> Contents:
        """Return the target's entries that start at ``since`` or later, cancelled ones too.

        Both parts are read together. A store that keeps events makes entries of them by
        ``api.feeds.feed_bytes.entries_of``.
        """
