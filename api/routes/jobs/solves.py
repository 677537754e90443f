"""Solves: ``202`` and a job, whose plan becomes a draft."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from api.access.actions import Action
from api.access.policy import check
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.plans.ordering import SolveRequest, order_solve
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.repetition import IdempotencyKey
from api.routes.answering.running import InService
from api.routes.jobs.job_views import JobView, asked_for, job_view

router = APIRouter(prefix="/api/v1", tags=["jobs"])


@router.post("/areas/{area}/solves", status_code=202, responses=responses(*GUARDED, "conflict"))
def solve(
    area: AreaId,
    order: SolveRequest,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.SOLVE, area_place))],
    idempotency_key: IdempotencyKey = None,
) -> JobView:
    """排班求解 / Solve a month of the area's current data; the plan becomes a draft.

    Pins of the area are kept, and what is published for the days around the month counts. The data
    are solved whole: only by those who may do so in all
    of the area that owns them.
    """
    data = service.areas.data_at(area)
    check(grant.actor, Action.SOLVE, data.place)
    asked = asked_for("solve", data.area, grant.actor, idempotency_key)
    return job_view(service, order_solve(service, data, asked, order))
