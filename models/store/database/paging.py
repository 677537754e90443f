"""Keyset paging: the next page starts after the last row of this one, whatever was added since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

T = TypeVar("T")

MOST = 500
"""Rows on a page at most."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and the key to ask for the next ones with; none at the end."""

    rows: tuple[T, ...]
    next: int | None


def newest_first(
    session: Session,
    query: Select[T],
    key: InstrumentedAttribute[int],
    before: int | None,
    limit: int,
) -> Page[T]:
    """Return the rows of ``query`` with ``key`` below ``before``, highest first, 1 to ``MOST``."""
    limit = max(1, min(limit, MOST))
    if before is not None:
        query = query.where(key < before)
    found = session.scalars(query.order_by(key.desc()).limit(limit + 1)).all()
    rows = tuple(found[:limit])
    return Page(rows, getattr(rows[-1], key.key) if len(found) > limit else None)
