"""Repair beside an exact search: every way to serve what an absence frees, judged by the check."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import numpy as np
import pytest

from models.goals import LADDER
from models.instance import Instance
from models.report import Level
from models.roster import AdviserSeat, Duty, Roster, Visit
from models.vocabulary import Part
from solver.changes.absence import Absence, with_absence
from solver.changes.repair import repair
from solver.changes.roster_changes import with_lectures
from solver.check import check
from solver.modelling.facts import PARTS, Facts
from solver.profiles import load_rules
from tests.factories import tiny_content, tiny_instance

RULES = load_rules("xindu")
MOST = 300
"""Ways to serve what is freed, at most: each is checked as a whole roster."""

FILLED = 0.7
"""Share of the slots that somebody holds."""

Row = Duty | Visit


@pytest.mark.parametrize("seed", range(24))
def test_no_way_to_serve_what_is_freed_is_better(seed: int) -> None:
    random = np.random.default_rng(seed)
    instance, before = _drawn(random)
    rows = before.duties if seed % 4 == 0 else before.visits
    held = sorted({(row.person, row.date) for row in rows})
    person, day = held[random.integers(len(held))]
    today = (dt.date(2026, 12, 1), day, day - dt.timedelta(days=3))[seed % 3]
    absence = Absence(person, day, day)
    repaired = repair(instance, RULES, before, absence, today=today)
    assert all(goal.value >= goal.bound for goal in repaired.goals)
    kept, freed = _split(before, absence)
    facts = Facts(with_absence(instance, absence), before.month)
    lectures = {visit.village for visit in before.visits if visit.lecture}
    ways = [_ways(facts, before, row, today)[:: 1 if len(freed) == 1 else 3] for row in freed]
    hard = _hard(facts, kept)
    costs = [
        _costs(facts, roster)
        for taken in itertools.islice(itertools.product(*ways), MOST)
        if not _adds(hard, _hard(facts, roster := _with(kept, taken, lectures, today)))
    ]
    found = _costs(facts, repaired.roster)
    others = _rows(kept) - _rows(repaired.roster)
    assert (found[:2] if others else found) <= min(costs)[: 2 if others else None]


def _drawn(random: np.random.Generator) -> tuple[Instance, Roster]:
    """Return a small county with leave, and a month that somebody made without looking at rules."""
    content = tiny_content()
    people = [person["id"] for person in content["people"]]
    days = [dt.date(2026, 12, int(n)) for n in random.integers(1, 32, size=16)]
    leave = [{"person": random.choice(people), "first": d, "last": d} for d in days[:4]]
    instance = tiny_instance(leave=leave, posts=content["posts"][1:])
    seats = [AdviserSeat(village=v.id, person=random.choice(people[:2])) for v in instance.villages]
    visits = {
        (seat.village, days[(4 * n + k) % 16]): Visit(
            village=seat.village, person=seat.person, date=days[(4 * n + k) % 16], part=part
        )
        for n, seat in enumerate(seats)
        for k, part in enumerate((Part.AM, Part.PM)[: int(random.integers(1, 3))])
    }
    first = {visit.village: visit for visit in reversed(visits.values())}
    lectured = [v.model_copy(update={"lecture": first[v.village] is v}) for v in visits.values()]
    duties = [
        Duty(post=s.post.id, date=s.date, part=s.part, person=random.choice(people))
        for s in Facts(instance, "2026-12").slots
        if random.random() < FILLED
    ]
    tables: dict[str, Any] = {"advisers": seats, "visits": lectured, "duties": duties}
    return instance, _sorted(Roster(month="2026-12", **tables))


def _split(roster: Roster, absence: Absence) -> tuple[Roster, list[Row]]:
    """Return the roster without what the absence frees, and that."""
    rows: list[Row] = [*roster.duties, *roster.visits]
    freed = [r for r in rows if (r.person, r.date) == (absence.person, absence.first)]
    duties = tuple(duty for duty in roster.duties if duty not in freed)
    visits = tuple(visit for visit in roster.visits if visit not in freed)
    return roster.model_copy(update={"duties": duties, "visits": visits}), freed


def _ways(facts: Facts, before: Roster, row: Row, today: dt.date) -> list[Row | None]:
    """Return who else may take a duty, when else the adviser may visit, and nobody."""
    if isinstance(row, Duty):
        on_it = {d.person for d in before.duties if d.slot == row.slot}
        others = [person.id for person in facts.people if person.id not in on_it]
        return [None, *(row.model_copy(update={"person": other}) for other in others)]
    halves = itertools.product((d for d in facts.days if d >= today), (Part.AM, Part.PM))
    moved = [row.model_copy(update={"date": d, "part": p, "lecture": False}) for d, p in halves]
    made = {v.model_copy(update={"lecture": False}) for v in before.visits if v != row}
    return [None, *(visit for visit in moved if visit not in made)]


def _with(
    kept: Roster, taken: tuple[Row | None, ...], lectures: set[str], today: dt.date
) -> Roster:
    duties = [row for row in taken if isinstance(row, Duty)]
    visits = (*kept.visits, *(row for row in taken if isinstance(row, Visit)))
    rows = {"duties": (*kept.duties, *duties), "visits": visits}
    return with_lectures(_sorted(kept.model_copy(update=rows)), lectures, today)


def _sorted(roster: Roster) -> Roster:
    in_time = sorted(
        roster.visits, key=lambda v: (v.date, PARTS.index(v.part), v.village, v.person)
    )
    return roster.model_copy(update={"visits": tuple(in_time)})


def _hard(facts: Facts, roster: Roster) -> dict[str, int]:
    terms = check(facts, RULES, roster).terms
    return {rule.code: terms.get(rule.code, 0) for rule in RULES if rule.level is Level.HARD}


def _adds(before: dict[str, int], after: dict[str, int]) -> bool:
    return any(after[code] > before[code] for code in before)


def _costs(facts: Facts, roster: Roster) -> list[int]:
    terms = check(facts, RULES, roster).terms
    soft = [rule for rule in RULES if rule.level is not Level.HARD]
    return [sum(r.weight * terms.get(r.code, 0) for r in soft if r.rung is goal) for goal in LADDER]


def _rows(roster: Roster) -> set[Row]:
    visits = (visit.model_copy(update={"lecture": False}) for visit in roster.visits)
    return {*roster.duties, *visits}
