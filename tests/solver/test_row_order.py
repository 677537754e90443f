"""The order of rows decides nothing: the same content gives the same plan, from whatever sheet."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.instance import Instance
from models.report import Report, UnmetKind
from solver.limits import Limits
from solver.profiles import load_rules
from solver.solve import Outcome, solve
from tests.factories import tiny_instance
from tests.solver.rich_instance import rich_instance

REPEATABLE = Limits(deterministic=True)
MEASURED = {"seconds", "peak_memory_mb"}


def shuffled(instance: Instance, seed: int) -> Instance:
    """Return the same content with the rows of every table, and every map, in another order."""
    draw = random.Random(seed)

    def turned(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return dict(draw.sample(sorted(value.items()), len(value)))

    tables = {
        name: [
            {field: turned(value) for field, value in row.model_dump(mode="json").items()}
            for row in draw.sample(rows, len(rows))
        ]
        for name, rows in instance.tables()
    }
    given_settings = instance.settings.model_dump(mode="json")
    return Instance.model_validate(tables | {"settings": given_settings})


def planned(instance: Instance, profile: str) -> Outcome:
    return solve(instance, load_rules(profile, instance.rules), limits=REPEATABLE)


def told(report: Report) -> dict[str, Any]:
    """Return what a report says, less what was measured."""
    goals = [goal.model_dump(exclude={"seconds"}) for goal in report.goals]
    return report.model_dump(exclude=MEASURED | {"goals"}) | {"goals": goals}


@settings(max_examples=5)
@given(st.integers(0, 10**6), st.sampled_from(["default", "pucheng", "suzhou"]), st.booleans())
def test_shuffled_rows_give_the_same_plan(seed, profile, is_rich):
    instance = rich_instance() if is_rich else tiny_instance()
    other = shuffled(instance, seed)
    assert other.content_hash == instance.content_hash
    first, second = planned(instance, profile), planned(other, profile)
    assert second.roster == first.roster
    assert told(second.report) == told(first.report)


def year_of(count: int, priority: int) -> list[Outcome]:
    """Plan twelve months of villages under the rules of Pucheng, each month's history handed on."""
    at = {"area": "T", "lon": 113.69, "lat": 34.78}
    villages: list[dict[str, Any]] = [
        {"id": f"V{n}", "name": f"村{n}", "priority": int(n == priority)} | at for n in range(count)
    ]
    lectures: list[dict[str, Any]] = []
    areas = [
        {"id": "X", "name": "县", "level": "county", "lon": 113.66, "lat": 34.8},
        {"id": "T", "name": "镇", "level": "township", "parent": "X", "lon": 113.69, "lat": 34.78},
    ]
    people = [{"id": "L", "name": "例", "kind": "lawyer"} | at]
    months = []
    for month in range(1, 13):
        instance = Instance.model_validate(
            {"settings": {"name": "t", "area": "X", "month": f"2026-{month:02}"}}
            | {"areas": areas, "people": people, "villages": villages, "lectures": lectures}
        )
        months.append(planned(instance, "pucheng"))
        for visit in months[-1].roster.visits:
            (row,) = (v for v in villages if v["id"] == visit.village)
            row["last_visit"] = visit.date
            lectures += [{"village": visit.village, "date": visit.date}] if visit.lecture else []
    return months


@pytest.mark.parametrize(("count", "priority"), [(5, 3)])
def test_quarterly_visits_and_yearly_lectures_fall_on_the_same_trips(count, priority):
    """Four visits a year, three months apart, one of them with the lecture; nothing left unmet."""
    months = year_of(count, priority)
    for n in range(count):
        visits = [
            (month, visit)
            for month, outcome in enumerate(months)
            for visit in outcome.roster.visits
            if visit.village == f"V{n}"
        ]
        when = [month for month, _ in visits]
        assert when == list(range(when[0], 12, 3))
        assert sum(visit.lecture for _, visit in visits) == 1
    kinds = {row.kind for outcome in months for row in outcome.report.unmet}
    assert not kinds & {UnmetKind.VISIT, UnmetKind.LECTURE}
    assert max(len(outcome.roster.visits) for outcome in months) <= 2
