"""The board of a roster: its views and filters, what is empty, what the check says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse

from api.access.actions import Action
from api.http.guard import Grant
from api.office.context import Service
from api.office.open_plans import OpenPlan
from api.office.plans.by_hand import Cell, changes_since, steps_of
from api.office.plans.edits import Effect, effect_of
from api.pages.board import board_words as words
from api.pages.board.asked import WHOLE_MONTH, Asked, BoardAsked, weeks
from api.pages.board.board_doors import ShownPlan, board_place
from api.pages.board.told import ToldEdit, told_edit
from api.pages.board.views import ROWS, Views
from api.pages.frame.doors import require_page
from api.pages.frame.page import HEADERS, page
from api.routes.answering.path_ids import AreaId, RosterId
from api.routes.answering.running import InService, Today
from models.report import Report, Unmet, UnmetKind
from models.roster import slot_id
from models.store.plans.pins import pins_of

router = APIRouter(prefix="/office/{area}/rosters/{roster}")
WAIT_SECONDS = 0.12
"""How long a page waits for a check that has just begun; that of a county ends in time."""
MayRead = Annotated[Grant, Depends(require_page(Action.READ_DRAFT, board_place))]


class Gap(NamedTuple):
    """Something empty, and the cell where that is mended, if it has one."""

    unmet: Unmet
    cell: Cell | None


class Checking(NamedTuple):
    """What the check says of a roster: the last report, and whether it is of its rows as they are."""

    report: Report
    is_current: bool


@router.get("")
def show_board(
    request: Request,
    open_plan: ShownPlan,
    asked: Asked,
    service: InService,
    today: Today,
    grant: MayRead,
) -> HTMLResponse:
    """Show a view of a roster."""
    shown = board_shown(service, open_plan, asked, today, grant.actor.by)
    return page(request, "board/board.html", **shown)


@router.get("/state")
def read_state(
    area: AreaId, roster: RosterId, open_plan: ShownPlan, service: InService, grant: MayRead
) -> JSONResponse:
    """Tell at which version a roster is, and whether its check has ended."""
    is_checked = service.open_plans.report(open_plan) is not None
    state = {"version": open_plan.version, "checked": is_checked}
    return JSONResponse(state, headers=HEADERS)


def board_shown(
    service: Service, open_plan: OpenPlan, asked: BoardAsked, today: Any, by: str
) -> dict[str, Any]:
    """Return what the template of the board shows."""
    state = state_of(service, open_plan)
    with service.store.read() as session:
        pins = pins_of(session, open_plan.area, open_plan.plan.month)
    views = Views(open_plan, state.report, pins, asked, today)
    steps = steps_of(service, open_plan.roster, by) if open_plan.is_draft else None
    gaps = [gap for gap in gaps_of(open_plan) if _is_inside(views, gap)]
    return {
        "plan": open_plan,
        "asked": asked,
        "here": address_of(open_plan),
        "table": views.table(),
        "days": views.days,
        "weeks": weeks(open_plan.plan.month),
        "whole_month": WHOLE_MONTH,
        "rows_shown": ROWS,
        "townships": _townships(open_plan),
        "sites": _sites(open_plan, asked),
        "state": state,
        "gaps": gaps,
        "effect": _effect(service, open_plan, state, asked),
        "others": _others(service, open_plan, asked, by),
        "undo": told_edit(open_plan, steps.done[-1]) if steps and steps.done else None,
        "redo": told_edit(open_plan, steps.undone[-1]) if steps and steps.undone else None,
        "words": words,
        "frozen": asked.frozen,
        "issues": (),
        "clash": None,
    }


def address_of(open_plan: OpenPlan) -> str:
    """Return the address of a roster's board."""
    return f"/office/{open_plan.area}/rosters/{open_plan.roster}"


def state_of(service: Service, open_plan: OpenPlan) -> Checking:
    """Return what the check says, or said before the last edits while it is at work."""
    report = service.open_plans.report(open_plan, WAIT_SECONDS)
    if report is not None:
        return Checking(report, is_current=True)
    return Checking(service.open_plans.last_report(open_plan.roster), is_current=False)


def gaps_of(open_plan: OpenPlan) -> Iterator[Gap]:
    """Yield all that a roster leaves empty, with its cell."""
    for unmet in open_plan.unmet:
        yield Gap(unmet, _cell_of(unmet))


def _cell_of(unmet: Unmet) -> Cell | None:
    if unmet.date is not None and unmet.part is not None:
        kind = "standby" if unmet.kind is UnmetKind.STANDBY else "slot"
        return Cell(kind, slot_id(unmet.target, unmet.date, unmet.part))  # type: ignore[arg-type]
    if unmet.kind in {UnmetKind.ADVISER, UnmetKind.VISIT, UnmetKind.LECTURE}:
        return Cell("village", unmet.target)
    return Cell("site", unmet.target) if unmet.kind is UnmetKind.MEDIATOR else None


def _is_inside(views: Views, gap: Gap) -> bool:
    instance, target = views.open_plan.instance, gap.unmet.target
    post = instance.post_by_id.get(target)
    site = instance.site_by_id.get(post.site if post else target)
    if views.asked.site and (site is None or site.id != views.asked.site):
        return False
    place = instance.village_by_id.get(target) or site
    return place is None or views.is_inside(place.area)


def _effect(
    service: Service, open_plan: OpenPlan, state: Checking, asked: BoardAsked
) -> Effect | None:
    """Return what has changed in the check since the version that was looked at before."""
    before = service.open_plans.report_at(open_plan.roster, asked.seen) if asked.seen else None
    return effect_of(before, state.report) if before and state.is_current else None


def _others(
    service: Service, open_plan: OpenPlan, asked: BoardAsked, by: str
) -> Sequence[ToldEdit]:
    """Return what others have changed since the version that was looked at before."""
    if not asked.seen or not open_plan.is_draft:
        return ()
    newer = changes_since(service, open_plan.roster, asked.seen)
    return [told_edit(open_plan, edit) for edit in newer if edit.by != by]


def _townships(open_plan: OpenPlan) -> list[tuple[str, str]]:
    known = open_plan.instance.area_by_id
    return [(area, known[area].name) for area in open_plan.facts.areas if area in known]


def _sites(open_plan: OpenPlan, asked: BoardAsked) -> list[tuple[str, str]]:
    """Return the sites with posts, those of the township first asked for alone."""
    posts = Counter(slot.site.id for slot in open_plan.facts.slots)
    return [
        (site.id, site.name)
        for site in open_plan.facts.sites
        if site.id in posts and asked.township in ("", site.area)
    ]
