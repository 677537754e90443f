"""Tables of the calendars: what stands in them, and the tokens that open them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.formats.feed_entries import Entry, cancelled
from models.store.columns import Base
from models.store.words import FeedKind


class FeedRow(Base):
    """One entry of the calendars, kept for good under its UID.

    ``person`` is set for an entry of that person's calendar and empty for one of places;
    ``crew`` are the ids of those in charge and of those on stand-by (``L1,L2;L3``).
    ``sequence`` rises when time, place, crew or ``cancelled`` change, ``last_modified`` with
    any change of what is shown.
    """

    __tablename__ = "feed_rows"
    __table_args__ = (Index(None, "person", "ends"), Index(None, "area", "month"))

    uid: Mapped[str] = mapped_column(String(80), primary_key=True)
    area: Mapped[str] = mapped_column(String(60))
    month: Mapped[str] = mapped_column(String(7))
    roster: Mapped[int] = mapped_column(ForeignKey("rosters.id"))
    person: Mapped[str | None] = mapped_column(String(60))
    crew: Mapped[str] = mapped_column(Text)
    starts: Mapped[dt.datetime]
    ends: Mapped[dt.datetime]
    summary: Mapped[str] = mapped_column(Text)
    location: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    is_busy: Mapped[bool]
    sequence: Mapped[int]
    last_modified: Mapped[dt.datetime]
    cancelled: Mapped[bool]

    def entry(self, zone: dt.tzinfo) -> Entry:
        """Return the entry as a calendar shows it, its times in ``zone``."""
        entry = Entry(
            uid=self.uid,
            start=self.starts.astimezone(zone),
            end=self.ends.astimezone(zone),
            summary=self.summary,
            location=self.location,
            description=self.description,
            is_busy=self.is_busy,
            is_cancelled=False,
            sequence=self.sequence,
            stamp=self.last_modified,
            crew=_groups(self.crew),
        )
        return cancelled(entry) if self.cancelled else entry


class FeedPlace(Base):
    """In which place's calendar an entry stands."""

    __tablename__ = "feed_places"

    kind: Mapped[FeedKind] = mapped_column(primary_key=True)
    target: Mapped[str] = mapped_column(String(60), primary_key=True)
    uid: Mapped[str] = mapped_column(ForeignKey("feed_rows.uid"), primary_key=True, index=True)


class FeedToken(Base):
    """The key to one calendar, as SHA-256 of the secret."""

    __tablename__ = "feed_tokens"
    __table_args__ = (Index(None, "kind", "target"),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[FeedKind]
    target: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(String(80))
    revoked_at: Mapped[dt.datetime | None]


def crew_text(crew: tuple[tuple[str, ...], tuple[str, ...]]) -> str:
    """Return the crew of an entry as a row keeps it; ids hold neither comma nor semicolon."""
    return ";".join(",".join(group) for group in crew)


def _groups(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    in_charge, standby = (tuple(filter(None, group.split(","))) for group in text.split(";"))
    return in_charge, standby
