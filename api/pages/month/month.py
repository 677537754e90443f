"""本月: where the month stands and what is next; the areas of a bureau."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.access.actions import Action
from api.access.policy import Decision, decide
from api.access.roles import Actor
from api.http.guard import Grant
from api.office.areas import Data
from api.office.context import Service
from api.office.data.area_tree import AreaNode, area_tree
from api.office.year.month_steps import OfficeStep, StepState, month_steps
from api.pages.frame.doors import SignedInActor, require_page
from api.pages.frame.page import page, see
from api.pages.home.home import first_of
from api.routes.answering.path_ids import AreaId, area_place
from api.routes.answering.running import InService, Today

router = APIRouter(prefix="/office")
_Grant = Annotated[Grant, Depends(require_page(Action.READ_INSTANCE, area_place))]


@router.get("")
def go_to_area(
    actor: SignedInActor,
    area: Annotated[str | None, Query(pattern=r"^[0-9A-Za-z_-]{1,60}$")] = None,
) -> RedirectResponse:
    """Go to the area that was chosen, else to one's own."""
    return see(f"/office/{area}" if area else first_of(actor))


@router.get("/{area}")
def show_month(
    request: Request, area: AreaId, service: InService, today: Today, grant: _Grant
) -> HTMLResponse:
    """Show the seven steps of the month that an area's data are of."""
    data = service.areas.data(area)
    if data is None or area not in {data.area, *data.instance.area_by_id}:
        return page(request, "month/no_data.html", area=area, may=_may(service, grant.actor, area))
    return _shown(request, service, grant.actor, data, area, today)


def _shown(
    request: Request, service: Service, actor: Actor, data: Data, area: str, today: dt.date
) -> HTMLResponse:
    return page(
        request,
        "month/month.html",
        area=area,
        owner=data.area,
        name=name_of(data, area),
        steps=month_steps(service, data, area, today),
        step=OfficeStep,
        later=StepState.LATER,
        may=_may(service, actor, data.area),
        is_whole=data.place.is_inside(actor.area),
        choices=_choices(data, actor),
    )


@router.get("/{area}/areas")
def list_areas(request: Request, area: AreaId, service: InService, grant: _Grant) -> HTMLResponse:
    """Show the areas that lie in an area, with what each has."""
    data = service.areas.data_at(area)
    tree = area_tree(data.instance, area)
    return page(request, "month/areas.html", area=area, name=name_of(data, area), tree=tree)


def name_of(data: Data, area: str) -> str:
    """Return the name of an area, its code where the data do not name it."""
    known = data.instance.area_by_id.get(area)
    return known.name if known else area


def _choices(data: Data, actor: Actor) -> list[AreaNode]:
    """Return the areas that a bureau may go to; one is no choice."""
    own = actor.area or ""
    top = own if own in data.instance.area_by_id else data.area
    found = area_tree(data.instance, top) if top in data.instance.area_by_id else []
    return found if len(found) > 1 else []


def _may(service: Service, actor: Actor, area: str) -> dict[str, bool]:
    """Return which steps somebody may take there, by the word of the action."""
    place = service.areas.place(area)
    asked = (Action.UPLOAD_INSTANCE, Action.SOLVE, Action.PUBLISH)
    return {one.value: decide(actor, one, place) is Decision.ALLOW for one in asked}
