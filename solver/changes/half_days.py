"""Ranked half days for a visit: to which of them it could be moved, or where one more would fit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from models.goals import LADDER, Goal
from models.issues import InputError
from models.messages import issue
from models.report import Level, Reason
from models.roster import Visit
from models.vocabulary import Part
from solver.changes.candidates import Reassignment, judge, reasons
from solver.changes.neighbourhood import visit_key
from solver.modelling.facts import VISIT_PARTS
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule


@dataclass(frozen=True)
class HalfDay:
    """A half day on which the visit breaks no hard rule; ``costs`` and ``waives`` as of a candidate."""

    date: dt.date
    part: Part
    costs: dict[Goal, int]
    waives: tuple[str, ...]


@dataclass(frozen=True)
class HalfDays:
    """Half days, best first, and why not the others."""

    found: tuple[HalfDay, ...]
    refused: tuple[Reason, ...]


def rank_half_days(
    plan: Reading, rules: Iterable[Rule], visit: Visit, *, is_new: bool = False
) -> HalfDays:
    """Rank the half days of the month for a visit that is moved, or for one more like it.

    Order: nobody needs a waiver first, then the costs goal by goal, then the date.

    Raises
    ------
    InputError
        The data do not know the village or the person.
    """
    facts = plan.facts
    if visit.village not in facts.village_idx:
        raise InputError([issue("unknown_village", value=visit.village)])
    if visit.person not in facts.person_idx:
        raise InputError([issue("unknown_person", value=visit.person)])
    made = {(row.date, row.part) for row in plan.visits_to[visit.village]}
    offered = [
        visit.model_copy(update={"date": date, "part": part, "start": None})
        for date in facts.days
        for part in VISIT_PARTS
        if (date, part) not in made
    ]
    given_up = () if is_new else (visit_key(facts, visit),)
    changes = [Reassignment(given_up, (visit_key(facts, other),)) for other in offered]
    judged = judge(plan, rules, changes)
    found, refused = [], []
    for n, other in enumerate(offered):
        rule = judged.refused[n]
        if rule is not None:
            refused.append((f"{other.date} {other.part.label}", rule))
        else:
            costs = {rule: int(cost[n]) for rule, cost in judged.costs.items()}
            found.append(_half_day(other, costs))
    return HalfDays(tuple(sorted(found, key=_order)), reasons(refused, "个半天", "half days"))


def _half_day(visit: Visit, costs: dict[Rule, int]) -> HalfDay:
    by_goal = dict.fromkeys(LADDER, 0)
    for rule, cost in costs.items():
        by_goal[rule.rung] += cost
    waives = (r.code for r, cost in costs.items() if r.level is Level.WAIVABLE and cost > 0)
    return HalfDay(visit.date, visit.part, by_goal, tuple(sorted(waives)))


def _order(one: HalfDay) -> tuple[object, ...]:
    return bool(one.waives), tuple(one.costs.values()), one.date, one.part
