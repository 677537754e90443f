"""Tables of requests, and of the addresses of people's own calendars."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.tables.columns import Base
from models.store.tables.words import RequestKind, RequestState


class Request(Base):
    """One request for leave, or for a swap of a published duty.

    ``owner`` is the area whose data know the people, ``area`` the one that decides. ``leave``
    is a row of leave; ``duty`` is the duty that ``person`` gives away and ``in_return`` the one
    of ``colleague`` taken for it, as rows of a roster. Without ``colleague`` the office finds
    somebody. ``draft`` waits for confirmation and changes the published roster ``base``.
    ``version`` rises with every move: the entity tag.
    """

    __tablename__ = "requests"
    __table_args__ = (
        Index(None, "area", "id"),
        Index(None, "person", "id"),
        Index(None, "colleague", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RequestKind]
    state: Mapped[RequestState]
    version: Mapped[int]
    owner: Mapped[str] = mapped_column(String(60))
    area: Mapped[str] = mapped_column(String(60))
    person: Mapped[str] = mapped_column(String(60))
    colleague: Mapped[str | None] = mapped_column(String(60))
    leave: Mapped[dict[str, Any] | None]
    duty: Mapped[dict[str, Any] | None]
    in_return: Mapped[dict[str, Any] | None]
    why: Mapped[str] = mapped_column(String(400))
    answer: Mapped[str] = mapped_column(String(400))
    base: Mapped[int | None] = mapped_column(ForeignKey("rosters.id"))
    draft: Mapped[int | None] = mapped_column(ForeignKey("rosters.id"))
    asked_at: Mapped[dt.datetime]
    asked_by: Mapped[str] = mapped_column(String(80))
    changed_at: Mapped[dt.datetime]


class BusyCalendar(Base):
    """Where a person's own calendar is read from, and how the last reading ended.

    The address is a secret like a password, yet must be kept readable, since it is fetched
    again every day. ``failed`` is the code of the issue of the last reading, none if it went well;
    ``skipped`` counts the events that could not be read, ``told`` has the issues of those that may
    matter, which name a date and no title.
    """

    __tablename__ = "busy_calendars"

    owner: Mapped[str] = mapped_column(String(60), primary_key=True)
    person: Mapped[str] = mapped_column(String(60), primary_key=True)
    address: Mapped[str] = mapped_column(String(2000), deferred=True)
    host: Mapped[str] = mapped_column(String(255))
    failed: Mapped[str | None] = mapped_column(String(40))
    skipped: Mapped[int] = mapped_column(server_default="0")
    told: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    read_at: Mapped[dt.datetime] = mapped_column(index=True)
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(String(80))
