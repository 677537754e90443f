"""The published slots that a firm staffs: which wait, until when, and who of the firm could be named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from pydantic import BaseModel, Field

from api.actions.planning import rules_of
from api.office.context import Service
from api.office.plans.publication import with_leave_of_today
from models.instance import Instance
from models.report import Reason, Report
from models.roster import Duty, Roster
from models.slots import post_times
from models.store.plans.instances import get_instance
from models.store.plans.roster_queries import get_report, get_roster, rosters
from models.store.tables.words import RosterState
from models.vocabulary import BilingualTerm, Part
from solver.changes.candidates import rank_slot
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading


class NamingState(BilingualTerm):
    """How far a slot is that a firm staffs."""

    WAITING = "waiting", "待派", "waits for the firm"
    NAMED = "named", "已派", "somebody is named"
    OVERDUE = "overdue", "逾期未派", "late; whom the office chose serves"


class Nominee(BaseModel):
    """Somebody of the firm who could be named, breaking no hard rule."""

    person: str
    name: str
    turns: int = Field(description="本月班次 turns of the month")
    carried: int = Field(description="往月班次 turns of earlier months")
    minutes: int = Field(description="单程分钟 minutes, one way")
    waives: tuple[str, ...] = Field(description="须豁免的规则 rules in principle that would bend")
    is_fallback: bool = Field(description="届时未派的人选 who serves if nobody is named")


class FirmSlot(BaseModel):
    """One seat of a published slot; ``person`` holds it or will, if the firm names nobody."""

    roster: int
    slot: str
    post: str
    post_name: str
    site: str
    site_name: str
    date: dt.date
    part: Part
    starts: dt.datetime
    ends: dt.datetime
    deadline: dt.date = Field(description="派人截止（含） last day on which the firm may name")
    state: NamingState
    state_label: str
    may_name: bool = Field(description="机构还可派人、改派 the firm may still name or change")
    person: str
    person_name: str
    nominees: tuple[Nominee, ...] = Field(description="本机构可派人员，优者在前 best first")
    refused: tuple[Reason, ...] = Field(description="不能派的人员及原因 who cannot serve, and why")


class PublishedPlan(NamedTuple):
    """A published roster with firm slots, checked against the leave that is known today."""

    roster: int
    area: str
    owner: str
    plan: Roster
    report: Report
    instance: Instance

    def seats_of(self, firm: str) -> Iterator[Duty]:
        """Yield the seats that a firm is to staff or has staffed."""
        posts, people = self.instance.post_by_id, self.instance.person_by_id
        for duty in self.plan.duties:
            post, holder = posts.get(duty.post), people.get(duty.person)
            is_named = post is not None and post.firm_named and not duty.standby
            if duty.firm == firm or (not duty.firm and is_named and holder and holder.firm == firm):
                yield duty


def published_plans(
    service: Service, area: str, month: str | None, today: dt.date
) -> list[PublishedPlan]:
    """Return what is published of a month, else from this month on, where firms staff slots.

    Raises
    ------
    NoDataError, UnseenError
        See ``Areas.data_at``.
    """
    owner = service.areas.data_at(area).area
    found = []
    with service.store.read() as session:
        inside, stages = service.areas.inside(owner), [RosterState.PUBLISHED]
        records = rosters(session, areas=inside, month=month, stages=stages, limit=500).rows
        for record in records:
            instance = get_instance(session, record.instance)
            is_due = month is not None or record.month >= f"{today:%Y-%m}"
            if is_due and any(post.firm_named for post in instance.posts):
                plan, report = get_roster(session, record.id), get_report(session, record.id)
                found.append(PublishedPlan(record.id, record.area, owner, plan, report, instance))
    return [
        one._replace(instance=with_leave_of_today(service, owner, one.instance)) for one in found
    ]


def firm_slots(
    service: Service, area: str, firm: str, month: str | None, today: dt.date
) -> list[FirmSlot]:
    """Return the slots of a firm, by start, with its people ranked for those that may be named.

    Raises
    ------
    NoDataError, UnseenError
        See ``Areas.data_at``.
    """
    found = []
    for one in published_plans(service, area, month, today):
        ranking = _Nominees(one, firm)
        found += [_slot(one, duty, today, ranking) for duty in one.seats_of(firm)]
    return sorted(found, key=lambda slot: (slot.starts, slot.slot, slot.person))


class _Nominees:
    """Ranks the people of a firm for seats of a published plan."""

    def __init__(self, one: PublishedPlan, firm: str) -> None:
        self._reading = Reading(Facts(one.instance, one.plan.month), one.plan)
        self._rules = rules_of(one.instance)
        self._people = frozenset(p.id for p in one.instance.people if p.firm == firm)

    def of(self, duty: Duty) -> tuple[tuple[Nominee, ...], tuple[Reason, ...]]:
        """Return who has the seat, then the others of the firm, best first; and who cannot serve."""
        facts, person = self._reading.facts, duty.person
        site = facts.slots[facts.slot_idx[duty.slot]].site
        present = Nominee(
            person=person,
            name=facts.instance.person_by_id[person].name,
            turns=len(self._reading.turns_of(person)),
            carried=facts.turns_before.get(person, 0),
            minutes=facts.minutes(person, facts.site_place(site.id)),
            waives=(),
            is_fallback=duty.firm is not None,
        )
        ranked = rank_slot(self._reading, self._rules, duty.slot, person, among=self._people)
        others = tuple(
            Nominee(
                person=one.person,
                name=one.name,
                turns=one.turns,
                carried=one.carried,
                minutes=one.minutes,
                waives=one.waives,
                is_fallback=False,
            )
            for one in ranked.candidates
        )
        return (present, *others), ranked.refused


def _slot(one: PublishedPlan, duty: Duty, today: dt.date, ranking: _Nominees) -> FirmSlot:
    post = one.instance.post_by_id[duty.post]
    site = one.instance.site_by_id[post.site]
    starts, ends = post_times(one.instance.settings, post, duty.date, duty.part)
    deadline = one.report.named_until(duty.post, duty.date)
    late = NamingState.OVERDUE if today > deadline else NamingState.WAITING
    state = late if duty.firm else NamingState.NAMED
    may_name = today <= deadline
    nominees, refused = ranking.of(duty) if may_name else ((), ())
    return FirmSlot(
        roster=one.roster,
        slot=duty.slot,
        post=post.id,
        post_name=one.instance.post_names.get(post.id, post.id),
        site=site.id,
        site_name=site.name,
        date=duty.date,
        part=duty.part,
        starts=starts,
        ends=ends,
        deadline=deadline,
        state=state,
        state_label=state.label,
        may_name=may_name,
        person=duty.person,
        person_name=one.instance.person_by_id[duty.person].name,
        nominees=nominees,
        refused=refused,
    )
