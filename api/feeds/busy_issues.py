"""Issues of an external calendar, which quote nothing from it."""

from __future__ import annotations

import datetime as dt

from models.issues import Issue
from models.messages import Spot, issue


def busy_issue(code: str, number: int | None = None, day: dt.date | None = None) -> Issue:
    """Return the issue of the file, or of its event by number and day: its title is private."""
    event = f"第 {number} 个日程 event {number}" if number else ""
    return issue(code, Spot(cell=f"{day} {event}" if day else event), f"{day or ''}")
