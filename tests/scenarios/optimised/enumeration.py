"""Every way to seat advisers on tiny instances, measured by the check, which knows no solver."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any

from models.goals import LADDER, Goal
from models.instance import Instance
from models.report import Level
from models.roster import AdviserSeat, Roster
from solver.check import check
from solver.modelling.facts import Facts
from solver.modelling.rule import Rule

Costs = dict[Goal, int]


def seats(seed: int, villages: int = 4, people: int = 3, *, is_begun: bool = True) -> Instance:
    """Return made-up villages and lawyers of one township, ways and (once begun) advisers drawn."""
    draw = random.Random(seed)
    lawyers = [f"L{n}" for n in range(people)]
    ids = [f"V{n}" for n in range(villages)]
    content: dict[str, Any] = {
        "settings": {"month": "2026-12"},
        "areas": [{"id": "A", "name": "示例乡", "level": "township", "lon": 113, "lat": 34}],
        "villages": [
            {"id": v, "name": f"示例{v}村", "area": "A"}
            | ({"adviser": draw.choice(lawyers)} if is_begun else {})
            for v in ids
        ],
        "people": [{"id": p, "name": f"例{p}", "kind": "lawyer", "area": "A"} for p in lawyers],
        "pairs": [
            {"person": p, "place": v, "minutes": draw.randint(1, 60)}
            for p, v in itertools.product(lawyers, ids)
        ],
    }
    return Instance.model_validate(content)


def every_plan(instance: Instance, rules: tuple[Rule, ...]) -> Iterator[Costs]:
    """Yield weight × amount by goal of every way to give each village one adviser or none."""
    facts = Facts(instance, instance.settings.month)
    people = [None, *(person.id for person in instance.people)]
    for taken in itertools.product(people, repeat=len(instance.villages)):
        held = zip(instance.villages, taken, strict=True)
        advisers = tuple(AdviserSeat(village=v.id, person=p) for v, p in held if p is not None)
        terms = check(facts, rules, Roster(month=facts.month, advisers=advisers)).terms
        if not any(terms.get(rule.code, 0) for rule in rules if rule.level is Level.HARD):
            costs = dict.fromkeys(LADDER, 0)
            for rule in rules:
                costs[rule.rung] += rule.weight * terms.get(rule.code, 0)
            yield costs


def best_above(plans: Iterator[Costs], goal: Goal) -> list[Costs]:
    """Return the plans that are best in the goals above one, in their order."""
    above = LADDER[: LADDER.index(goal)]
    found = list(plans)
    least = min(tuple(costs[other] for other in above) for costs in found)
    return [costs for costs in found if tuple(costs[other] for other in above) == least]
