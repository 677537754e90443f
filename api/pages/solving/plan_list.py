"""The plans of an area: drafts and what is published, two of them side by side, a new one ordered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.access.actions import Action
from api.access.denied import UnseenError
from api.access.policy import Decision, check, decide
from api.access.roles import Actor
from api.http.guard import Grant
from api.jobs.contract.order import StageName
from api.office.context import Service
from api.office.plans.ordering import SolveRequest, order_solve
from api.pages.frame.doors import require_page
from api.pages.frame.page import page, see
from api.pages.frame.shown_changes import ShownChange, shown_changes
from api.pages.plans.publication import place_of_own
from api.routes.answering.path_ids import AreaId, RosterId, area_place
from api.routes.answering.running import InService
from api.routes.jobs.job_views import asked_for, views
from models.calendar import ZONE
from models.goals import GoalResult
from models.issues import InputError
from models.report import Report
from models.store.jobs.jobs import jobs
from models.store.plans.drafts import delete_draft
from models.store.plans.roster_queries import get_report, get_roster, roster_record, rosters
from models.store.tables.plan_tables import RosterRecord
from models.store.tables.words import RosterState
from solver.changes.roster_changes import differences

router = APIRouter(prefix="/office/{area}")
Reading = Annotated[Grant, Depends(require_page(Action.READ_DRAFT, area_place))]
Solving = Annotated[Grant, Depends(require_page(Action.SOLVE, area_place))]
Editing = Annotated[Grant, Depends(require_page(Action.EDIT_DRAFT, place_of_own))]
RosterKey = Annotated[int, Query(ge=1, le=2**31 - 1)]
MOST, MOST_CHANGES, MOST_JOBS = 20, 300, 10
SECONDS = (30, 60, 120, 300, 600)
"""Time limits that the form offers."""


class PlanLine(NamedTuple):
    """One plan with what is said of it."""

    record: RosterRecord
    report: Report


@router.get("/rosters")
def list_plans(
    request: Request,
    area: AreaId,
    service: InService,
    grant: Reading,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> HTMLResponse:
    """List the plans of an area, newest first, and the jobs that wait or run."""
    return _listed(request, service, grant.actor, area, before=before)


@router.post("/solve")
def order(
    request: Request,
    area: AreaId,
    service: InService,
    grant: Solving,
    seconds: Annotated[int, Form(ge=1, le=86_400)] = 60,
    seed: Annotated[int, Form(ge=0, le=2**31 - 1)] = 1,
    fresh: Annotated[bool, Form()] = False,
    stage: Annotated[StageName, Form()] = "all",
) -> Response:
    """Order a plan of the month that the data are for, and go to the job."""
    data = service.areas.data_at(area)
    check(grant.actor, Action.SOLVE, data.place)
    try:
        wanted = SolveRequest.model_validate(
            {"seconds": seconds, "seed": seed, "fresh": fresh, "stage": stage}
        )
        job = order_solve(service, data, asked_for("solve", data.area, grant.actor, None), wanted)
    except InputError as error:
        return _listed(request, service, grant.actor, area, error=error)
    return see(f"/office/{area}/jobs/{job.id}")


@router.get("/rosters/compare")
def compare(
    request: Request,
    area: AreaId,
    service: InService,
    grant: Reading,
    plan: Annotated[list[RosterKey], Query()],
) -> HTMLResponse:
    """Lay two plans of an area side by side: goals, what is wrong and empty, what differs."""
    if len(plan) != 2:
        return _listed(request, service, grant.actor, area, is_two=False)
    with service.store.read() as session:
        lines = [_line(area, roster_record(session, key), get_report(session, key)) for key in plan]
        one, other = (get_roster(session, key) for key in plan)
    instance = service.areas.instance(lines[1].record.instance)
    return _side_by_side(request, area, lines, shown_changes(instance, differences(one, other)))


def _side_by_side(
    request: Request, area: str, lines: list[PlanLine], changes: list[ShownChange]
) -> HTMLResponse:
    return page(
        request,
        "solving/compare.html",
        area=area,
        lines=lines,
        goals=_beside(line.report.goals for line in lines),
        changes=changes[:MOST_CHANGES],
        total=len(changes),
    )


@router.post("/rosters/{roster}/delete")
def delete(area: AreaId, roster: RosterId, service: InService, grant: Editing) -> Response:
    """Delete a draft that nothing waits for."""
    with service.store.begin() as session:
        delete_draft(session, roster, by=grant.actor.by)
    return see(f"/office/{area}/rosters")


def _line(area: str, record: RosterRecord, report: Report) -> PlanLine:
    if record.area != area:
        raise UnseenError
    return PlanLine(record, report)


def _beside(sides: Iterable[Iterable[GoalResult]]) -> list[tuple[GoalResult, GoalResult | None]]:
    """Return the goals of the first plan with those of the second, by stage and name."""
    first, second = sides
    known = {(goal.stage, goal.name): goal for goal in second}
    return [(goal, known.get((goal.stage, goal.name))) for goal in first]


def _listed(
    request: Request,
    service: Service,
    actor: Actor,
    area: str,
    *,
    before: int | None = None,
    error: InputError | None = None,
    is_two: bool = True,
) -> HTMLResponse:
    with service.store.read() as session:
        found = rosters(session, areas=[area], before=before, limit=MOST)
        lines = [PlanLine(row, get_report(session, row.id)) for row in found.rows]
        kept = jobs(session, areas=[area], limit=MOST_JOBS)
    data = service.areas.data(area)
    may_solve = data is not None and decide(actor, Action.SOLVE, data.place) is Decision.ALLOW
    return page(
        request,
        "solving/plans.html",
        status=409 if error else 200,
        area=area,
        lines=lines,
        next=found.next,
        jobs=[job for job in views(service, kept) if not job.state.is_final],
        may_solve=may_solve,
        is_own=data is not None and data.area == area,
        month=data.instance.settings.month if data else "",
        seconds=[n for n in SECONDS if n <= service.jobs.settings.most_seconds],
        error=error,
        is_two=is_two,
        draft=RosterState.DRAFT,
        zone=ZONE,
    )
