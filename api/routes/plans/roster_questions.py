"""What a roster is asked: who else could, and how it differs from another."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.access.actions import Action
from api.access.policy import check
from api.http.guard import GUARDED, Grant, require
from api.http.problems import Problem, responses
from api.office.plans.roster_questions import RosterComparison, candidates, compare_rosters
from api.routes.answering.path_ids import RosterId
from api.routes.answering.running import InService
from api.routes.plans.rosters import place_of_roster
from models.messages import issue
from solver.changes.candidates import Ranking

router = APIRouter(prefix="/api/v1", tags=["rosters"])


@router.get("/rosters/{roster}/candidates", responses=responses(*GUARDED, "bad-request"))
def list_candidates(
    roster: RosterId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.CANDIDATES, place_of_roster))],
    slot: Annotated[str | None, Query(max_length=200)] = None,
    village: Annotated[str | None, Query(max_length=60)] = None,
    site: Annotated[str | None, Query(max_length=60)] = None,
    replacing: Annotated[str | None, Query(max_length=60)] = None,
) -> Ranking:
    """可顶替人选 / Who else could take a slot, a village or a seat, by the price of each goal; the others with reasons."""
    asked = {"slot": slot, "village": village, "site": site}
    named = [(kind, target) for kind, target in asked.items() if target is not None]
    if len(named) != 1 or (replacing and village is not None):
        raise Problem("bad-request", issue("candidates_of_what"))
    return candidates(service, roster, *named[0], replacing)


@router.get("/rosters/{roster}/comparison", responses=responses(*GUARDED))
def compare(
    roster: RosterId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_DRAFT, place_of_roster))],
    other: Annotated[int, Query(ge=1, le=2**31 - 1)],
) -> RosterComparison:
    """比较两个排班 / Lay two rosters side by side."""
    check(grant.actor, Action.READ_DRAFT, place_of_roster(service, other))
    return compare_rosters(service, roster, other)
