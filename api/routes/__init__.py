"""The resources of the service under ``/api/v1``, one file each."""

from __future__ import annotations

from api.routes import (
    accounts,
    edits,
    exports,
    feed_links,
    figures,
    instances,
    jobs,
    pins,
    published,
    questions,
    rosters,
    rows,
    solves,
    uploads,
)

ROUTERS = tuple(
    part.router
    for part in (
        instances,
        rows,
        uploads,
        solves,
        jobs,
        rosters,
        edits,
        figures,
        pins,
        questions,
        exports,
        published,
        feed_links,
        accounts,
    )
)
"""All of them, in the order of the document."""
