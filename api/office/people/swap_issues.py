"""What can be wrong with a request for a swap."""

from __future__ import annotations

from models.issues import Issue
from models.messages import Spot, issue


def swap_issue(code: str, cell: str, value: str = "", **words: object) -> Issue:
    """Return the issue at one field of the request."""
    return issue(code, Spot("body", f"$.{cell}"), value, **words)
