"""The declarative base and the column types that both databases share."""

from __future__ import annotations

import datetime as dt
import zlib
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, Enum, LargeBinary, MetaData, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

from models.store.tables.words import (
    AssignmentKind,
    FeedKind,
    NoticeFault,
    NoticeKind,
    NoticeState,
    NoticeWay,
    RequestKind,
    RequestState,
    Role,
    RosterState,
)
from models.vocabulary import Part, PinKind, Strength, Term


class UtcTime(TypeDecorator[dt.datetime]):
    """An aware time, kept in UTC; SQLite has no zones, so there it is stored without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """Turn an aware time into what the database keeps. Raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a time in the store needs a zone"
            raise ValueError(message)
        utc = value.astimezone(dt.UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        """Return an aware time in UTC."""
        if value is None:
            return None
        aware: dt.datetime = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
        return aware.astimezone(dt.UTC)


class Compressed(TypeDecorator[str]):
    """A long text, kept compressed (zlib)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Compress."""
        return None if value is None else zlib.compress(value.encode())

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Expand."""
        return None if value is None else zlib.decompress(value).decode()


def _words(terms: type[Term]) -> Enum:
    # Plain text without a constraint: a new word needs no migration.
    return Enum(
        terms,
        native_enum=False,
        create_constraint=False,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        dt.datetime: UtcTime,
        dict[str, Any]: JSON(none_as_null=True),
        **{
            terms: _words(terms)
            for terms in (
                RosterState,
                AssignmentKind,
                FeedKind,
                Role,
                Part,
                PinKind,
                Strength,
                RequestKind,
                RequestState,
                NoticeFault,
                NoticeKind,
                NoticeState,
                NoticeWay,
            )
        },
    }
