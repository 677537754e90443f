"""Solves: ``202`` and a job, whose plan becomes a draft."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from api.access.action_places import Place
from api.access.actions import Action
from api.access.policy import check
from api.actions.planning import with_pins
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.jobs.contract.order import StageName
from api.jobs.job import Job
from api.jobs.kinds.solve import SolveOrder
from api.jobs.service import Announce
from api.office.areas import Data
from api.office.context import Service
from api.office.plans.days_around import with_days_around
from api.routes.answering.fields import MonthText
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.repetition import IdempotencyKey
from api.routes.answering.running import InService
from api.routes.jobs.job_views import JobView, asked_for, enqueued
from models.store.plans.instances import put_instance
from models.store.plans.pins import pins_of

router = APIRouter(prefix="/api/v1", tags=["jobs"])

USUAL_SECONDS = 60.0
"""For a solve that names no time, or the most that the settings allow."""


class SolveRequest(BaseModel):
    """What to solve of the area's current data."""

    model_config = ConfigDict(extra="forbid")

    month: MonthText | None = Field(None, description="不填为数据中的月份 that of the data if none")
    stage: StageName = "all"
    profile: Annotated[str, Field(max_length=80)] | None = None
    changes: Annotated[
        tuple[Annotated[str, Field(max_length=200)], ...], Field(max_length=200)
    ] = ()
    seconds: Annotated[float, Field(ge=1, le=86_400)] | None = Field(
        None, description="不超过设置的上限 at most what the settings allow"
    )
    seed: int = Field(1, ge=0, le=2**31 - 1)


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
    check(grant.actor, Action.SOLVE, Place.of_area(data.instance, data.area))
    asked = asked_for("solve", data.area, grant.actor, idempotency_key)
    asked.instance = with_pins_of(service, data, order.month, asked.owner)
    seconds = order.seconds or min(USUAL_SECONDS, service.jobs.settings.most_seconds)

    def enqueue(announce: Announce) -> Job:
        chosen = order.model_dump() | {"instance": asked.instance, "seconds": seconds}
        full = SolveOrder.model_validate(chosen)
        return service.jobs.submit(full, asked.id, asked.owner, announce)

    return enqueued(service, asked, enqueue)


def with_pins_of(service: Service, data: Data, month: str | None, by: str) -> str:
    """Keep the data with the pins and what is published around the month; return their hash."""
    with service.store.begin() as session:
        pins = pins_of(session, data.area, month or data.instance.settings.month)
        instance = with_pins(data.instance, pins) if pins else data.instance
        instance = with_days_around(session, instance, month or instance.settings.month)
        return put_instance(session, instance, area=data.area, by=by)
