"""No plan is worse than a careful clerk's, whatever the goals and however little time there is."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.baselines.by_hand import by_hand
from models.arrays import Ints
from models.goals import LADDER, Goal
from models.instance import Instance
from models.report import Level
from solver.answers.shortage import shortage
from solver.engine.highs import Effort
from solver.engine.matrix import Matrix
from solver.limits import Limits, Stage
from solver.modelling.facts import Facts
from solver.modelling.model import Model
from solver.modelling.rule import Rule
from solver.modelling.stages import month_model, seats_model
from solver.modelling.starts import constructed
from solver.profiles import load_rules
from solver.solve import present_advisers, solve
from tests.instance_tables import tables
from tests.solver.agreement import roster_values
from tests.solver.counties import NEAR, county

RULES = load_rules("default")
SHUFFLED = st.randoms(use_true_random=False)


def reordered(rng: random.Random) -> tuple[Rule, ...]:
    """Return the rules, each but the hard ones on a rung of its own choice."""
    return tuple(
        rule if rule.level is Level.HARD else rule.model_copy(update={"goal": rng.choice(LADDER)})
        for rule in RULES
    )


def worth(model: Model, values: Ints) -> list[int]:
    return [int(model.price(goal) @ values) for goal in LADDER]


def stages(instance: Instance, rules: tuple[Rule, ...]) -> list[tuple[Model, Matrix]]:
    facts = Facts(instance, "2026-12")
    models = seats_model(facts, rules), month_model(facts, rules, present_advisers(facts))
    return [(model, model.matrix()) for model in models]


def tight(seed: int, villages: int, people: int, spare_hours: float = 0.5) -> Instance:
    """Return a county whose hours, uneven by village and person, are just enough.

    ``service_hours`` are dealt to people at random; their sum and what is spare is what each of them has.
    """
    rng = np.random.default_rng(seed)
    hours, owner = rng.integers(4, 33, villages) / 2, rng.integers(0, people, villages)
    had = np.bincount(owner, weights=hours, minlength=people) + spare_hours
    staff: list[dict[str, Any]] = [
        {"area": "A", "monthly_hours": float(h), "villages_max": 50} for h in had
    ]
    rules = [{"rule": "monthly_hours", "field": "count_travel", "value": "false"}]
    plain = county({"A": villages}, staff, NEAR, rules=rules)
    rows = [
        village.model_copy(update={"service_hours": float(h)})
        for village, h in zip(plain.villages, hours, strict=True)
    ]
    return plain.model_copy(update={"villages": tuple(rows)})


@settings(max_examples=15)
@given(tables("2026-12"), SHUFFLED)
def test_first_plan_is_admitted_and_no_worse_than_the_clerks(content, rng):
    pins = [row | {"strength": "keep"} for row in content["pins"]]
    instance = Instance.model_validate(content | {"pins": pins})
    for model, matrix in stages(instance, reordered(rng)):
        prices = [(goal, model.price(goal)) for goal in LADDER]
        plan = constructed(model, matrix, prices)
        assert matrix.admits(plan)
        assert worth(model, plan) <= worth(model, by_hand(model, matrix, 1.0))


@settings(max_examples=6)
@given(st.integers(0, 99), SHUFFLED)
def test_plan_of_a_second_is_no_worse_than_the_clerks(seed, rng):
    instance, rules = tight(seed, 30, 5), reordered(rng)
    outcome = solve(instance, rules, stage=Stage.ADVISERS, limits=Limits(seconds=1))
    (model, matrix), _ = stages(instance, rules)
    planned = roster_values(model, matrix, outcome.roster)
    assert planned is not None
    assert worth(model, planned) <= worth(model, by_hand(model, matrix, 1.0))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nobody_is_missing_where_the_hours_are_just_enough(seed):
    """The clerk leaves a village without an adviser; the largest first, all have one."""
    instance = tight(seed, 60, 12)
    rules = load_rules("default", instance.rules)
    (model, matrix), _ = stages(instance, rules)
    plan = constructed(model, matrix, [(goal, model.price(goal)) for goal in LADDER])
    assert model.price(Goal.COVERAGE) @ by_hand(model, matrix, 1.0) > 0
    assert model.price(Goal.COVERAGE) @ plan == 0
    assert shortage(Facts(instance, "2026-12"), rules, Effort(0.1)) is None
