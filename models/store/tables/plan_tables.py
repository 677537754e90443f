"""Tables of plans: instances, jobs, rosters and their rows, pins."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.county_ids import LONGEST_KEY
from models.store.tables.columns import Base, Compressed
from models.store.tables.words import AssignmentKind, RosterState
from models.vocabulary import Part, PinKind, Strength

_PUBLISHED = text("stage = 'published'")


class InstanceDocument(Base):
    """One immutable instance, by its content hash."""

    __tablename__ = "instances"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    area: Mapped[str] = mapped_column(String(60), index=True)
    document: Mapped[str] = mapped_column(Compressed, deferred=True)
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(String(80))


class CurrentInstance(Base):
    """The instance an area works with now; ``revision`` counts its changes from 1.

    ``chosen`` is the one that was last put to use whole; what it lacks was entered since.
    """

    __tablename__ = "current_instances"

    area: Mapped[str] = mapped_column(String(60), primary_key=True)
    instance: Mapped[str] = mapped_column(ForeignKey("instances.hash"))
    chosen: Mapped[str] = mapped_column(ForeignKey("instances.hash"))
    revision: Mapped[int]
    changed_at: Mapped[dt.datetime]
    changed_by: Mapped[str] = mapped_column(String(80))


class RosterRecord(Base):
    """One roster of an area and month.

    ``revision`` is given on publication, 1 and up per area and month; ``base`` is the one that a
    draft was made from, 0 where nothing was published. ``version`` rises with every change of rows
    or stage: the entity tag. ``is_checked`` says whether the report tells of the rows as they are.
    """

    __tablename__ = "rosters"
    __table_args__ = (
        UniqueConstraint("area", "month", "revision"),
        Index(
            "ix_rosters_one_published",
            "area",
            "month",
            unique=True,
            sqlite_where=_PUBLISHED,
            postgresql_where=_PUBLISHED,
        ),
        Index(None, "area", "month", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(String(60))
    month: Mapped[str] = mapped_column(String(7))
    instance: Mapped[str] = mapped_column(ForeignKey("instances.hash"))
    stage: Mapped[RosterState]
    revision: Mapped[int | None]
    base: Mapped[int]
    version: Mapped[int]
    report: Mapped[str] = mapped_column(Compressed, deferred=True)
    is_checked: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(String(80))
    published_at: Mapped[dt.datetime | None]


class AssignmentRow(Base):
    """One row of a roster.

    ``target`` is a village, site or post; ``host`` the village that houses the station; ``firm``
    the one that is still to name a person.
    ``site`` and ``township`` say where it is, ``starts`` and ``ends`` when. ``who`` and ``licence``
    tell the person from those of other offices (``models.county_ids``).
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index(None, "who", "date"),
        Index(None, "licence", "date"),
        Index(None, "site", "date"),
        Index(None, "township", "date"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    roster: Mapped[int] = mapped_column(ForeignKey("rosters.id"), index=True)
    kind: Mapped[AssignmentKind]
    target: Mapped[str] = mapped_column(String(60))
    date: Mapped[dt.date | None] = mapped_column(index=True)
    part: Mapped[Part | None]
    person: Mapped[str | None] = mapped_column(String(60))
    who: Mapped[str | None] = mapped_column(String(LONGEST_KEY))
    licence: Mapped[str | None] = mapped_column(String(64))
    standby: Mapped[bool]
    lecture: Mapped[bool]
    host: Mapped[str | None] = mapped_column(String(60))
    firm: Mapped[str | None] = mapped_column(String(60))
    start: Mapped[str | None] = mapped_column(String(5))
    site: Mapped[str | None] = mapped_column(String(60))
    township: Mapped[str | None] = mapped_column(String(60))
    starts: Mapped[dt.datetime | None]
    ends: Mapped[dt.datetime | None]


class JobRow(Base):
    """Whose a job is and what came of it; how far it is, the queue itself knows."""

    __tablename__ = "jobs"
    __table_args__ = (Index(None, "area", "created_at", "id"),)

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    area: Mapped[str] = mapped_column(String(60))
    owner: Mapped[str] = mapped_column(String(80))
    instance: Mapped[str | None] = mapped_column(ForeignKey("instances.hash"))
    roster: Mapped[int | None] = mapped_column(ForeignKey("rosters.id"))
    created_at: Mapped[dt.datetime]


class JobFile(Base):
    """The file that an import reads or an export wrote."""

    __tablename__ = "job_files"

    job: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[dt.datetime]


class PinRecord(Base):
    """An assignment the office froze or wants kept, beside those of the instance."""

    __tablename__ = "pins"
    __table_args__ = (Index(None, "area", "date"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(String(60))
    kind: Mapped[PinKind]
    target: Mapped[str] = mapped_column(String(60))
    person: Mapped[str] = mapped_column(String(60))
    date: Mapped[dt.date | None]
    part: Mapped[Part | None]
    strength: Mapped[Strength]
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(String(80))
