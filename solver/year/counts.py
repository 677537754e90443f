"""Counts of a month by area: whole numbers that add up, so that every level is the sum of its rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from models.attendance import Happened, Presence, WorkKind
from models.instance import Instance
from models.roster import Roster
from models.slots import expand
from models.vocabulary import Mode, PersonKind
from solver.year.appointments import AppointmentKind, appointments
from solver.year.attended import Attended, attended

Counts = Counter[str]


class CountLabel(NamedTuple):
    """One count: its name in both languages."""

    zh: str
    en: str


COUNTED: Mapping[str, CountLabel] = {
    "villages": CountLabel("村居", "villages"),
    "advised": CountLabel("有法律顾问的村居", "villages with an adviser"),
    "to_visit": CountLabel("本月排有走访的村居", "villages with a visit planned by the cut-off"),
    "visited": CountLabel("已走访的村居", "of them visited"),
    "priority": CountLabel("重点村居", "priority villages"),
    "priority_served": CountLabel(
        "有顾问且未落空的重点村居", "priority villages advised, no visit failed"
    ),
    "seats": CountLabel("值班席位", "duty seats of the month"),
    "duties_planned": CountLabel("值班（全月计划）", "duties planned in the month"),
    "duties_due": CountLabel("值班（截至截止日计划）", "duties planned by the cut-off"),
    "duties_held": CountLabel("值班（已完成）", "duties held by the cut-off"),
    "visits_planned": CountLabel("走访（全月计划）", "visits planned in the month"),
    "visits_due": CountLabel("走访（截至截止日计划）", "visits planned by the cut-off"),
    "visits_held": CountLabel("走访（已完成）", "visits held by the cut-off"),
    "lectures_planned": CountLabel("讲座（全月计划）", "lectures planned in the month"),
    "lectures_due": CountLabel("讲座（截至截止日计划）", "lectures planned by the cut-off"),
    "lectures_held": CountLabel("讲座（已举办）", "lectures held by the cut-off"),
    "late": CountLabel("迟到", "late"),
    "excused": CountLabel("有故缺勤", "absent with a reason"),
    "unexcused": CountLabel("无故缺勤", "absent without a reason"),
    "substituted": CountLabel("有人替班", "served by a substitute"),
    "missed": CountLabel("无故缺勤且无人替班", "absent without a reason or substitute"),
    "unreported": CountLabel("未填报", "not reported"),
    "minutes": CountLabel("实际服务分钟", "minutes served"),
    "consultations": CountLabel("解答咨询人次", "people advised"),
    "online": CountLabel("其中线上", "of them online or by phone"),
    "listeners": CountLabel("讲座听众", "people at lectures"),
    "matters": CountLabel("服务事项", "service matters"),
    "aid_cases": CountLabel("法律援助案件", "legal aid cases"),
    "aid_lawyers": CountLabel("其中律师办理", "of them handled by lawyers"),
    "disputes": CountLabel("调解纠纷", "disputes"),
    "disputes_settled": CountLabel("其中成功", "of them settled"),
    "priority_disputes": CountLabel("重点村居纠纷", "disputes in priority villages"),
    "priority_settled": CountLabel("其中成功", "of them settled"),
    "rated": CountLabel("有评价的服务", "services rated"),
    "rating_hundredths": CountLabel("评价合计（百分之一分）", "sum of ratings in hundredths"),
    "stations": CountLabel("建成站点", "stations built"),
}
"""Every count by name. A month's counts are those up to the cut-off, unless they say otherwise."""

_DATED = {
    AppointmentKind.DUTY: "duties",
    AppointmentKind.VISIT: "visits",
    AppointmentKind.LECTURE: "lectures",
}
_CALLS = {WorkKind.PHONE, WorkKind.GROUP}


@dataclass(frozen=True)
class MonthOfOffice:
    """A month of one office: what was planned from what, and what happened, if anybody said."""

    instance: Instance
    roster: Roster
    happened: Happened | None

    @property
    def month(self) -> str:
        """The month, ``YYYY-MM``."""
        return self.roster.month

    def done(self) -> tuple[Attended, ...]:
        """Return everything planned; without attendance none of it is reported."""
        rows = self.happened.attendance if self.happened is not None else ()
        return attended(appointments(self.instance, self.roster), rows)


