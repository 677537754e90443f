"""What all routes that change the data of an area answer."""

from __future__ import annotations

from fastapi import Response

from api.office.data.data_changes import Changed
from api.routes.answering.entity_tags import tag

CHANGES_DATA = ("conflict", "changed-meanwhile", "if-match-required")
"""What a route that changes data may answer besides what the guard says."""


def told(changed: Changed, response: Response) -> Changed:
    """Say which revision the data have now."""
    tag(response, changed.revision)
    return changed
