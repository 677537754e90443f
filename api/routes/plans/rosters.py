"""Rosters as they are read, drafts and published ones, and copied."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.access.action_places import Place
from api.access.actions import Action
from api.access.policy import check
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.context import Service
from api.routes.answering.entity_tags import tag, tagged
from api.routes.answering.listings import Listing
from api.routes.answering.path_ids import AreaId, RosterId, area_place
from api.routes.answering.repetition import IdempotencyKey, Repeatable
from api.routes.answering.running import InService
from models.report import Report
from models.roster import Roster
from models.rows import Why, printable
from models.store.database.errors import NotFoundError
from models.store.plans.drafts import copy_draft, delete_draft
from models.store.plans.roster_queries import Asked, get_report, get_rows, roster_record, rosters
from models.store.tables.plan_tables import RosterRecord
from models.store.tables.words import RosterState

router = APIRouter(prefix="/api/v1", tags=["rosters"])

Id = Annotated[str | None, Query(min_length=1, max_length=60), AfterValidator(printable)]
CHANGING = (*GUARDED, "conflict", "changed-meanwhile", "if-match-required")


class RosterView(BaseModel):
    """One roster without its rows."""

    id: int
    area: str
    month: str
    stage: RosterState
    revision: int | None
    base: int = Field(
        description="依据的已发布版次，0 为无 the published revision it was made from"
    )
    version: int
    instance: str
    created: dt.datetime
    created_by: str
    published: dt.datetime | None


class LoggedReason(BaseModel):
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


Township = Annotated[
    str | None,
    Query(
        pattern=r"^[0-9A-Za-z_-]{1,60}$",
        description="只看此乡镇（其司法所可用） that township alone, as its own office may",
    ),
]


def place_of_part(service: InService, roster: RosterId, township: Township = None) -> Place | None:
    """Return where a roster belongs, or the township of it that is asked for."""
    place = place_of_roster(service, roster)
    if place is None or township is None:
        return place
    part = service.areas.place(township)
    return part if part.is_inside(place.area) else None


@router.get("/areas/{area}/rosters", responses=responses(*GUARDED))
def list_rosters(
    area: AreaId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_DRAFT, area_place))],
    month: Annotated[str | None, Query(pattern=r"^\d{4}-\d{2}$")] = None,
    stage: RosterState | None = None,
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
        return Listing(items=[roster_view(row) for row in page.rows], next=page.next)


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
    grant: Annotated[Grant, Depends(require(Action.READ_PUBLISHED, place_of_part))],
    township: Township = None,
    person: Id = None,
    site: Id = None,
    first: Annotated[dt.date | None, Query(description="首日 first day")] = None,
    last: Annotated[dt.date | None, Query(description="末日（含）last day, included")] = None,
) -> Roster:
    """查看安排 / Read the rows of a roster: all, or those of a person, site, township or some days."""
    _read(service, roster, response, grant)
    areas = service.areas.inside(township) if township else None
    with service.store.read() as session:
        return get_rows(
            session, roster, Asked(person=person, site=site, areas=areas, first=first, last=last)
        )


@router.get("/rosters/{roster}/report", responses=responses(*GUARDED))
def read_report(
    roster: RosterId,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.READ_DRAFT, place_of_roster))],
) -> Report:
    """查看报告 / The whole report: goals, breaches, unmet demands with reasons, KPIs, fairness."""
    with service.store.read() as session:
        tag(response, roster_record(session, roster).version)
        return get_report(session, roster)


@router.post("/rosters/{roster}/draft", status_code=201, responses=responses(*GUARDED, "conflict"))
def copy_roster(
    roster: RosterId,
    reason: LoggedReason,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.EDIT_DRAFT, place_of_roster))],
    idempotency_key: IdempotencyKey = None,
) -> RosterView:
    """另存为草稿 / Make a draft of the same plan: how a published roster is changed."""
    by = grant.actor.by

    def act(session: Session) -> RosterView:
        return roster_view(copy_draft(session, roster, by=by, why=reason.why))

    asked = Repeatable(grant.actor, idempotency_key, reason, f"copy {roster}")
    return tagged(response, asked.once(service.store, RosterView, act))


@router.delete("/rosters/{roster}", status_code=204, responses=responses(*GUARDED, "conflict"))
def delete_roster(
    roster: RosterId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.EDIT_DRAFT, place_of_roster))],
) -> None:
    """删除草稿 / Delete a draft that nothing waits for; what is published is withdrawn instead."""
    with service.store.begin() as session:
        delete_draft(session, roster, by=grant.actor.by)


def _read(service: Service, roster: int, response: Response, grant: Grant) -> RosterView:
    """Return a roster; one that is not published only to those who may read drafts."""
    with service.store.read() as session:
        found = roster_record(session, roster)
        if found.stage is not RosterState.PUBLISHED:
            check(grant.actor, Action.READ_DRAFT, grant.place)
        tag(response, found.version)
        return roster_view(found)


def roster_view(row: RosterRecord) -> RosterView:
    """Return what is shown of a roster."""
    return RosterView(
        id=row.id,
        area=row.area,
        month=row.month,
        stage=row.stage,
        revision=row.revision,
        base=row.base,
        version=row.version,
        instance=row.instance,
        created=row.created_at,
        created_by=row.created_by,
        published=row.published_at,
    )
