"""Groups of people: what may move, and what a search in groups finds where hours leave nothing spare."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.goals import LADDER, Goal
from models.report import Level
from solver.engine.groups import Groups, amounts
from solver.engine.highs import restrict
from solver.engine.ladder import FIRST
from solver.limits import Limits, Stage
from solver.modelling.facts import Facts
from solver.modelling.stages import pinned_start, seats_model
from solver.modelling.starts import constructed
from solver.profiles import load_rules
from solver.solve import solve
from tests.solver.modelling.test_constructed import tight


@settings(max_examples=10)
@given(st.integers(0, 99), st.integers(1, 4), st.booleans())
def test_group_is_few_people_and_holds_the_present_plan(seed, size, is_built):
    instance = tight(seed, 20, 6, spare_hours=0)
    model = seats_model(Facts(instance, "2026-12"), load_rules("default", instance.rules))
    matrix, owners = model.matrix(), model.owners()
    prices = [(goal, model.price(goal)) for goal in LADDER]
    start = pinned_start(model, matrix)
    plan = constructed(model, matrix, prices) if is_built else start
    groups = Groups(matrix, owners, amounts(matrix), seed)
    for goal in (Goal.COVERAGE, Goal.FAIRNESS):
        price = model.price(goal)
        drawn = groups.draw(plan, price, size)
        if drawn is None:
            assert price @ plan == price @ matrix.lower
            continue
        free, emptied = drawn
        people = set(owners[free].tolist()) - {-1}
        assert 1 <= len(people) <= size
        assert len(set(owners[emptied > 0].tolist())) <= 1
        part, _, _ = restrict(matrix, price, plan, free)
        assert part.admits(plan[free])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_groups_cover_what_no_order_covers(seed):
    """Not an hour is spare, so that the only full plans are exact packings."""
    instance = tight(seed, 40, 8, spare_hours=0)
    every = load_rules("default", instance.rules)
    rules = tuple(rule for rule in every if rule.level is Level.HARD or rule.rung in FIRST)
    model = seats_model(Facts(instance, "2026-12"), rules)
    plan = constructed(model, model.matrix(), [(goal, model.price(goal)) for goal in LADDER])
    assert model.price(Goal.COVERAGE) @ plan > 0
    outcome = solve(instance, rules, stage=Stage.ADVISERS, limits=Limits(deterministic=True))
    assert len(outcome.roster.advisers) == len(instance.villages)
    assert outcome.report.goals[0].gap == 0
