"""What is done on the board: each form changes the draft and comes back to the same view."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from api.access.actions import Action
from api.http.guard import Grant
from api.office.context import Service
from api.office.open_plans import OpenPlan
from api.office.plans import by_hand, pins
from api.office.plans.by_hand import Cell, CellKind, MeanwhileError, Working
from api.pages.board.asked import BoardAsked, ViewName
from api.pages.board.board import address_of, board_shown
from api.pages.board.board_doors import ShownPlan, board_place
from api.pages.board.told import told_edit, told_row
from api.pages.frame.doors import require_page
from api.pages.frame.page import page, see
from api.routes.answering.path_ids import AreaId, RosterId
from api.routes.answering.running import InService, Today
from models.freeze import Freeze
from models.issues import InputError
from models.messages import issue
from models.store.database.errors import WrongStageError
from models.store.plans.drafts import copy_draft
from models.vocabulary import Part, Strength

router = APIRouter(prefix="/office/{area}/rosters/{roster}")
MayEdit = Annotated[Grant, Depends(require_page(Action.EDIT_DRAFT, board_place))]
Do = Literal[
    "assign", "clear", "move", "visit", "undo", "redo", "pin", "unpin", "freeze", "exchange"
]


class BoardChange(BaseModel):
    """What a form of the board asks for, where, and the view to come back to."""

    model_config = ConfigDict(extra="ignore")

    do: Do
    version: int = 0
    kind: CellKind = "slot"
    target: str = ""
    person: str = ""
    replacing: str = ""
    other: str = ""
    successor: str = ""
    date: dt.date | None = None
    part: Part | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    view: ViewName = "posts"
    township: str = ""
    site: str = ""
    week: str = ""
    day: str = ""
    start: int = 0

    @property
    def cell(self) -> Cell:
        """The place that is changed."""
        return Cell(self.kind, self.target)

    @property
    def asked(self) -> BoardAsked:
        """The view to come back to."""
        view = self.view, self.township, self.site, self.week, self.day, self.start
        return BoardAsked(*view)

    def working(self) -> Working:
        """Return how the draft is changed.

        Raises
        ------
        InputError
            The form says no half day.
        """
        if self.do == "clear":
            return by_hand.emptying(self.cell, self.person)
        if self.do in ("move", "visit"):
            if self.date is None or self.part is None:
                raise InputError([issue("not_there", who=self.target)])
            if self.do == "move":
                return by_hand.moving(self.cell, self.date, self.part)
            return by_hand.visiting(self.cell, self.person, self.date, self.part)
        taking = by_hand.assigning(self.cell, self.person, self.replacing or None)
        if self.do != "exchange":
            return taking
        handed_on = by_hand.assigning(Cell("slot", self.other), self.successor, self.person)
        return by_hand.several(handed_on, taking)


@router.post("/changes")
def change_board(
    request: Request,
    open_plan: ShownPlan,
    made: Annotated[BoardChange, Form()],
    service: InService,
    today: Today,
    grant: MayEdit,
) -> Response:
    """Change the draft and go back; a refusal is told on the board itself."""
    by = grant.actor.by
    seen = made.version or open_plan.version
    try:
        frozen = _act(service, open_plan, made, seen, by)
    except MeanwhileError as error:
        now = service.open_plans.get(open_plan.roster)
        shown = board_shown(service, now, made.asked, today, by)
        shown |= {"clash": _clash(now, made, error), "issues": ()}
    except InputError as error:
        now = service.open_plans.get(open_plan.roster)
        shown = board_shown(service, now, made.asked, today, by)
        shown |= {"issues": error.issues}
    else:
        return _back(open_plan, made, seen, frozen)
    return page(request, "board/board.html", status=409, **shown)


@router.post("/draft")
def make_draft(
    area: AreaId, roster: RosterId, open_plan: ShownPlan, service: InService, grant: MayEdit
) -> Response:
    """Make a draft of the same plan and show it."""
    with service.store.begin() as session:
        made = copy_draft(session, roster, by=grant.actor.by)
        return see(f"/office/{area}/rosters/{made.id}")


def _back(open_plan: OpenPlan, made: BoardChange, seen: int, frozen: int) -> Response:
    """Go back to the board, which says how much was pinned, or shows what is newer than ``seen``."""
    is_pinned = made.do in ("pin", "unpin", "freeze")
    back = replace(made.asked, frozen=frozen) if is_pinned else replace(made.asked, seen=seen)
    return see(address_of(open_plan) + back.query(frozen=back.frozen))


def _act(service: Service, open_plan: OpenPlan, made: BoardChange, seen: int, by: str) -> int:
    """Do what a form asks for; return how many assignments were pinned."""
    roster = open_plan.roster
    if made.do == "undo":
        by_hand.undo(service, roster, by=by)
    elif made.do == "redo":
        by_hand.redo(service, roster, by=by)
    elif made.do in ("pin", "unpin", "freeze"):
        return _pin(service, open_plan, made, by)
    else:
        by_hand.change(service, roster, made.working(), seen=seen, by=by, cell=made.cell)
    return 0


def _pin(service: Service, open_plan: OpenPlan, made: BoardChange, by: str) -> int:
    roster = open_plan.roster
    if made.do == "freeze":
        sites = frozenset({made.site} if made.site else ())
        freeze = Freeze(first=made.first, last=made.last, sites=sites)
        with service.store.begin() as session:
            return pins.freeze_roster(session, roster, freeze, by=by, why="")
    rows = [
        row for row in made.cell.rows(open_plan.plan) if getattr(row, "person", None) == made.person
    ]
    if not open_plan.is_draft or not rows:
        raise WrongStageError("edit_not_draft")
    with service.store.begin() as session:
        if made.do == "unpin":
            pins.unpin_row(session, roster, rows[0], by=by)
            return 0
        pins.pin_row(session, roster, rows[0], Strength.FIXED, by=by, why="")
        return 1


def _clash(now: OpenPlan, made: BoardChange, error: MeanwhileError) -> dict[str, Any]:
    """Return both changes of one place, and the form that makes the own one after all."""
    person = now.instance.person_by_id.get(made.person)
    again = made.model_dump(mode="json", exclude_none=True) | {"version": error.version}
    held = made.cell.rows(now.plan)
    if made.replacing and held:  # whoever is there now gives way
        again["replacing"] = getattr(held[0], "person", "")
    return {
        "theirs": [told_edit(now, edit) for edit in error.theirs],
        "mine": person.name if person and made.do != "clear" else "—",
        "now": [told_row(now, row) for row in held],
        "again": {name: value for name, value in again.items() if value != ""},
    }
