"""The one place where the store reads the clock."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """Return the time, aware, in UTC."""
    return dt.datetime.now(dt.UTC)
