"""Hours decide, not labels: the cases of ``hours.toml``, by solving and by checking a wrong roster.

Every case has one lawyer, ``L1``, unless it names more, and posts with a slot on each of their
dates. ``held`` of the slots can be held and each other one names the rule in ``reasons`` among
its own; ``wrong``, which the rules forbid, has exactly the hard breaches in ``breaches``.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest

from models.instance import Instance
from models.report import Level
from models.roster import Duty, Roster, Visit
from models.vocabulary import Part
from solver.check import check
from solver.modelling.facts import Facts
from solver.profiles import load_rules
from solver.solve import solve

Case = dict[str, Any]
CASES: dict[str, Case] = tomllib.loads(
    (Path(__file__).parent / "hours.toml").read_text(encoding="utf-8")
)
KEYS = {"posts", "people", "leave", "pins", "settings", "rules", "held", "reasons", "wrong"}
KEYS |= {"breaches", "around", "villages"}


def instance_of(case: Case) -> Instance:
    """Return the made-up county of a case: two stations 13 km apart."""
    point, far = {"lon": 113.69, "lat": 34.78}, {"lon": 113.8, "lat": 34.9}
    areas = [
        {"id": "X", "name": "例县", "level": "county", "terrain": "town", **point},
        {"id": "A", "name": "例镇", "level": "township", "parent": "X", "terrain": "town", **point},
    ]
    station = {"kind": "station", "area": "A", "mediators_min": 0}
    sites = [
        {"id": "Z1", "name": "例一站", **station},
        {"id": "Z2", "name": "例二站", **station, **far},
    ]
    post = {"site": "Z1", "kind": "consultation", "holiday": "keep", "kinds": ["lawyer"]}
    posts = [post | {"id": name, "name": name, **row} for name, row in case["posts"].items()]
    person = {"kind": "lawyer", "area": "A"}
    named = case.get("people", {"L1": {}})
    people = [person | {"id": name, "name": f"例{name}", **row} for name, row in named.items()]
    caps = [("weekly_cap", "turns", "9"), ("monthly_cap", "turns", "20")]
    caps.append(("monthly_hours", "lawyer", "200"))
    caps += [tuple(text.split()) for text in case.get("rules", ())]
    given: dict[tuple[str, str], str] = {(rule, field): value for rule, field, value in caps}
    return Instance.model_validate(
        {
            "settings": {"name": "例", "area": "X", "month": "2026-12", **case.get("settings", {})},
            "areas": areas,
            "villages": [{"area": "A", **row} for row in case.get("villages", ())],
            "sites": sites,
            "posts": posts,
            "people": people,
            "leave": [{"person": "L1", **row} for row in case.get("leave", ())],
            "pins": [
                {"kind": "duty", "person": "L1", "strength": "fixed", **row}
                for row in case.get("pins", ())
            ],
            "held_around": [{"person": "L1", **row} for row in case.get("around", ())],
            "rules": [{"rule": r, "field": f, "value": v} for (r, f), v in given.items()],
        }
    )


def roster_of(case: Case, month: str) -> Roster:
    """Return the wrong roster of a case: "post day part person" or "village day part person"."""
    villages = {row["id"] for row in case.get("villages", ())}
    duties, visits = [], []
    for text in case["wrong"]:
        target, day, part, person, *more = text.split()
        when = {"date": dt.date.fromisoformat(f"{month}-{int(day):02d}"), "part": Part(part)}
        if target in villages:
            visits.append(Visit(village=target, person=person, **when))
        else:
            duties.append(Duty(post=target, person=person, standby=more == ["standby"], **when))
    return Roster(month=month, duties=tuple(duties), visits=tuple(visits))


@pytest.mark.parametrize("name", CASES)
def test_what_can_be_held_is_held_and_the_rest_says_why(name):
    case = CASES[name]
    instance = instance_of(case)
    rules = load_rules("default", instance.rules)
    outcome = solve(instance, rules)
    unmet = [lack for lack in outcome.report.unmet if lack.kind == "duty"]
    assert len(outcome.roster.duties) == case["held"]
    assert not outcome.report.hard
    if "reasons" in case:
        told = {reason.code for lack in unmet for reason in lack.reasons}
        assert set(case["reasons"]) <= told
    else:
        assert unmet == []


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "wrong" in case])
def test_a_roster_that_breaks_the_hours_is_told(name):
    case = CASES[name]
    instance = instance_of(case)
    rules = load_rules("default", instance.rules)
    facts = Facts(instance, instance.settings.month)
    found = check(facts, rules, roster_of(case, facts.month)).breaches
    assert sorted(b.rule for b in found if b.level is Level.HARD) == sorted(case["breaches"])


@pytest.mark.parametrize("name", CASES)
def test_case_is_written_down_whole(name):
    assert set(CASES[name]) <= KEYS
    assert ("wrong" in CASES[name]) == ("breaches" in CASES[name])
