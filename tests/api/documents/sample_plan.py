"""A made-up district with a naive plan by hand, for the tests of what is written out.

People, firms, licence and telephone numbers are invented.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from models.goals import GoalResult
from models.instance import Instance
from models.report import (
    Breach,
    DifferenceRow,
    FairnessRow,
    Level,
    Reason,
    Report,
    Status,
    Unmet,
    UnmetKind,
)
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, Visit
from models.slots import expand
from models.vocabulary import Part, PinKind, PostKind

STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
MOBILE_PREFIX, LICENCE_PREFIX = "1390000", "1410120260"
NOTICE = "示例：人员、机构、电话均为虚构，坐标为生成"
TITLES = {
    "reception": "综合接待岗",
    "consultation": "法律咨询岗",
    "legal_aid": "法律援助岗",
    "mediation": "人民调解岗",
}


def district_instance(townships: int = 24, villages: int = 287, people: int = 110) -> Instance:
    """Build a district: a centre with four posts, a station with two posts in every township."""
    draw = random.Random(7)
    centres = [(113.62 + 0.05 * (n % 6), 34.74 + 0.045 * (n // 6)) for n in range(townships)]
    areas = [_area("410105", "示例区", "county", None, (113.7, 34.8))]
    areas += [
        _area(_town(n), f"示例{_word(n)}街道", "township", "410105", c)
        for n, c in enumerate(centres)
    ]
    return Instance.model_validate(
        {
            "settings": {"name": "示例区", "area": "410105", "month": "2026-10", "notice": NOTICE},
            "areas": areas,
            "villages": [_village(draw, n, n % townships, centres) for n in range(villages)],
            "sites": [_site(n, centres) for n in range(-1, townships)],
            "posts": _posts(townships),
            "firms": [_firm(n, townships, centres) for n in range(max(2, people // 6))],
            "people": [_person(draw, n, people, townships) for n in range(people + townships)],
        }
    )


def changed(instance: Instance, **tables: Any) -> Instance:
    """Return a new instance; a copied one would keep the indices and hash of the old."""
    return Instance(**{name: getattr(instance, name) for name in Instance.model_fields} | tables)


def naive_roster(instance: Instance) -> Roster:
    """Plan by taking turns: the last two villages of every 40 and some slots stay empty."""
    lawyers = [p.id for p in instance.people if p.kind == "lawyer"]
    mediators = [p.id for p in instance.people if p.kind == "mediator"]
    seats = [
        AdviserSeat(village=v.id, person=v.adviser or lawyers[n // 3 % len(lawyers)])
        for n, v in enumerate(instance.villages)
        if n % 40 < 38
    ]
    rooms = [site.id for site in instance.sites if site.kind in {"station", "workroom"}]
    return Roster(
        month=instance.settings.month,
        instance=instance.content_hash,
        advisers=tuple(seats),
        mediators=tuple(
            MediatorSeat(site=s, person=p) for s, p in zip(rooms, mediators, strict=False)
        ),
        duties=tuple(_duties(instance, lawyers)),
        visits=tuple(_visit(n, seat, instance.settings.month) for n, seat in enumerate(seats)),
    )


def sample_report(instance: Instance, roster: Roster) -> Report:
    """Say of the naive plan what a solve and a check would say."""
    served = {seat.village for seat in roster.advisers}
    bare = [v for v in instance.villages if v.id not in served]
    return Report(
        status=Status.FEASIBLE,
        month=roster.month,
        goals=(
            _goal("coverage", "覆盖", len(bare), len(bare)),
            _goal("travel", "路途", 4120, 4005.5),
        ),
        terms={"villages_per_adviser": 2, "one_adviser_per_village": len(bare)},
        breaches=(_waiver(roster),),
        unmet=tuple(_unmet(v.id, v.name) for v in bare),
        kpis={"adviser_coverage_percent": 95.1, "mean_adviser_minutes": 14.2},
        fairness=tuple(_load(roster, p.id) for p in instance.people),
        differences=(_difference(roster),),
        notice=instance.settings.notice,
        input_hash=instance.content_hash,
        seed=7,
        versions={"zhiban": "0.1.0", "ortools": "9.15"},
        seconds={"solve": 12.5},
    )


def _town(n: int) -> str:
    return f"410105{n + 1:03}"


def _word(n: int) -> str:
    return STEMS[n % 10] + BRANCHES[n % 12]


def _area(code: str, name: str, level: str, parent: str | None, point: Any) -> dict[str, Any]:
    at = {"lon": point[0], "lat": point[1]}
    return {"id": code, "name": name, "level": level, "parent": parent, "terrain": "town", **at}


def _village(draw: random.Random, n: int, town: int, centres: Any) -> dict[str, Any]:
    lon, lat = centres[town]
    return {
        "id": f"{_town(town)}{n:03}",
        "name": f"{_word(n)}社区" if n % 9 else f"{_word(n)}花园第{STEMS[n % 10]}社区",
        "area": _town(town),
        "lon": lon + draw.uniform(-0.024, 0.024),
        "lat": lat + draw.uniform(-0.022, 0.022),
        "coordinate_source": "synthetic" if n % 5 else "real-village",
        "priority": int(n % 50 == 0),
    }


def _site(n: int, centres: Any) -> dict[str, Any]:
    if n < 0:
        place = {"name": "示例区公共法律服务中心", "kind": "centre", "area": "410105"}
        return {"id": "Z00", **place, "lon": 113.74, "lat": 34.81, "phone": "0371-00000000"}
    name = f"示例{_word(n)}街道公共法律服务工作站"
    place = {"name": name, "kind": "station", "area": _town(n), "phone": f"0371-000001{n:02}"}
    return {"id": f"Z{n + 1:02}", **place, "lon": centres[n][0], "lat": centres[n][1]}


def _posts(townships: int) -> list[dict[str, Any]]:
    centre = [_post("Z00", kind, "工作日", ["am", "pm"]) for kind in list(PostKind)[:4]]
    centre[1] |= {"head_count": 2, "standby": 1, "mode": "remote", "serves": ["Z01", "Z02"]}
    hotline = {
        "id": "Z00-热线",
        "site": "Z00",
        "name": "热线夜班",
        "kind": "hotline",
        "mode": "on_call",
    }
    centre.append(hotline | {"recurrence": "周六", "holiday": "keep", "parts": ["night"]})
    weekly = ["周二、周四", "周一、周三", "周三、周五"]
    stations = [
        _post(f"Z{n + 1:02}", PostKind.CONSULTATION, weekly[n % 3], ["am"])
        for n in range(townships)
    ]
    return [*centre, *stations]


def _post(site: str, kind: PostKind, when: str, parts: list[str]) -> dict[str, Any]:
    post = {"id": f"{site}-{kind.label}", "site": site, "name": TITLES[kind.value]}
    return post | {"kind": kind.value, "recurrence": when, "parts": parts}


def _firm(n: int, townships: int, centres: Any) -> dict[str, Any]:
    lon, lat = centres[n % townships]
    name = f"示例{_word(n)}律师事务所" if n % 4 else f"示例{_word(n)}法律服务所"
    kind = "law_firm" if n % 4 else "grassroots_office"
    at = {"area": _town(n % townships), "lon": lon + 0.008, "lat": lat - 0.006}
    return {"id": f"F{n:02}", "name": name, "kind": kind, "phone": f"0371-000002{n:02}", **at}


def _person(draw: random.Random, n: int, lawyers: int, townships: int) -> dict[str, Any]:
    is_lawyer = n < lawyers
    firm = f"F{n % max(2, lawyers // 6):02}" if is_lawyer else None
    return {
        "id": f"{'L' if is_lawyer else 'M'}{n:03}",
        "name": f"例{_word(n)}" if n % 7 else f"例{STEMS[n // 7 % 10]}",
        "kind": "lawyer" if is_lawyer else "mediator",
        "firm": firm,
        "area": _town(n % townships),
        "specialities": ["family", "property"] if n % 2 else ["labour"],
        "licence_no": f"{LICENCE_PREFIX}{n:07}",
        "mobile": f"{MOBILE_PREFIX}{n:04}",
        "practice_years": round(draw.uniform(1, 30)),
    }


def _duties(instance: Instance, people: list[str]) -> list[Duty]:
    found: list[Duty] = []
    turn = 0
    for n, slot in enumerate(expand(instance, instance.settings.month)):
        if n % 23 == 7:
            continue
        seats = slot.post.head_count + slot.post.standby
        for seat in range(seats):
            person, turn = people[turn % len(people)], turn + 1
            standby = seat >= slot.post.head_count
            found.append(
                Duty(
                    post=slot.post.id,
                    date=slot.date,
                    part=slot.part,
                    person=person,
                    standby=standby,
                )
            )
    return found


def _visit(n: int, seat: AdviserSeat, month: str) -> Visit:
    date = dt.date.fromisoformat(f"{month}-12") + dt.timedelta(days=7 * (n % 2) + n % 5)
    part = Part.AM if n % 3 else Part.PM
    return Visit(village=seat.village, person=seat.person, date=date, part=part, lecture=n % 3 == 0)


def _goal(name: str, zh: str, value: int, bound: float) -> GoalResult:
    gap = (value - bound) / max(1, abs(value))
    return GoalResult(
        name=name,
        zh=zh,
        stage="advisers",
        value=value,
        bound=bound,
        gap=gap,
        seconds=1.5,
        engine="CP-SAT",
    )


def _waiver(roster: Roster) -> Breach:
    person = roster.advisers[0].person
    return Breach(
        rule="villages_per_adviser", level=Level.WAIVABLE, subject=person, amount=1,
        zh="担任 6 个村居的顾问，原则上不超过 5 个", en="Advises 6 villages, 5 in principle",
    )  # fmt: skip


def _unmet(village: str, name: str) -> Unmet:
    reasons = (
        Reason(
            code="villages_per_adviser",
            count=96,
            zh="96 人已满 5 个村居",
            en="96 people have 5 villages",
        ),
        Reason(
            code="service_circle",
            count=14,
            zh="14 人路途超过半小时",
            en="14 people are more than 30 minutes away",
        ),
    )
    zh, en = f"{name}没有法律顾问", f"{name} has no adviser"
    return Unmet(kind=UnmetKind.ADVISER, target=village, zh=zh, en=en, reasons=reasons)


def _load(roster: Roster, person: str) -> FairnessRow:
    turns = sum(d.person == person and not d.standby for d in roster.duties)
    visits = sum(v.person == person for v in roster.visits)
    return FairnessRow(
        person=person,
        villages=sum(seat.person == person for seat in roster.advisers),
        turns=turns,
        visits=visits,
        hours=3.0 * (turns + visits),
        travel_minutes=25 * (turns + visits),
    )


def _difference(roster: Roster) -> DifferenceRow:
    duty = roster.duties[0]
    return DifferenceRow(
        kind=PinKind.DUTY,
        target=duty.post,
        date=duty.date,
        part=duty.part,
        before="",
        after=duty.person,
    )
