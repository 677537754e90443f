"""A draft changed by hand, one row at a time, and any roster checked anew."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, model_validator
from sqlalchemy.orm import Session

from api.access.actions import Action
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.conflicts import refuse_nothing
from api.office.plans.edits import Edited, check_anew, check_edit, keep_edit
from api.routes.answering.entity_tags import IfMatch, tagged, version_of
from api.routes.answering.path_ids import RosterId
from api.routes.answering.repetition import IdempotencyKey, Repeatable
from api.routes.answering.running import InService
from api.routes.plans.rosters import CHANGING, place_of_roster
from models.report import Report
from models.roster import AdviserSeat, Duty, MediatorSeat, VillageStation, Visit
from models.rows import Why
from models.store.plans.editing import Edit
from models.store.plans.roster_rows import RosterRow

router = APIRouter(prefix="/api/v1", tags=["rosters"])


class RowEdit(BaseModel):
    """One row of a roster, under the name of its kind."""

    model_config = ConfigDict(extra="forbid")

    adviser: AdviserSeat | None = None
    mediator: MediatorSeat | None = None
    duty: Duty | None = None
    visit: Visit | None = None
    station: VillageStation | None = None

    @model_validator(mode="after")
    def _one(self) -> RowEdit:
        if len([row for row in self.__dict__.values() if row is not None]) != 1:
            message = "请给出一种安排 / give exactly one kind of row"
            raise ValueError(message)
        return self

    @property
    def row(self) -> RosterRow:
        """The row itself."""
        found: RosterRow = next(row for row in self.__dict__.values() if row is not None)
        return found


class EditRequest(BaseModel):
    """``before`` becomes ``after``; without ``before`` a row is added, without ``after`` removed."""

    model_config = ConfigDict(extra="forbid")

    before: RowEdit | None = None
    after: RowEdit | None = None
    why: Why = ""

    @property
    def edit(self) -> Edit:
        """The same in words of the plan."""
        before, after = self.before, self.after
        return Edit(before.row if before else None, after.row if after else None)


@router.patch("/rosters/{roster}/rows", responses=responses(*CHANGING))
def edit_row(
    roster: RosterId,
    edit: EditRequest,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.EDIT_DRAFT, place_of_roster))],
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Edited:
    """修改一处安排 / Change one row of a draft; the whole plan is checked before it is kept."""
    version, wanted, by = version_of(if_match), edit.edit, grant.actor.by
    refuse_nothing(wanted.before, wanted.after)
    checked = check_edit(service, roster, wanted)

    def act(session: Session) -> Edited:
        return keep_edit(session, roster, wanted, checked, version=version, by=by, why=edit.why)

    asked = Repeatable(grant.actor, idempotency_key, edit, f"edit {roster}")
    return tagged(response, asked.once(service.store, Edited, act))


@router.get("/rosters/{roster}/check", responses=responses(*GUARDED))
def check_roster(
    roster: RosterId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_DRAFT, place_of_roster))],
    data: Annotated[
        Literal["own", "current"],
        Query(
            description="own：排班所用的数据；current：现在的数据 the roster's own data, or today's"
        ),
    ] = "own",
) -> Report:
    """重新核对 / Check a roster anew by code that did not make it; nothing is kept.

    Against the current data it tells what new leave, posts or rules would break; a roster that
    names people or posts who are gone answers with every issue.
    """
    return check_anew(service, roster, is_current=data == "current")
