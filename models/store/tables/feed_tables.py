"""Tables of the calendars: the events that were published, and the tokens that open calendars."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.county_ids import LONGEST_KEY
from models.formats.feeds.feed_event import FeedEvent
from models.store.tables.columns import Base
from models.store.tables.words import FeedKind

_EVENT = TypeAdapter(FeedEvent)
_EVENT_KEY = 500
"""Characters of an event's key at most: a slot, a person and the place that a trace is of."""


class FeedRow(Base):
    """One event of one person, kept for good under its key; ``body`` is the event as JSON.

    ``slot`` is the identity under which places tell it; ``cancelled`` says that nobody holds it now.
    """

    __tablename__ = "feed_rows"
    __table_args__ = (Index(None, "area", "month"),)

    key: Mapped[str] = mapped_column(String(_EVENT_KEY), primary_key=True)
    slot: Mapped[str] = mapped_column(String(_EVENT_KEY), index=True)
    area: Mapped[str] = mapped_column(String(60))
    month: Mapped[str] = mapped_column(String(7))
    roster: Mapped[int] = mapped_column(ForeignKey("rosters.id"))
    starts: Mapped[dt.datetime]
    cancelled: Mapped[bool]
    body: Mapped[str] = mapped_column(Text)


def event_of(body: str) -> FeedEvent:
    """Return the event of a row."""
    return _EVENT.validate_json(body)


def columns(event: FeedEvent) -> dict[str, Any]:
    """Return what a row says of its event."""
    return {
        "key": event.key,
        "slot": event.slot,
        "starts": event.start,
        "cancelled": event.is_cancelled,
        "body": _EVENT.dump_json(event).decode(),
    }


class FeedPlace(Base):
    """In whose calendar an event stands: its person's, and those of places.

    ``target`` is here and below the key of a person, site or village (``models.county_ids``), or a
    township's id.
    """

    __tablename__ = "feed_places"

    kind: Mapped[FeedKind] = mapped_column(primary_key=True)
    target: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    key: Mapped[str] = mapped_column(ForeignKey("feed_rows.key"), primary_key=True, index=True)


class FeedVersion(Base):
    """The state of one calendar: ``tag`` rises with every publication that touches it."""

    __tablename__ = "feed_versions"

    kind: Mapped[FeedKind] = mapped_column(primary_key=True)
    target: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    tag: Mapped[int]
    changed: Mapped[dt.datetime]


class FeedToken(Base):
    """The key to one calendar, as SHA-256 of the secret; ``name`` is what clients show."""

    __tablename__ = "feed_tokens"
    __table_args__ = (Index(None, "kind", "target"),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[FeedKind]
    target: Mapped[str] = mapped_column(String(LONGEST_KEY))
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(String(80))
    revoked_at: Mapped[dt.datetime | None]
    last_used_at: Mapped[dt.datetime | None]
