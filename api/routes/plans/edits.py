"""A draft changed by hand, one row at a time, and any roster checked anew."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, model_validator

from api.access.actions import Action
from api.access.denied import UnseenError
from api.actions.planning import rules_of
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.context import Service
from api.office.data.row_changes import refuse_nothing
from api.office.plans.edits import CheckedEdits, Effect, check_edits
from api.routes.answering.entity_tags import IfMatch, tag, version_of
from api.routes.answering.path_ids import RosterId
from api.routes.answering.repetition import IdempotencyKey, answered_before, keep_answered
from api.routes.answering.running import InService
from api.routes.plans.rosters import CHANGING, place_of_roster
from models.formats.roster_table import check_rows
from models.report import Report
from models.roster import AdviserSeat, Duty, MediatorSeat, VillageStation, Visit
from models.rows import Why
from models.store.plans.editing import Edit, edit_assignment
from models.store.plans.instances import get_instance
from models.store.plans.roster_queries import get_roster, roster_record
from models.store.plans.roster_rows import RosterRow
from solver.verify import verify

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


class Edited(Effect):
    """What an edit did to the plan, and the version that it made."""

    version: int


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
    version = version_of(if_match)
    wanted = Edit(edit.before.row if edit.before else None, edit.after.row if edit.after else None)
    refuse_nothing(wanted.before, wanted.after)
    checked = _checked(service, roster, wanted)
    with service.store.begin() as session:
        about = f"edit {roster}"
        known = answered_before(session, grant.actor, idempotency_key, edit, about)
        if known is None:
            version = edit_assignment(
                session,
                roster,
                wanted,
                version=version,
                by=grant.actor.by,
                why=edit.why,
                report=checked.after,
            )
            done = Edited(version=version, **checked.effect.model_dump())
            keep_answered(session, grant.actor, idempotency_key, done)
        else:
            done = Edited.model_validate_json(known)
    tag(response, done.version)
    return done


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
    with service.store.read() as session:
        plan, area = get_roster(session, roster), roster_record(session, roster).area
        instance = get_instance(session, plan.instance)
    if data == "current":
        found = service.areas.data(area)
        if found is None:
            raise UnseenError
        instance = found.instance
        check_rows(plan, instance)
    return verify(instance, rules_of(instance), plan)


def _checked(service: Service, roster: int, edit: Edit) -> CheckedEdits:
    with service.store.read() as session:
        plan = get_roster(session, roster)
        instance = get_instance(session, plan.instance)
    return check_edits(instance, plan, [edit])
