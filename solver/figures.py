"""Figures of a plan: coverage, travel, load. A figure that cannot be known is None, shown as "—"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from models.arrays import Ints
from models.places import Village
from models.report import FairnessRow
from solver.limits import Stage
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule
from solver.modelling.siting import station_kpis

Figures = dict[str, float | None]

_SEATS = frozenset({"mediator_seats_held"})
_MONTH = frozenset(
    {
        *("effective_coverage_percent", "duty_coverage_percent", "duty_seats"),
        *("visits", "lectures", "most_turns", "fewest_turns"),
    }
)
UNPLANNED: Mapping[Stage, frozenset[str]] = {
    Stage.ALL: frozenset(),
    Stage.ADVISERS: _MONTH,
    Stage.MONTH: _SEATS,
}
"""Figures of what a stage leaves out: they are not 0, they are not known."""


def kpis(
    facts: Facts,
    rules: Iterable[Rule],
    plan: Reading,
    fairness: Iterable[FairnessRow],
    stage: Stage = Stage.ALL,
) -> Figures:
    """Return every figure by name, percentages of 100, minutes one way.

    A village is covered where it has an adviser and, if a visit is due this month, is visited;
    ``adviser_coverage_percent`` counts seats alone. Duties are planned, not attended.
    """
    known, is_month = tuple(rules), stage is not Stage.ADVISERS
    due = [v for v in facts.villages if any(rule.visits_due(facts, v) for rule in known)]
    priority = [v for v in facts.villages if v.priority]
    needed = [slot for slot in facts.slots if not slot.post.optional]
    seats = sum(slot.head_count for slot in needed)
    held = sum(min(len(plan.holders[s.id]), s.head_count) for s in needed)
    loads = [row.turns for row in fairness if row.turns]
    asked = {village.id for village in due} if is_month else set()

    def covered(village: Village) -> bool:
        visited = village.id not in asked or bool(plan.visits_to[village.id])
        return bool(plan.advisers[village.id]) and visited

    advised = sum(bool(plan.advisers[v.id]) for v in facts.villages)
    found: Figures = {
        "villages": len(facts.villages),
        "adviser_coverage_percent": _percent(advised, len(facts.villages)),
        "effective_coverage_percent": _percent(sum(map(covered, due)), len(due)),
        "priority_coverage_percent": _percent(sum(map(covered, priority)), len(priority)),
        "advisers": len({person for people in plan.advisers.values() for person in people}),
        "duty_seats": seats,
        "duty_coverage_percent": _percent(held, seats),
        "visits": len(plan.roster.visits),
        "lectures": sum(visit.lecture for visit in plan.roster.visits),
        "mediator_seats_held": sum(len(people) for people in plan.mediators.values()),
        **_travel(facts, known, plan),
        "most_turns": max(loads, default=0),
        "fewest_turns": min(loads, default=0),
    }
    unknown = dict.fromkeys(UNPLANNED[stage])
    return found | unknown | station_kpis(facts, plan)


def _travel(facts: Facts, rules: Sequence[Rule], plan: Reading) -> Figures:
    """Return the ways from advisers to villages, and the share of villages and people in the circle."""
    seats = [(p, v) for v in facts.villages for p in plan.advisers[v.id][:1]]
    person = np.array([facts.person_idx[p] for p, _ in seats], dtype=np.int64)
    place = np.array([facts.village_place(v.id) for _, v in seats], dtype=np.int64)
    known = facts.travel.is_known(person, place)
    ways = facts.travel.minutes(person, place)[known]
    villages = [village for (_, village), is_known in zip(seats, known, strict=True) if is_known]
    inside = _inside(facts, rules, villages, ways)
    people = [village.population or 0 for village in villages]
    served = sum(count for count, is_in in zip(people, inside or (), strict=False) if is_in)
    is_told = inside is not None
    return {
        "mean_adviser_minutes": round(float(ways.mean()), 1) if len(ways) else None,
        "most_adviser_minutes": int(ways.max()) if len(ways) else None,
        "spread_adviser_minutes": round(float(ways.std()), 1) if len(ways) else None,
        "circle_villages_percent": _percent(sum(inside or ()), len(villages)) if is_told else None,
        "circle_people_percent": _percent(served, sum(people)) if is_told else None,
    }


def _inside(
    facts: Facts, rules: Sequence[Rule], villages: Sequence[Village], ways: Ints
) -> list[bool] | None:
    """Say of each village whether its adviser lives within the circle; None where no rule draws one."""
    radii = [rule.circle_minutes for rule in rules if rule.circle_minutes is not None]
    if not radii:
        return None
    (town, country), town_of = radii[0], facts.travel.is_town
    limits = [town if town_of[facts.village_place(v.id)] else country for v in villages]
    return [way <= limit for way, limit in zip(ways.tolist(), limits, strict=True)]


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None