def tally(office: MonthOfOffice, cutoff: dt.date) -> dict[str, Counts]:
    """Return the counts of each area in which something lies directly, up to ``cutoff``."""
    found: dict[str, Counts] = defaultdict(Counter)
    done = office.done()
    _seats(office, found)
    _villages(office, [thing for thing in done if thing.planned.day <= cutoff], found)
    for thing in done:
        name = _DATED.get(thing.planned.kind)
        if name is not None:
            found[thing.planned.area][f"{name}_planned"] += 1
        if thing.planned.day <= cutoff:
            _thing(thing, name, found[thing.planned.area])
    _work(office, cutoff, found)
    return dict(found)


def _seats(office: MonthOfOffice, found: dict[str, Counts]) -> None:
    for slot in expand(office.instance, office.month):
        found[slot.site.area]["seats"] += slot.head_count


def _villages(office: MonthOfOffice, done: Sequence[Attended], found: dict[str, Counts]) -> None:
    """Count villages by what they have; a visit failed where it was reported and nobody came."""
    advised = {seat.village for seat in office.roster.advisers}
    visits = [thing for thing in done if thing.planned.kind is AppointmentKind.VISIT]
    asked = {thing.planned.place for thing in visits}
    served = {thing.planned.place for thing in visits if thing.is_held}
    for village in office.instance.villages:
        here, name = found[village.area], village.id
        here["villages"] += 1
        here["advised"] += name in advised
        here["to_visit"] += name in asked
        here["visited"] += name in served
        if village.priority:
            here["priority"] += 1
            here["priority_served"] += name in advised and (name not in asked or name in served)


def _thing(thing: Attended, name: str | None, here: Counts) -> None:
    """Count one thing planned by the cut-off."""
    if name is not None:
        here[f"{name}_due"] += 1
        here[f"{name}_held"] += thing.is_held
    here["unreported"] += thing.presence is None
    for presence in (Presence.LATE, Presence.EXCUSED, Presence.UNEXCUSED):
        here[presence.value] += thing.presence is presence
    here["substituted"] += thing.is_held and thing.server != thing.planned.person
    here["missed"] += thing.is_missed
    here["minutes"] += round(60 * thing.hours)
    here["matters"] += sum(thing.matters.values())
    if thing.rating is not None:
        here["rated"] += 1
        here["rating_hundredths"] += round(100 * thing.rating)
    if thing.planned.kind is AppointmentKind.LECTURE:
        here["listeners"] += thing.people
    else:
        here["consultations"] += thing.people
        here["online"] += thing.people if thing.mode is not Mode.ONSITE else 0


def _work(office: MonthOfOffice, cutoff: dt.date, found: dict[str, Counts]) -> None:
    """Count work beyond the roster."""
    instance = office.instance
    area_of = {place.id: place.area for place in instance.villages}
    area_of |= {place.id: place.area for place in instance.sites}
    priority = {village.id for village in instance.villages if village.priority}
    for row in office.happened.work if office.happened is not None else ():
        if row.date > cutoff:
            continue
        here = found[area_of[row.place]]
        if row.kind in _CALLS:
            here["consultations"] += row.count
            here["online"] += row.count
        elif row.kind is WorkKind.STATION:
            here["stations"] += row.count
        else:
            here["matters"] += row.count
        if row.kind is WorkKind.AID_CASE:
            is_lawyer = instance.person_by_id[row.person].kind is PersonKind.LAWYER
            here["aid_cases"] += row.count
            here["aid_lawyers"] += row.count * is_lawyer
        if row.kind.is_mediation:
            settled = row.count if row.succeeded is None else row.succeeded
            for name in ["", *(["priority_"] if row.place in priority else [])]:
                here[f"{name}disputes"] += row.count
                here[f"{name}settled" if name else "disputes_settled"] += settled


def missed_by_person(offices: Iterable[MonthOfOffice], cutoff: dt.date) -> Counter[str]:
    """Return how often each person stayed away without reason or substitute, by id and name."""
    found: Counter[str] = Counter()
    for office in offices:
        for thing in office.done():
            if thing.is_missed and thing.planned.day <= cutoff:
                person = office.instance.person_by_id[thing.planned.person]
                found[f"{person.name}（{person.id}）"] += 1
    return found
