"""All tables of the store, so that ``METADATA`` knows every one of them."""

from __future__ import annotations

from models.store.tables import (
    access_tables,
    feed_tables,
    log_table,
    notice_tables,
    plan_tables,
    question_tables,
    request_tables,
    year_tables,
)
from models.store.tables.columns import Base

__all__ = [
    "METADATA",
    "access_tables",
    "feed_tables",
    "log_table",
    "notice_tables",
    "plan_tables",
    "question_tables",
    "request_tables",
    "year_tables",
]

METADATA = Base.metadata
