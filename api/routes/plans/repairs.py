"""Somebody is away: the published month repaired in one step, as a draft or published at once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.access.actions import Action
from api.access.policy import check
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.plans.repairs import (
    RepairedMonth,
    RepairRequest,
    enter_absence,
    keep_repaired,
    repair_roster,
)
from api.routes.answering.entity_tags import tag
from api.routes.answering.path_ids import RosterId
from api.routes.answering.repetition import IdempotencyKey, Repeatable
from api.routes.answering.running import InService, Today
from api.routes.plans.rosters import RosterView, place_of_roster, roster_view
from models.report import Breach, DifferenceRow, Unmet
from models.store.tables.plan_tables import RosterRecord
from models.store.tables.words import RosterState

router = APIRouter(prefix="/api/v1", tags=["rosters"])


class RepairOrder(RepairRequest):
    """Who is away and when, and whether the repaired month is published at once."""

    publish: bool = Field(
        False,
        description="不新增硬性违规时直接发布 publish at once if it adds no hard breach",
    )


class RepairView(BaseModel):
    """The repaired month: its roster, each difference, and what stays empty with the reasons."""

    roster: RosterView
    changes: tuple[DifferenceRow, ...]
    unmet: tuple[Unmet, ...]
    breaches: tuple[Breach, ...] = Field(description="新增的硬性违规 hard breaches that it adds")

    @classmethod
    def of(cls, kept: RosterRecord, made: RepairedMonth) -> RepairView:
        """Return what is told of a repair."""
        told = {"changes": made.changes, "unmet": made.unmet, "breaches": made.breaches}
        return cls(roster=roster_view(kept), **told)


@router.post("/rosters/{roster}/repair", status_code=201, responses=responses(*GUARDED, "conflict"))
def repair_month(
    roster: RosterId,
    asked: RepairOrder,
    service: InService,
    response: Response,
    today: Today,
    grant: Annotated[Grant, Depends(require(Action.EDIT_DRAFT, place_of_roster))],
    idempotency_key: IdempotencyKey = None,
) -> RepairView:
    """临时缺勤 / Repair a month after somebody is away, changing only what must change.

    Who stands by is called first. The result is a draft; with ``publish`` it is published at once, and the absence
    enters the data.
    """
    if asked.publish:
        check(grant.actor, Action.PUBLISH, grant.place)
    made, by = repair_roster(service, roster, asked, today), grant.actor.by
    why = asked.why or f"repair of roster {roster}"

    def act(session: Session) -> RepairView:
        kept = keep_repaired(session, made, publish_it=asked.publish, by=by, why=why)
        return RepairView.of(kept, made)

    once = Repeatable(grant.actor, idempotency_key, asked, f"repair {roster}")
    answer = once.once(service.store, RepairView, act)
    if answer.roster.stage is RosterState.PUBLISHED:
        enter_absence(service, made.area, asked.absence.leave, by=by, why=why)
    tag(response, answer.roster.version)
    return answer
