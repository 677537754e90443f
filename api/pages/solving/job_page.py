"""A job under way: state, place in the queue, what the solver has reached; cancelled, it keeps its best plan."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from api.access.action_places import Place
from api.access.actions import Action
from api.http.guard import Grant
from api.jobs.contract.verdict import State
from api.office.context import Service
from api.pages.frame.doors import require_page
from api.pages.frame.page import page, see
from api.routes.answering.path_ids import AreaId, JobId
from api.routes.answering.running import InService
from api.routes.jobs.job_views import JobView, job_view
from api.routes.jobs.jobs import place_of_job
from models.calendar import ZONE
from models.goals import LADDER
from models.report import Report
from models.store.jobs.jobs import get_job
from models.store.plans.roster_queries import get_report

router = APIRouter(prefix="/office/{area}/jobs/{job}")


def place_of_own_job(service: InService, area: AreaId, job: JobId) -> Place | None:
    """Return where a job of this area belongs, none if it is another's."""
    place = place_of_job(service, job)
    return place if place is not None and place.area == area else None


Reading = Annotated[Grant, Depends(require_page(Action.READ_DRAFT, place_of_own_job))]
Solving = Annotated[Grant, Depends(require_page(Action.SOLVE, place_of_own_job))]


@router.get("")
def show_job(
    request: Request, area: AreaId, job: JobId, service: InService, grant: Reading
) -> HTMLResponse:
    """Show a job; the page of one that has not ended renews itself."""
    with service.store.read() as session:
        kept = get_job(session, job)
    view = job_view(service, kept)
    return page(
        request,
        "solving/job.html",
        area=area,
        job=view,
        report=_report(service, view),
        ahead=_ahead(service, job) if view.state is State.QUEUED else 0,
        labels={goal.value: goal for goal in LADDER},
        zone=ZONE,
    )


@router.post("/cancel")
def cancel(area: AreaId, job: JobId, service: InService, grant: Solving) -> Response:
    """Ask a job to end; a solve keeps its best plan so far."""
    service.jobs.cancel(job)
    return see(f"/office/{area}/jobs/{job}")


def _report(service: Service, job: JobView) -> Report | None:
    """Return what is said of the plan that a solve made."""
    if job.roster is None or job.kind != "solve":
        return None
    with service.store.read() as session:
        return get_report(session, job.roster)


def _ahead(service: Service, job: str) -> int:
    """Return how many jobs wait longer."""
    waiting = service.jobs.statuses(service.jobs.unfinished())
    mine = waiting.get(job)
    if mine is None:
        return 0
    return sum(one.state is State.QUEUED and one.created < mine.created for one in waiting.values())
