"""A month repaired after somebody is away: what the absence hits, who could stand in, the changed plan."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.actions.absences import absence_outside
from api.actions.planning import rules_of
from api.office.context import Service
from api.office.data.row_changes import change_leave
from api.office.plans.publication import with_leave_of_today
from models.county_ids import person_marks
from models.instance import Instance
from models.issues import InputError
from models.messages import Spot, issue
from models.people import Leave
from models.report import Breach, DifferenceRow, Report, Unmet
from models.roster import Duty, Roster
from models.rows import Id, Why
from models.slots import leave_takes
from models.store.plans.drafts import put_draft
from models.store.plans.instances import get_instance, put_instance
from models.store.plans.publishing import publish
from models.store.plans.roster_queries import (
    Asked,
    get_roster,
    published_assignments,
    roster_record,
)
from models.store.plans.roster_rows import RosterRow, row_of
from models.store.tables.plan_tables import RosterRecord
from models.vocabulary import Part
from solver.changes.absence import Absence
from solver.changes.candidates import Candidate, rank
from solver.changes.repair import repair
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading
from solver.verify import verify

DAY = dt.timedelta(days=1)
SHOWN = 5
"""Substitutes that are named for each duty; ``candidates`` lists all."""


class RepairRequest(BaseModel):
    """Who is away, and when."""

    model_config = ConfigDict(extra="forbid")

    person: Id
    first: dt.date
    last: dt.date | None = Field(None, description="末日（含），不填同首日 last day, included")
    part: Part | None = None
    why: Why = ""

    @property
    def absence(self) -> Absence:
        """The same in words of the solver."""
        return Absence(self.person, self.first, self.last or self.first, self.part)


class Hit(NamedTuple):
    """A published row that leave takes, its roster, and who could stand in, best first."""

    roster: int
    row: RosterRow
    substitutes: tuple[Candidate, ...]


class RepairedMonth(NamedTuple):
    """A repaired plan, checked; ``base`` is the revision that it changes."""

    area: str
    base: int
    instance: Instance
    plan: Roster
    report: Report
    changes: tuple[DifferenceRow, ...]
    unmet: tuple[Unmet, ...]
    breaches: tuple[Breach, ...]


def hits(service: Service, owner: str, leave: Leave) -> list[Hit]:
    """Return the published duties and visits that leave takes, standbys first among the substitutes."""
    data = service.areas.data_at(owner)
    areas = service.areas.inside(data.area)
    marks = person_marks(data.instance, leave.person)
    days = Asked(marks=marks, first=leave.first - DAY, last=leave.last)
    with service.store.read() as session:
        rows = published_assignments(session, days)
        held = [(roster_record(session, row.roster), row) for row in rows]
    found = []
    for record, row in held:
        if record.area not in areas or not (row.date and row.part and row.starts and row.ends):
            continue
        times = row.starts, row.ends
        settings = service.areas.instance(record.instance).settings
        if leave_takes(settings, leave, row.date, row.part, times):
            found.append(Hit(record.id, row_of(row), _substitutes(service, record.id, row_of(row))))
    return found


def _substitutes(service: Service, roster: int, row: RosterRow) -> tuple[Candidate, ...]:
    """Return who could take a duty over; a visit stays with the adviser and moves to another day."""
    if not isinstance(row, Duty) or row.standby:
        return ()
    with service.store.read() as session:
        record, plan = roster_record(session, roster), get_roster(session, roster)
        planned = get_instance(session, record.instance)
    instance = with_leave_of_today(service, record.area, planned)
    reading = Reading(Facts(instance, plan.month), plan)
    found = rank(reading, rules_of(instance), "slot", row.slot, row.person).candidates
    return tuple(sorted(found, key=lambda one: not one.is_standby))[:SHOWN]


def repair_roster(
    service: Service, roster: int, asked: RepairRequest, today: dt.date
) -> RepairedMonth:
    """Repair a roster after an absence, changing as little as possible; who stands by is called first.

    Raises
    ------
    InputError
        The data do not know the person, or the absence does not touch the month.
    NotFoundError
        There is no such roster.
    """
    with service.store.read() as session:
        record, plan = roster_record(session, roster), get_roster(session, roster)
        planned = get_instance(session, record.instance)
        area, base = record.area, record.revision or record.base
    absence = asked.absence
    if asked.person not in planned.person_by_id:
        raise InputError([issue("unknown_person", Spot("body", "$.person"), asked.person)])
    if fault := absence_outside(plan.month, absence.first, absence.last, Spot("body", "$.first")):
        raise InputError([fault])
    instance = _without(with_leave_of_today(service, area, planned), absence.leave)
    rules = rules_of(instance)
    made = repair(instance, rules, plan, absence, today=min(today, absence.first))
    after = made.roster.model_copy(update={"instance": made.instance.content_hash})
    report = verify(made.instance, rules, after)
    return RepairedMonth(
        area, base, made.instance, after, report, made.changes, made.unmet, made.breaches
    )


def keep_repaired(
    session: Session, made: RepairedMonth, *, publish_it: bool, by: str, why: str
) -> RosterRecord:
    """Keep a repaired plan as a draft, or publish it if it adds no hard breach; return its record.

    Raises
    ------
    StoreError
        See ``publish``.
    """
    put_instance(session, made.instance, area=made.area, by=by)
    kept = put_draft(
        session, made.plan, made.report, area=made.area, by=by, why=why, base=made.base
    )
    return publish(session, kept.id, by=by, why=why) if publish_it and not made.breaches else kept


def enter_absence(service: Service, area: str, leave: Leave, *, by: str, why: str) -> None:
    """Enter an absence into the data, for the months to come; known leave is not doubled."""
    data = service.areas.data(area)
    if data is not None and leave.person in data.instance.person_by_id:
        change_leave(service, area, lambda now: (*now.leave, leave), by=by, why=why)


def _without(instance: Instance, leave: Leave) -> Instance:
    """Return the data without a row of leave that the repair enters itself."""
    rows = tuple(row for row in instance.leave if row != leave)
    return instance.model_copy(update={"leave": rows})
