"""Small made-up offices that share out turns: one station, a handful of lawyers, December 2026."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from models.instance import Instance, RuleSetting
from models.roster import Duty, Roster
from solver.modelling.facts import Facts
from solver.profiles import load_rules
from solver.solve import solve

MONTHS = ("2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11")
WIDE = (
    ("monthly_cap", "turns", "62"),
    ("monthly_cap", "half_days", "62"),
    ("monthly_cap", "by_share", "false"),
    ("weekly_cap", "turns", "7"),
    ("weekly_cap", "by_share", "false"),
)
"""Caps that bind nobody."""

Turns = Mapping[str, Mapping[str, int]]
"""Turns by person and month."""


def served(people: Sequence[str], turns: int, months: Sequence[str] = MONTHS) -> Turns:
    """Return a ledger in which everybody served the same in every month."""
    return {person: dict.fromkeys(months, turns) for person in people}


def office(
    people: Mapping[str, Mapping[str, Any]],
    ledger: Turns,
    recurrence: str = "周一、周三、周五",
    month: str = "2026-12",
    **more: Any,
) -> Instance:
    """Return an office of lawyers (id: what is told of them) with one morning post."""
    post = {"id": "A", "site": "Z", "name": "咨询", "kind": "consultation", "holiday": "keep"}
    post |= {"kinds": ["lawyer"], "recurrence": recurrence, "parts": ["am"]} | more.pop("post", {})
    day_class = "weekend" if recurrence == "周末" else "workday"
    rows = [
        {"person": p, "month": m, "kind": "consultation", "day_class": day_class, "turns": n}
        for p, own in ledger.items()
        for m, n in own.items()
    ]
    tables = {
        "settings": {"month": month},
        "areas": [
            {"id": "C", "name": "例县", "level": "county", "lon": 113.7, "lat": 34.8},
            {"id": "T", "name": "例镇", "level": "township", "parent": "C", "terrain": "town"}
            | {"lon": 113.7, "lat": 34.8},
        ],
        "sites": [{"id": "Z", "name": "例站", "kind": "station", "area": "T", "mediators_min": 0}],
        "posts": [post],
        "people": [
            {"id": p, "name": f"例{p}", "kind": "lawyer", "area": "T"} | dict(told)
            for p, told in people.items()
        ],
        "ledger": rows,
    }
    return Instance.model_validate(tables | more)


def planned(instance: Instance) -> Roster:
    """Return the plan of an office whose caps bind nobody."""
    changes = [RuleSetting(rule=r, field=f, value=v) for r, f, v in WIDE]
    return solve(instance, load_rules("default", [*changes, *instance.rules])).roster


def turns_of(roster: Roster, *, standby: bool = False) -> Counter[str]:
    """Count turns by person."""
    return Counter(duty.person for duty in roster.duties if duty.standby is standby)


def dealt(instance: Instance, order: Sequence[str]) -> Roster:
    """Return a roster in which the slots go round in this order."""
    slots = Facts(instance, instance.settings.month).slots
    duties = (
        Duty(post=s.post.id, date=s.date, part=s.part, person=order[n % len(order)])
        for n, s in enumerate(slots)
    )
    return Roster(month=instance.settings.month, duties=tuple(duties))
