"""Lists, one page at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from api.http.problems import Problem
from models.messages import issue

T = TypeVar("T")


Before = Annotated[
    int | None,
    Query(ge=1, le=2**31 - 1, description="上一页的 next / the ``next`` of the last page"),
]
BeforeTime = Annotated[
    str | None, Query(max_length=160, description="上一页的 next / the ``next`` of the last page")
]
"""The key of a page of what is ordered by time and id; see ``page_key``."""
From = Annotated[
    int,
    Query(
        alias="before",
        ge=0,
        le=10**7,
        description="上一页的 next / the ``next`` of the last page; 0 for the first",
    ),
]
Limit = Annotated[int, Query(ge=1, le=500, description="每页行数 rows of a page")]


class Listing(BaseModel, Generic[T]):
    """One page of a list; ``next`` is the key of the next page (``before=``), none at the end."""

    items: list[T]
    next: int | str | None = None


def page_of(rows: Sequence[T], start: int, limit: int) -> Listing[T]:
    """Return the page of a list in a fixed order that begins with row ``start``."""
    end = start + limit
    return Listing(items=list(rows[start:end]), next=end if end < len(rows) else None)


def page_key(at: dt.datetime, name: object) -> str:
    """Return the key of the page that follows what has this time and id."""
    return f"{at.isoformat()}~{name}"


def page_after(before: str | None) -> tuple[dt.datetime, str] | None:
    """Return the time and id after which a page begins. Raises Problem (bad-request)."""
    if before is None:
        return None
    moment, _, name = before.partition("~")
    try:
        return dt.datetime.fromisoformat(moment).astimezone(dt.UTC), name
    except (ValueError, OverflowError):
        raise Problem("bad-request", issue("page_unknown")) from None
