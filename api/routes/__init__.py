"""The resources of the service under ``/api/v1``, one file each."""

from __future__ import annotations

from api.routes.data import areas, instances, rows, rules, uploads
from api.routes.jobs import jobs, solves
from api.routes.notices import notice_ways, notices
from api.routes.people import (
    accounts,
    busy,
    feed_links,
    firm_slots,
    request_asks,
    request_moves,
    requests,
    tokens,
)
from api.routes.plans import (
    edits,
    exports,
    figures,
    logs,
    pins,
    publication,
    published,
    repairs,
    roster_questions,
    rosters,
)
from api.routes.whatif import whatif, whatif_answers
from api.routes.year import attendance, closing, monthly_reports, statements, work

ROUTERS = tuple(
    part.router
    for part in (
        areas,
        instances,
        rows,
        rules,
        uploads,
        closing,
        attendance,
        work,
        statements,
        monthly_reports,
        solves,
        jobs,
        whatif_answers,
        whatif,
        rosters,
        publication,
        repairs,
        edits,
        figures,
        pins,
        roster_questions,
        exports,
        published,
        firm_slots,
        request_asks,
        requests,
        request_moves,
        busy,
        feed_links,
        accounts,
        tokens,
        logs,
        notices,
        notice_ways,
    )
)
"""All of them, in the order of the document."""
