"""Publication: a preview first, then one question; a draft that was overtaken is merged; withdrawal."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, Response

from api.access.action_places import Place
from api.access.actions import Action
from api.http.guard import Grant
from api.office.plans.merging import MergeConflictError, Side, keep_merged, merge_draft
from api.office.plans.preview import Preview, people_of, preview
from api.office.plans.publication import BreachError, check_draft, publish_checked
from api.pages.frame.doors import require_page
from api.pages.frame.forms import FormVersion
from api.pages.frame.page import page, see
from api.pages.frame.shown_changes import ShownChange, person_name, shown_changes
from api.routes.answering.path_ids import AreaId, RosterId
from api.routes.answering.running import InService
from api.routes.plans.rosters import place_of_roster
from models.calendar import ZONE
from models.issues import InputError
from models.report import DifferenceRow
from models.roster import Roster
from models.rows import Why
from models.store.database.errors import ClashError
from models.store.plans.overtaking import OvertakenError, RowChanges
from models.store.plans.publishing import withdraw
from models.store.plans.roster_rows import tables_of
from solver.changes.roster_changes import differences

MOST_PEOPLE, MOST_CHANGES = 200, 500
"""Rows of a preview; a first publication of a city changes everything for everybody."""

router = APIRouter(prefix="/office/{area}/rosters/{roster}")


def place_of_own(service: InService, area: AreaId, roster: RosterId) -> Place | None:
    """Return where a roster of this area belongs, none if it is another's."""
    place = place_of_roster(service, roster)
    return place if place is not None and place.area == area else None


Publishing = Annotated[Grant, Depends(require_page(Action.PUBLISH, place_of_own))]
Editing = Annotated[Grant, Depends(require_page(Action.EDIT_DRAFT, place_of_own))]
Withdrawing = Annotated[Grant, Depends(require_page(Action.WITHDRAW, place_of_own))]
Reason = Annotated[Why, Form()]


@router.get("/publish")
def show_preview(
    request: Request, area: AreaId, roster: RosterId, service: InService, grant: Publishing
) -> HTMLResponse:
    """Show what publication changes, for whom, and what stands against it; of a published one, its state."""
    return _shown(request, area, preview(service, roster))


@router.post("/publish")
def publish(
    request: Request,
    area: AreaId,
    roster: RosterId,
    service: InService,
    grant: Publishing,
    version: FormVersion,
    acknowledge: Annotated[list[str], Form()] = [],  # noqa: B006 - FastAPI copies it
    over: Annotated[int | None, Form(ge=0, le=2**31 - 1)] = None,
    why: Reason = "",
) -> Response:
    """Publish, and show the state afterwards; what stands against it is shown in the preview."""
    try:
        checked = check_draft(service, roster)
        with service.store.begin() as session:
            publish_checked(
                session,
                checked,
                acknowledge,
                by=grant.actor.by,
                why=why,
                version=version,
                over=over,
            )
    except (ClashError, OvertakenError, BreachError) as error:
        return _shown(request, area, preview(service, roster), error=error, status=409)
    return see(f"/office/{area}/rosters/{roster}/publish")


@router.post("/merge")
def merge(
    request: Request,
    area: AreaId,
    roster: RosterId,
    service: InService,
    grant: Editing,
    prefer: Annotated[Side | None, Form()] = None,
) -> Response:
    """Merge an overtaken draft with what is published, as a new draft, and preview that."""
    try:
        merged = merge_draft(service, roster, prefer)
    except MergeConflictError as error:
        return _shown(request, area, preview(service, roster), error=error, status=409)
    with service.store.begin() as session:
        made = keep_merged(session, merged, roster, by=grant.actor.by).id
    return see(f"/office/{area}/rosters/{made}/publish")


@router.post("/withdraw")
def take_back(
    area: AreaId, roster: RosterId, service: InService, grant: Withdrawing, why: Reason = ""
) -> Response:
    """Take a published roster back: its events stay in the calendars as cancelled."""
    with service.store.begin() as session:
        withdraw(session, roster, by=grant.actor.by, why=why)
    return see(f"/office/{area}/rosters/{roster}/publish")


def _shown(
    request: Request,
    area: str,
    found: Preview,
    *,
    error: InputError | None = None,
    status: int = 200,
) -> HTMLResponse:
    instance = found.instance
    by_person: defaultdict[str, list[ShownChange]] = defaultdict(list)
    for row in found.changes:
        (shown,) = shown_changes(instance, [row])
        for person in sorted(people_of(row)):
            by_person[person].append(shown)
    sides: dict[str, Any] = {}
    if found.overtaken is not None:
        sides = {
            "theirs": shown_changes(instance, _differences(found.overtaken.theirs)),
            "own": shown_changes(instance, _differences(found.overtaken.own)),
        }
    return page(
        request,
        "plans/publication.html",
        status=status,
        area=area,
        found=found,
        record=found.record,
        changes=shown_changes(instance, found.changes),
        by_person=by_person,
        sides=sides,
        error=error,
        is_split=isinstance(error, MergeConflictError),
        name=lambda person: person_name(instance, person),
        zone=ZONE,
        most=MOST_PEOPLE,
        most_changes=MOST_CHANGES,
    )


def _differences(side: RowChanges) -> list[DifferenceRow]:
    """Return the rows that one side took away and brought, as changes."""
    month = "2000-01"  # of no matter: rows carry their dates
    gone, new = (Roster(month=month, **tables_of(list(rows))) for rows in side)
    return list(differences(gone, new))
