"""What a roster is asked: who else could, and how it differs from another."""

from __future__ import annotations

from pydantic import BaseModel

from api.actions.planning import rules_of
from api.office.context import Service
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, VillageStation, Visit
from models.store.plans.instances import get_instance
from models.store.plans.roster_queries import get_report, get_roster
from solver.changes.candidates import Ranking, rank
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading

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


def candidates(
    service: Service, roster: int, kind: str, target: str, replacing: str | None
) -> Ranking:
    """Return who else could take a slot, a village or a seat of a roster. Raises as ``rank`` does."""
    with service.store.read() as session:
        plan = get_roster(session, roster)
        instance = get_instance(session, plan.instance)
    reading = Reading(Facts(instance, plan.month), plan)
    return rank(reading, rules_of(instance), kind, target, replacing)


def compare_rosters(service: Service, roster: int, other: int) -> RosterComparison:
    """Lay two rosters side by side."""
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


def _only(one: Roster, other: Roster) -> Rows:
    rows = {}
    for name in TABLES:
        known = set(getattr(other, name))
        rows[name] = tuple(row for row in getattr(one, name) if row not in known)
    return Rows(**rows)
