"""Firms name people for published slots; the rosters they change are checked and published at once.

A firm may name and rename until the deadline; an office at any time. What nobody named in time goes
to whom the plan chose (``send_fallbacks``, every day). Whoever is named is kept when the month is
solved again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import NamedTuple, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.access.actions import Action
from api.access.policy import Decision, decide
from api.access.roles import Actor
from api.office.conflicts import ConflictError
from api.office.context import Service
from api.office.people.firm_slots import PublishedPlan, published_plans
from api.office.plans.edits import CheckedEdits, check_edits
from api.office.plans.publication import added_hard, with_leave_of_today
from models.instance import Instance
from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.people import Pin
from models.roster import Duty
from models.rows import Id, Text, Why
from models.store.database.locks import hold_publishing
from models.store.plans.drafts import put_draft
from models.store.plans.editing import Edit
from models.store.plans.instances import get_instance, put_instance
from models.store.plans.pins import Which, remove_pins, set_pin
from models.store.plans.publishing import publish
from models.store.plans.roster_queries import (
    get_report,
    get_roster,
    published_roster,
    roster_record,
    rosters_waiting,
)
from models.vocabulary import PinKind, Strength

TRIES = 3
"""How often a naming is made anew because somebody else published in between."""
V = TypeVar("V")


class SlotName(BaseModel):
    """One person for one slot of the firm."""

    model_config = ConfigDict(extra="forbid")

    slot: str = Field(max_length=200, description="班次编号 岗位@20261201am id of the slot")
    person: Text = Field(min_length=1, description="所派人员的编号或姓名 who is named, id or name")
    replacing: Id | None = Field(
        None, description="改派时原派人员 who had been named, where several of the firm serve"
    )


class FirmNames(BaseModel):
    """The people a firm names; all are taken, or none."""

    model_config = ConfigDict(extra="forbid")

    names: list[SlotName] = Field(min_length=1, max_length=200)
    why: Why = ""


class NamedPerson(BaseModel):
    """Who serves a slot now, and the roster that says so."""

    roster: int
    slot: str
    person: str
    person_name: str


class PreparedNames(NamedTuple):
    """A published roster with the people named, checked; nothing is kept yet."""

    one: PublishedPlan
    edits: tuple[tuple[Duty, Duty], ...]
    checked: CheckedEdits


class MovedOnError(ConflictError):
    """Somebody else published between the check and the publication."""


def prepare_names(
    service: Service, actor: Actor, area: str, firm: str, asked: FirmNames, today: dt.date
) -> list[PreparedNames]:
    """Put the people named on their slots and check every roster that this changes.

    Raises
    ------
    InputError
        With every name that fits no slot of the firm, comes too late, is of somebody else, or
        breaks a hard rule that was kept before.
    """
    plans = published_plans(service, area, None, today)
    issues: list[Issue] = []
    edits: dict[int, dict[Duty, Duty]] = {one.roster: {} for one in plans}
    for number, name in enumerate(asked.names):
        reading = _NameReading(service, actor, firm, today, Spot("body", f"$.names[{number}]"))
        try:
            one, duty, person = reading.read(plans, edits, name)
        except InputError as error:
            issues += error.issues
        else:
            edits[one.roster][duty] = duty.model_copy(update={"person": person, "firm": None})
    if issues:
        raise InputError(issues)
    prepared = [_prepared(one, edits[one.roster]) for one in plans if edits[one.roster]]
    if issues := [found for made in prepared for found in _broken(made.checked)]:
        raise InputError(issues)
    return prepared


def keep_names(
    session: Session, prepared: Iterable[PreparedNames], *, by: str, why: str
) -> list[NamedPerson]:
    """Publish what was prepared, and let the next solve keep who was named.

    Raises
    ------
    MovedOnError
        Another roster has been published since.
    StoreError
        See ``publish``.
    """
    named = []
    for one, edits, checked in prepared:
        hold_publishing(session)
        now = published_roster(session, one.area, one.plan.month)
        if now is None or now.id != one.roster:
            raise MovedOnError(issue("naming_moved_on"))
        put_instance(session, one.instance, area=one.owner, by=by)
        draft = put_draft(session, checked.plan, checked.after, area=one.area, by=by, why=why)
        publish(session, draft.id, by=by, why=why)
        for before, after in edits:
            _keep_in_next_solve(session, one.owner, before, after, by=by, why=why)
            name = one.instance.person_by_id[after.person].name
            named.append(
                NamedPerson(roster=draft.id, slot=after.slot, person=after.person, person_name=name)
            )
    return named


def until_current(attempt: Callable[[], V]) -> V:
    """Make an attempt again, a few times, where somebody else has published in between."""
    for _ in range(TRIES - 1):
        try:
            return attempt()
        except MovedOnError:
            continue
    return attempt()


def send_fallbacks(service: Service, today: dt.date, *, by: str) -> list[NamedPerson]:
    """Give every slot whose firm named nobody in time to whom the plan chose; return who serves."""
    with service.store.read() as session:
        waiting = rosters_waiting(session)
    return [row for key in waiting for row in _send(service, key, today, by)]


def _send(service: Service, roster: int, today: dt.date, by: str) -> list[NamedPerson]:
    with service.store.read() as session:
        record = roster_record(session, roster)
        plan, report = get_roster(session, roster), get_report(session, roster)
        planned: Instance = get_instance(session, record.instance)
    data = service.areas.data(record.area)
    owner = data.area if data else record.area
    instance = with_leave_of_today(service, owner, planned)
    one = PublishedPlan(roster, record.area, owner, plan, report, instance)
    late = {
        duty: duty.model_copy(update={"firm": None})
        for duty in plan.duties
        if duty.firm and report.named_until(duty.post, duty.date) < today
    }
    if not late:
        return []
    prepared = _prepared(one, late)
    with service.store.begin() as session:
        return keep_names(session, [prepared], by=by, why="机构逾期未派人")


class _NameReading:
    """Finds the slot and the person that one name means."""

    def __init__(
        self, service: Service, actor: Actor, firm: str, today: dt.date, spot: Spot
    ) -> None:
        self._service, self._actor, self._firm = service, actor, firm
        self._today, self._spot = today, spot

    def read(
        self, plans: list[PublishedPlan], taken: dict[int, dict[Duty, Duty]], name: SlotName
    ) -> tuple[PublishedPlan, Duty, str]:
        """Return the roster, the seat and the person's id; seats ``taken`` by other names are gone."""
        seats = [
            (one, duty)
            for one in plans
            for duty in one.seats_of(self._firm)
            if duty.slot == name.slot and duty not in taken[one.roster]
        ]
        if name.replacing is not None:
            seats = [(one, duty) for one, duty in seats if duty.person == name.replacing]
        seats = [(one, duty) for one, duty in seats if duty.firm] or seats
        if not seats:
            self._refuse("naming_no_slot", "slot", name.slot, firm=self._firm)
        one, duty = seats[0]
        if len(seats) > 1 and not duty.firm:
            self._refuse("naming_which", "replacing", name.slot)
        self._refuse_late(one, duty)
        return one, duty, self._person(one.instance, name.person)

    def _refuse_late(self, one: PublishedPlan, duty: Duty) -> None:
        deadline = one.report.named_until(duty.post, duty.date)
        place = self._service.areas.place(one.area)
        is_office = decide(self._actor, Action.DECIDE, place) is Decision.ALLOW
        if self._today > deadline and not is_office:
            person = one.instance.person_by_id[duty.person].name
            self._refuse("naming_late", "slot", duty.slot, deadline=deadline, person=person)

    def _person(self, instance: Instance, word: str) -> str:
        own = [person for person in instance.people if person.firm == self._firm]
        found = [p.id for p in own if p.id == word] or [p.id for p in own if p.name == word]
        if not found:
            self._refuse("naming_other_firm", "person", word, firm=self._firm)
        if len(found) > 1:
            self._refuse("swap_namesakes", "person", word, count=len(found))
        return found[0]

    def _refuse(self, code: str, field: str, value: str, **words: object) -> NoReturn:
        spot = Spot(self._spot.table, f"{self._spot.cell}.{field}")
        raise InputError([issue(code, spot, value, **words)])


def _prepared(one: PublishedPlan, edits: dict[Duty, Duty]) -> PreparedNames:
    plan = one.plan.model_copy(update={"instance": one.instance.content_hash})
    checked = check_edits(one.instance, plan, [Edit(*pair) for pair in edits.items()])
    return PreparedNames(one, tuple(edits.items()), checked)


def _broken(checked: CheckedEdits) -> list[Issue]:
    return [
        issue("naming_breaks_rule", Spot("body", "$.names"), b.subject, breach=b.zh, breach_en=b.en)
        for b in added_hard(checked.before.breaches, checked.after.breaches)
    ]


def _keep_in_next_solve(
    session: Session, owner: str, before: Duty, after: Duty, *, by: str, why: str
) -> None:
    """Ask the next solve to keep who was named; without it the slot would wait for its firm again."""
    old = Which(first=before.date, last=before.date, person=before.person, target=before.post)
    if before.firm is None and before.person != after.person:
        remove_pins(session, owner, old, by=by, why=why)
    pin = Pin(
        kind=PinKind.DUTY,
        target=after.post,
        person=after.person,
        date=after.date,
        part=after.part,
        strength=Strength.KEEP,
    )
    set_pin(session, owner, pin, by=by, why=why)
