"""Tables of the notices: what is to be told to whom, the messages that carry it, ways and groups."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.county_ids import LONGEST_KEY
from models.store.tables.columns import Base
from models.store.tables.words import NoticeFault, NoticeKind, NoticeState, NoticeWay


class Notice(Base):
    """Something that a person or a group is to be told once; ``event`` and ``target`` name it for good.

    ``area`` publishes or decides and sees what becomes of it. ``target`` is the key of a person
    (``models.county_ids``) or ``group:7``, ``name`` what a list shows for it. ``starts`` is when the
    first thing begins that it tells of. ``message`` carries it, perhaps with others of the target.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("event", "target"),
        Index(None, "area", "id"),
        Index(None, "state", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(String(80))
    kind: Mapped[NoticeKind]
    area: Mapped[str] = mapped_column(String(60))
    target: Mapped[str] = mapped_column(String(LONGEST_KEY), index=True)
    name: Mapped[str] = mapped_column(String(80))
    body: Mapped[dict[str, Any]]
    starts: Mapped[dt.datetime | None]
    written_at: Mapped[dt.datetime]
    state: Mapped[NoticeState]
    message: Mapped[int | None] = mapped_column(ForeignKey("notice_messages.id"), index=True)


class NoticeMessage(Base):
    """One text on its way to one target.

    ``lane`` is what a rate limit counts: a mail server, a robot. It is tried from ``due_at`` until
    ``until``; ``fault`` is the last refusal.
    """

    __tablename__ = "notice_messages"
    __table_args__ = (
        Index(None, "state", "due_at"),
        Index(None, "lane", "attempted_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(String(60))
    target: Mapped[str] = mapped_column(String(LONGEST_KEY))
    way: Mapped[NoticeWay]
    lane: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[NoticeState]
    attempts: Mapped[int]
    due_at: Mapped[dt.datetime]
    until: Mapped[dt.datetime]
    attempted_at: Mapped[dt.datetime | None]
    sent_at: Mapped[dt.datetime | None]
    fault: Mapped[NoticeFault | None]


class NoticeChoice(Base):
    """By which way a person wants to be told, and whether of tomorrow's duties too."""

    __tablename__ = "notice_choices"

    target: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    way: Mapped[NoticeWay]
    address: Mapped[str] = mapped_column(String(254), deferred=True)
    reminder: Mapped[bool]
    changed_at: Mapped[dt.datetime]


class NoticeGroup(Base):
    """A group chat that an area tells of its publications by a robot; address and secret open it."""

    __tablename__ = "notice_groups"
    __table_args__ = (Index(None, "area"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(80))
    way: Mapped[NoticeWay]
    address: Mapped[str] = mapped_column(String(2000), deferred=True)
    secret: Mapped[str] = mapped_column(String(200), deferred=True)
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(String(80))
    closed_at: Mapped[dt.datetime | None]

    @property
    def target(self) -> str:
        """The target of its notices."""
        return f"group:{self.id}"
