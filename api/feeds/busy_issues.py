"""Issues of an external calendar, which quote nothing from it."""

from __future__ import annotations

from models.issues import Issue
from models.messages import Spot, issue


def busy_issue(code: str, number: int | None = None) -> Issue:
    """Return the issue of the file, or of its event by number: its title is private."""
    return issue(code, Spot(cell=f"第 {number} 个日程 event {number}" if number else ""))
