"""The log of some areas as a file."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy.orm import Session

from api.documents.log.log_workbook import LogLine, log_workbook
from models.calendar import ZONE
from models.store.database.log import LogAsked, log_inside
from models.store.database.paging import MOST
from models.store.tables.log_table import LogEntry

MOST_ENTRIES = 100_000
"""Entries of one file, newest first; earlier ones by their dates."""


def log_file(session: Session, areas: Collection[str], asked: LogAsked) -> bytes:
    """Return a workbook of the entries that are asked for, newest first, at most ``MOST_ENTRIES``."""
    return log_workbook(map(_line, _entries(session, areas, asked)))


def _entries(session: Session, areas: Collection[str], asked: LogAsked) -> Iterator[LogEntry]:
    before, count = None, 0
    while count < MOST_ENTRIES:
        page = log_inside(session, areas, asked, before=before, limit=MOST)
        yield from page.rows
        before, count = page.next, count + len(page.rows)
        if before is None:
            return


def _line(entry: LogEntry) -> LogLine:
    time = f"{entry.at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}"
    said = (entry.by, entry.action, entry.target, entry.why, entry.before, entry.after)
    return LogLine(entry.id, time, *said)
