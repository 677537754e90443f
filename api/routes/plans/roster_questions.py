"""What a roster is asked: who else could, and how it differs from another."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from api.access.actions import Action
from api.access.policy import check
from api.actions.planning import rules_of
from api.http.guard import GUARDED, Grant, require
from api.http.problems import Problem, responses
from api.office.context import Service
from api.routes.answering.path_ids import RosterId
from api.routes.answering.running import InService
from api.routes.plans.rosters import place_of_roster
from models.instance import Instance
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, VillageStation, Visit
from models.store.plans.instances import get_instance
from models.store.plans.roster_queries import get_report, get_roster
from solver.changes.candidates import Ranking, rank
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading

router = APIRouter(prefix="/api/v1", tags=["rosters"])

TABLES = ("advisers", "mediators", "duties", "visits", "stations")


class Rows(BaseModel):
    """Rows that one roster has and another has not."""

    advisers: tuple[AdviserSeat, ...]
    mediators: tuple[MediatorSeat, ...]
    duties: tuple[Duty, ...]
    visits: tuple[Visit, ...]
    stations: tuple[VillageStation, ...]


class RosterComparison(BaseModel):
    """Two rosters side by side; the numbers are the other's less this one's."""

    only_here: Rows
    only_there: Rows
    terms: dict[str, int]
    unmet: int
    hard: int


@router.get("/rosters/{roster}/candidates", responses=responses(*GUARDED, "bad-request"))
def list_candidates(
    roster: RosterId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.CANDIDATES, place_of_roster))],
    slot: Annotated[str | None, Query(max_length=200)] = None,
    village: Annotated[str | None, Query(max_length=60)] = None,
    site: Annotated[str | None, Query(max_length=60)] = None,
    replacing: Annotated[str | None, Query(max_length=60)] = None,
) -> Ranking:
    """可顶替人选 / Who else could take a slot, a village or a seat, by the price of each goal; the others with reasons."""
    asked = {"slot": slot, "village": village, "site": site}
    named = [(kind, target) for kind, target in asked.items() if target is not None]
    if len(named) != 1 or (replacing and village is not None):
        raise Problem(
            "bad-request",
            "请给出 slot、village、site 之一，replacing 不用于 village",
            "Give one of slot, village and site; replacing not with village",
        )
    instance, plan = _planned(service, roster)
    reading, rules = Reading(Facts(instance, plan.month), plan), rules_of(instance)
    return rank(reading, rules, *named[0], replacing)


@router.get("/rosters/{roster}/comparison", responses=responses(*GUARDED))
def compare(
    roster: RosterId,
    service: InService,
    grant: Annotated[Grant, Depends(require(Action.READ_DRAFT, place_of_roster))],
    other: Annotated[int, Query(ge=1, le=2**31 - 1)],
) -> RosterComparison:
    """比较两个排班 / Lay two rosters side by side."""
    check(grant.actor, Action.READ_DRAFT, place_of_roster(service, other))
    with service.store.read() as session:
        here, there = get_roster(session, roster), get_roster(session, other)
        said, told = get_report(session, roster), get_report(session, other)
    codes = said.terms | told.terms
    terms = {code: told.terms.get(code, 0) - said.terms.get(code, 0) for code in codes}
    return RosterComparison(
        only_here=_only(here, there),
        only_there=_only(there, here),
        terms={code: amount for code, amount in terms.items() if amount},
        unmet=len(told.unmet) - len(said.unmet),
        hard=len(told.hard) - len(said.hard),
    )


def _planned(service: Service, roster: int) -> tuple[Instance, Roster]:
    with service.store.read() as session:
        plan = get_roster(session, roster)
        return get_instance(session, plan.instance), plan


def _only(one: Roster, other: Roster) -> Rows:
    rows = {}
    for name in TABLES:
        known = set(getattr(other, name))
        rows[name] = tuple(row for row in getattr(one, name) if row not in known)
    return Rows(**rows)
