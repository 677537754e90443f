"""The resources of the service under ``/api/v1``, one file each."""

from __future__ import annotations

from api.routes import (
    accounts,
    areas,
    busy,
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
    request_asks,
    request_moves,
    requests,
    rosters,
    rows,
    rules,
    solves,
    uploads,
    whatif,
    whatif_answers,
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
        whatif_answers,
        whatif,
        rosters,
        edits,
        figures,
        pins,
        questions,
        exports,
        published,
        request_asks,
        requests,
        request_moves,
        busy,
        feed_links,
        accounts,
        logs,
    )
)
"""All of them, in the order of the document."""
