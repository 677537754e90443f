"""Known optima: on very small instances every roster is tried, and none beats the ladder's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import chain, combinations
from typing import Any

import pytest
from hypothesis import given, settings

from models.calendar import month_days
from models.goals import LADDER
from models.instance import Instance
from models.report import Level
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, Visit
from models.vocabulary import Part
from solver.modelling.choices import Block
from solver.modelling.facts import Facts
from solver.modelling.rule import Rule
from solver.profiles import load_rules
from solver.solve import Stage, solve
from tests.instance_tables import tables
from tests.solver.agreement import amount_of

SEATS = {Block.ADVISERS, Block.MEDIATORS}
MONTH = {Block.DUTIES, Block.VISITS}
RULES = load_rules("default")
DAY = dt.date(2026, 12, 10)
"""The only workday of the month that is tried out."""

NONE = Roster(month="2026-12")
Costs = tuple[int, ...]


def costs(
    facts: Facts, rules: Iterable[Rule], roster: Roster, given: Roster = NONE
) -> Costs | None:
    """Return weight × amount per goal, first goal first; None if a hard rule is broken.

    What the ``given`` seats break by themselves is not counted against the roster.
    """
    total = dict.fromkeys(LADDER, 0)
    for rule in rules:
        amount = amount_of(facts, rule, roster)
        if rule.level is Level.HARD and amount > amount_of(facts, rule, given):
            return None
        total[rule.rung] += rule.weight * amount if rule.level is not Level.HARD else 0
    return tuple(total.values())


def best(facts: Facts, rules: list[Rule], rosters: Iterable[Roster], given: Roster = NONE) -> Costs:
    """Try every roster."""
    tried = (costs(facts, rules, roster, given) for roster in rosters)
    return min(found for found in tried if found is not None)


def subsets(rows: list[Any]) -> Iterator[tuple[Any, ...]]:
    return chain.from_iterable(combinations(rows, size) for size in range(len(rows) + 1))


def small(content: dict[str, Any], **changes: Any) -> Instance:
    """Return a drawn instance cut to three people; pins are wishes to keep, never orders."""
    content = content | {"people": content["people"][:3]} | changes
    known = {
        row["id"] for name in ("people", "villages", "sites", "posts") for row in content[name]
    }
    names = ("person", "village", "site", "place", "target")
    for table in ("leave", "wishes", "conflicts", "pins", "ledger", "lectures", "pairs"):
        rows = [row for row in content[table] if {row[n] for n in names if row.get(n)} <= known]
        content[table] = rows
    content["pins"] = [row | {"strength": "keep"} for row in content["pins"]]
    gone = {"adviser": None}
    content["villages"] = [
        row if row.get("adviser") in known else row | gone for row in content["villages"]
    ]
    return Instance.model_validate(content)


def assert_proven(goals: Iterable[Any]) -> None:
    assert [(g.name, g.bound, g.gap) for g in goals] == [(g.name, g.value, 0) for g in goals]


@settings(max_examples=12)
@given(tables("2026-12"))
def test_adviser_seats_are_the_best_of_all_rosters(content):
    instance = small(content, sites=[], posts=[])
    outcome = solve(instance, RULES, stage=Stage.ADVISERS)
    facts, seats = Facts(instance, "2026-12"), [r for r in RULES if r.blocks & SEATS]
    pairs = [AdviserSeat(village=v.id, person=p.id) for v in facts.villages for p in facts.people]
    every = (Roster(month="2026-12", advisers=rows) for rows in subsets(pairs))
    assert costs(facts, seats, outcome.roster) == best(facts, seats, every)
    assert_proven(outcome.report.goals)


@settings(max_examples=12)
@given(tables("2026-12"))
def test_mediator_seats_are_the_best_of_all_rosters(content):
    instance = small(content, villages=[], posts=[])
    outcome = solve(instance, RULES, stage=Stage.ADVISERS)
    facts, seats = Facts(instance, "2026-12"), [r for r in RULES if r.blocks & SEATS]
    pairs = [MediatorSeat(site=s.id, person=p.id) for s in facts.sites for p in facts.people]
    every = (Roster(month="2026-12", mediators=rows) for rows in subsets(pairs))
    assert costs(facts, seats, outcome.roster) == best(facts, seats, every)
    assert_proven(outcome.report.goals)


@settings(max_examples=8)
@given(tables("2026-12"))
def test_month_is_the_best_of_all_rosters(content):
    post = content["posts"][0] | {"recurrence": f"{DAY}", "parts": ["am", "pm"], "standby": 0}
    rest = [{"date": day, "is_workday": day == DAY} for day in month_days("2026-12")]
    seated = [
        row | {"adviser": person}
        for row, person in zip(content["villages"][:2], ("L0", "L1"), strict=True)
    ]
    instance = small(content, villages=seated, posts=[post], days=rest)
    outcome = solve(instance, RULES, stage=Stage.MONTH)
    facts, month = Facts(instance, "2026-12"), [r for r in RULES if r.blocks & MONTH]
    base = Roster(month="2026-12", advisers=outcome.roster.advisers)
    rows = [*_duties(facts), *_visits(facts, base)]
    lawful = [row for row in rows if costs(facts, month, _with(base, row), base) is not None]
    every = _months(base, lawful)
    assert costs(facts, month, outcome.roster, base) == best(facts, month, every, base)
    assert_proven(outcome.report.goals)


def _duties(facts: Facts) -> list[Duty]:
    return [
        Duty(post="P0", date=slot.date, part=slot.part, person=person.id)
        for slot in facts.slots
        for person in facts.people
    ]


def _visits(facts: Facts, base: Roster) -> list[Visit]:
    """Return every visit, by advisers and by others, who may be deputies."""
    return [
        Visit(village=seat.village, person=person.id, date=DAY, part=part)
        for seat in base.advisers
        for person in facts.people
        for part in (Part.AM, Part.PM)
    ]


def _with(base: Roster, row: Duty | Visit) -> Roster:
    kind = "visits" if isinstance(row, Visit) else "duties"
    return base.model_copy(update={kind: (row,)})


def _months(base: Roster, rows: list[Duty | Visit]) -> Iterator[Roster]:
    """Yield every month; in December every village is due a lecture, on its first visit."""
    for taken in subsets(rows):
        visits = [row for row in taken if isinstance(row, Visit)]
        first = {visit.village: visit for visit in reversed(visits)}
        told = [v.model_copy(update={"lecture": first[v.village] is v}) for v in visits]
        duties = tuple(row for row in taken if isinstance(row, Duty))
        yield base.model_copy(update={"duties": duties, "visits": tuple(told)})


@pytest.mark.parametrize("cap", [1, 2])
def test_a_later_goal_never_buys_what_an_earlier_one_pays(cap):
    """Three villages, one near adviser and one far away: coverage before the cap before the way."""
    people = [
        {"id": "L0", "name": "例近", "kind": "lawyer", "area": "A", "villages_max": cap},
        {"id": "L1", "name": "例远", "kind": "lawyer", "area": "A", "villages_max": 1},
    ]
    villages = [{"id": f"V{n}", "name": f"示例村{n}", "area": "A"} for n in range(3)]
    far = [{"person": "L1", "place": v["id"], "minutes": 115} for v in villages]
    instance = Instance.model_validate(
        {
            "areas": [{"id": "A", "name": "示例乡", "level": "township", "lon": 113, "lat": 34}],
            "people": people,
            "villages": villages,
            "pairs": far,
        }
    )
    outcome = solve(instance, RULES, stage=Stage.ADVISERS)
    held = [seat.person for seat in outcome.roster.advisers]
    assert len(held) == 3
    value = {goal.name: goal.value for goal in outcome.report.goals}
    # the cap has a rung of its own: no number of minutes buys a village too many
    assert held.count("L1") == min(1, 3 - cap)
    assert value["overload"] == max(0, 3 - cap - 1)
    assert value["waivable"] == 55 * held.count("L1")
