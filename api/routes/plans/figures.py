"""What is told of a roster: unmet demands with reasons, fairness, figures, breaches; each by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AfterValidator, BaseModel

from api.access.actions import Action
from api.documents.labels import kpi_label
from api.http.guard import GUARDED, Grant, require
from api.http.problems import responses
from api.office.context import Service
from api.routes.answering.entity_tags import tag
from api.routes.answering.listings import From, Limit, Listing, page_of
from api.routes.answering.path_ids import RosterId
from api.routes.answering.running import InService
from api.routes.plans.rosters import Township, place_of_part, place_of_roster
from models.goals import GoalResult
from models.instance import Instance
from models.report import Breach, FairnessRow, Level, Report, Shortage, Status, Unmet, UnmetKind
from models.rows import printable
from models.store.plans.roster_queries import get_report, roster_record
from models.whereabouts import area_of_target

router = APIRouter(prefix="/api/v1", tags=["figures"])


class Kpi(BaseModel):
    """One figure, in words of both languages."""

    name: str
    zh: str
    en: str
    value: float | None


class Figures(BaseModel):
    """The figures of a roster, the goals with value, bound and gap, and how much is wrong."""

    month: str
    status: Status
    kpis: list[Kpi]
    goals: tuple[GoalResult, ...]
    shortage: Shortage | None
    hard: int
    waived: int
    unmet: int


@router.get("/rosters/{roster}/unmet", responses=responses(*GUARDED))
def list_unmet(
    roster: RosterId,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.UNMET, place_of_part))],
    township: Township = None,
    kind: UnmetKind | None = None,
    start: From = 0,
    limit: Limit = 50,
) -> Listing[Unmet]:
    """未满足需求 / What a roster leaves empty, each with the reasons of all candidates."""
    report, instance = _told(service, roster, response)
    is_inside = _inside(service, township, lambda u: area_of_target(instance, u.target))
    found = [u for u in report.unmet if kind in (None, u.kind) and is_inside(u)]
    return page_of(found, start, limit)


@router.get("/rosters/{roster}/fairness", responses=responses(*GUARDED))
def list_fairness(
    roster: RosterId,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.FAIRNESS, place_of_part))],
    township: Township = None,
    start: From = 0,
    limit: Limit = 50,
) -> Listing[FairnessRow]:
    """均衡表 / The load of everybody who holds something, with what earlier months left."""
    report, instance = _told(service, roster, response)
    is_inside = _inside(service, township, lambda r: instance.person_by_id[r.person].area)
    return page_of([row for row in report.fairness if is_inside(row)], start, limit)


@router.get("/rosters/{roster}/kpis", responses=responses(*GUARDED))
def read_kpis(
    roster: RosterId,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.KPIS, place_of_roster))],
) -> Figures:
    """指标 / Coverage, load and travel; the goals with value, bound and gap."""
    report, _ = _told(service, roster, response)
    labels = {name: kpi_label(name) for name in report.kpis}
    return Figures(
        month=report.month,
        status=report.status,
        kpis=[
            Kpi(name=name, zh=labels[name].zh, en=labels[name].en, value=value)
            for name, value in report.kpis.items()
        ],
        goals=report.goals,
        shortage=report.shortage,
        hard=len(report.hard),
        waived=len(report.waivers),
        unmet=len(report.unmet),
    )


@router.get("/rosters/{roster}/breaches", responses=responses(*GUARDED))
def list_breaches(
    roster: RosterId,
    service: InService,
    response: Response,
    grant: Annotated[Grant, Depends(require(Action.READ_DRAFT, place_of_roster))],
    level: Level | None = None,
    rule: Annotated[
        str | None,
        Query(max_length=60, description="规则代码 rule code"),
        AfterValidator(printable),
    ] = None,
    start: From = 0,
    limit: Limit = 50,
) -> Listing[Breach]:
    """违规与豁免 / Where a roster breaks a hard rule, or one that holds 原则上 (the waiver list)."""
    report, _ = _told(service, roster, response)
    found = [b for b in report.breaches if level in (None, b.level) and rule in (None, b.rule)]
    return page_of(found, start, limit)


def _told(service: Service, roster: int, response: Response) -> tuple[Report, Instance]:
    """Return the report of a roster and its instance; the ETag is the roster's version."""
    with service.store.read() as session:
        record = roster_record(session, roster)
        tag(response, record.version)
        return get_report(session, roster), service.areas.instance(record.instance)


def _inside(
    service: Service, township: str | None, area_of: Callable[[Any], str | None]
) -> Callable[[Any], bool]:
    """Return what says whether a row lies in the township; all do where none is asked for."""
    if township is None:
        return lambda row: True
    areas = service.areas.inside(township)
    return lambda row: area_of(row) in areas
