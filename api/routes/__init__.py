"""The resources of the service under ``/api/v1``, one file each."""

from __future__ import annotations

from api.routes import (
    accounts,
    areas,
    edits,
    exports,
    feed_links,
    figures,
    instances,
    jobs,
    logs,
    pins,
    published,
    questions,
    rosters,
    rows,
    rules,
    solves,
    uploads,
)

ROUTERS = tuple(
    part.router
    for part in (
        areas,
        instances,
        rows,
        rules,
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
        logs,
    )
)
"""All of them, in the order of the document."""
