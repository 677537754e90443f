"""Rosters: drafts are read, edited one row at a time and published; what is published is read by all."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, model_validator

from api.access.actions import Action
from api.access.guard import GUARDED, Grant, check, require
from api.access.places import Place
from api.edits import CheckedEdits, Effect, check_edits
from api.problems import responses
from api.routes.shared import (
    AreaId,
    IdempotencyKey,
    IfMatch,
    Listing,
    RosterId,
    Why,
    answered_before,
    area_place,
    keep_answered,
    refuse_nothing,
    tag,
    version_of,
)
from api.service.service import InService, Service
from models.report import Report
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, VillageStation, Visit
from models.store.drafts import copy_draft
from models.store.editing import Edit, edit_assignment
from models.store.errors import NotFoundError
from models.store.instances import get_instance
from models.store.plan_tables import RosterRecord
from models.store.publishing import publish, withdraw
from models.store.reading import get_report, get_roster, roster_record, rosters
from models.store.rows import RosterRow
from models.store.words import Stage

router = APIRouter(prefix="/api/v1", tags=["rosters"])

CHANGING = (*GUARDED, "conflict", "changed-meanwhile", "if-match-required")


class RosterView(BaseModel):
    """One roster without its rows."""

    id: int
    area: str
    month: str
    stage: Stage
    revision: int | None
    version: int
    instance: str
    created: dt.datetime
    created_by: str
    published: dt.datetime | None


class Row(BaseModel):
    """One row of a roster, under the name of its kind."""

    model_config = ConfigDict(extra="forbid")

    adviser: AdviserSeat | None = None
    mediator: MediatorSeat | None = None
    duty: Duty | None = None
    visit: Visit | None = None
    station: VillageStation | None = None

    @model_validator(mode="after")
    def _one(self) -> Row:
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

    before: Row | None = None
    after: Row | None = None
    why: Why = ""


class Edited(Effect):
    """What an edit did to the plan, and the version that it made."""

    version: int


class Reason(BaseModel):
    """Why something is done; the log keeps it."""

    model_config = ConfigDict(extra="forbid")

    why: Why = ""


def place_of_roster(service: InService, roster: RosterId) -> Place | None:
    """Return where a roster belongs, none if there is none."""
    with service.store.read() as session:
        try:
            area = roster_record(session, roster).area
        except NotFoundError:
            return None
    return service.areas.place(area)


@router.get("/areas/{area}/rosters", responses=responses(*GUARDED))
def list_rosters(
    area: AreaId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_DRAFT, area_place))],
    month: Annotated[str | None, Query(pattern=r"^\d{4}-\d{2}$")] = None,
    stage: Stage | None = None,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Listing[RosterView]:
    """排班列表 / The rosters of an area, newest first."""
    with service.store.read() as session:
        page = rosters(
            session,
            areas=[area],
            month=month,
            stages=[stage] if stage else None,
            before=before,
            limit=limit,
        )
        return Listing(items=[_view(row) for row in page.rows], next=page.next)


@router.get("/rosters/{roster}", responses=responses(*GUARDED))
def read_roster(
    roster: RosterId,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.READ_PUBLISHED, place_of_roster))],
) -> RosterView:
    """查看排班 / Read what a roster is; the ETag is its version."""
    return _read(service, roster, response, grant)


@router.get("/rosters/{roster}/rows", responses=responses(*GUARDED))
def read_rows(
    roster: RosterId,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.READ_PUBLISHED, place_of_roster))],
) -> Roster:
    """查看全部安排 / Read every row of a roster."""
    _read(service, roster, response, grant)
    with service.store.read() as session:
        return get_roster(session, roster)


@router.get("/rosters/{roster}/report", responses=responses(*GUARDED))
def read_report(
    roster: RosterId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_DRAFT, place_of_roster))],
) -> Report:
    """查看报告 / Goals with value, bound and gap, breaches, unmet demands with reasons, KPIs, fairness."""
    with service.store.read() as session:
        return get_report(session, roster)


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
                by=grant.actor.user or "",
                why=edit.why,
                report=checked.after,
            )
            done = Edited(version=version, **checked.effect.model_dump())
            keep_answered(session, grant.actor, idempotency_key, done)
        else:
            done = Edited.model_validate_json(known)
    tag(response, done.version)
    return done


@router.post("/rosters/{roster}/draft", status_code=201, responses=responses(*GUARDED, "conflict"))
def copy_roster(
    roster: RosterId,
    reason: Reason,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.EDIT_DRAFT, place_of_roster))],
    idempotency_key: IdempotencyKey = None,
) -> RosterView:
    """另存为草稿 / Make a draft of the same plan: how a published roster is changed."""
    with service.store.begin() as session:
        about = f"copy {roster}"
        known = answered_before(session, grant.actor, idempotency_key, reason, about)
        if known is not None:
            return _again(response, known)
        made = copy_draft(session, roster, by=grant.actor.user or "", why=reason.why)
        tag(response, made.version)
        view = _view(made)
        keep_answered(session, grant.actor, idempotency_key, view)
        return view


@router.post("/rosters/{roster}/publish", responses=responses(*CHANGING))
def publish_roster(
    roster: RosterId,
    reason: Reason,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.PUBLISH, place_of_roster))],
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> RosterView:
    """发布 / Publish a draft: calendars follow at once; 409 with the clashes on a double booking."""
    with service.store.begin() as session:
        about = f"publish {roster}"
        known = answered_before(session, grant.actor, idempotency_key, reason, about)
        if known is not None:
            return _again(response, known)
        done = publish(
            session,
            roster,
            by=grant.actor.user or "",
            why=reason.why,
            version=None if if_match is None else version_of(if_match),
        )
        tag(response, done.version)
        view = _view(done)
        keep_answered(session, grant.actor, idempotency_key, view)
        return view


@router.post("/rosters/{roster}/withdraw", responses=responses(*CHANGING))
def withdraw_roster(
    roster: RosterId,
    reason: Reason,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.WITHDRAW, place_of_roster))],
    idempotency_key: IdempotencyKey = None,
) -> RosterView:
    """撤回 / Take a published roster back: its events stay in the calendars as cancelled."""
    with service.store.begin() as session:
        about = f"withdraw {roster}"
        known = answered_before(session, grant.actor, idempotency_key, reason, about)
        if known is not None:
            return _again(response, known)
        done = withdraw(session, roster, by=grant.actor.user or "", why=reason.why)
        tag(response, done.version)
        view = _view(done)
        keep_answered(session, grant.actor, idempotency_key, view)
        return view


def _again(response: Response, known: bytes) -> RosterView:
    """Answer as the first time."""
    view = RosterView.model_validate_json(known)
    tag(response, view.version)
    return view


def _read(service: Service, roster: int, response: Response, grant: Grant) -> RosterView:
    """Return a roster; one that is not published only to those who may read drafts."""
    with service.store.read() as session:
        found = roster_record(session, roster)
        if found.stage is not Stage.PUBLISHED:
            check(grant.actor, Action.READ_DRAFT, grant.place)
        tag(response, found.version)
        return _view(found)


def _checked(service: Service, roster: int, edit: Edit) -> CheckedEdits:
    with service.store.read() as session:
        plan = get_roster(session, roster)
        instance = get_instance(session, plan.instance)
    return check_edits(instance, plan, [edit])


def _view(row: RosterRecord) -> RosterView:
    return RosterView(
        id=row.id,
        area=row.area,
        month=row.month,
        stage=row.stage,
        revision=row.revision,
        version=row.version,
        instance=row.instance,
        created=row.created_at,
        created_by=row.created_by,
        published=row.published_at,
    )
