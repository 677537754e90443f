"""A start decides between equally good plans and nothing else, however bad or foreign it is."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.goals import LADDER, GoalResult
from models.instance import Instance
from models.report import Status
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, VillageStation, Visit
from scenarios.generator.catalogue import load
from solver.engine.highs import Effort
from solver.engine.parts import Parts
from solver.engine.split import StagePart
from solver.limits import Limits
from solver.modelling.facts import Facts
from solver.modelling.stages import pinned_start, seats_model
from solver.modelling.starts import columns_of, start_from
from solver.profiles import load_rules
from solver.solve import Outcome, Stage, solve
from tests.instance_tables import tables
from tests.solver.engine.test_parts import three_counties
from tests.solver.test_known_optimum import SEATS, costs, small

RULES = load_rules("default")
REPEATABLE = Limits(deterministic=True)


def solved(instance: Instance, start: Roster | None = None, stage: Stage = Stage.ALL) -> Outcome:
    return solve(instance, RULES, stage=stage, limits=REPEATABLE, start=start)


def of_rules(goals: Iterable[GoalResult]) -> list[tuple[str, str, int, float]]:
    """Return stage, name, value and bound of every goal that rules have."""
    known = {goal.value for goal in LADDER}
    return [(g.stage, g.name, g.value, g.bound) for g in goals if g.name in known]


def likeness(outcome: Outcome) -> dict[str, tuple[int, float]]:
    return {g.stage: (g.value, g.bound) for g in outcome.report.goals if g.name == "likeness"}


@pytest.fixture(scope="module")
def town() -> Instance:
    return load("township")


@pytest.fixture(scope="module")
def plan(town: Instance) -> Outcome:
    return solved(town)


def foreign(instance: Instance) -> Roster:
    """Return a plan of nobody's: unknown ids beside everything at once for the first person."""
    person, known = instance.people[0].id, solved(instance).roster
    villages = [village.id for village in instance.villages]
    return known.model_copy(
        update={
            "advisers": tuple(
                AdviserSeat(village=v, person=p) for v in ("X", *villages) for p in (person, "X")
            ),
            "mediators": tuple(MediatorSeat(site=s, person="X") for s in ("X", *known.month[:1])),
            "duties": (
                *(duty.model_copy(update={"person": person}) for duty in known.duties),
                *(Duty(post="X", date=d.date, part=d.part, person=person) for d in known.duties),
            ),
            "visits": tuple(
                Visit(village=v.village, person=person, date=v.date, part=v.part)
                for v in known.visits
            ),
            "stations": (VillageStation(village="X", host="X"),),
        }
    )


def test_starting_from_the_answer_gives_the_answer(town: Instance, plan: Outcome):
    again = solved(town, plan.roster)
    assert again.roster == plan.roster
    assert of_rules(again.report.goals) == of_rules(plan.report.goals)
    assert likeness(again) == {"seats": (0, 0), "month": (0, 0)}


def test_a_foreign_start_leaves_every_goal_as_it_is(town: Instance, plan: Outcome):
    again = solved(town, foreign(town))
    assert of_rules(again.report.goals) == of_rules(plan.report.goals)
    assert again.report.status is plan.report.status is Status.OPTIMAL
    assert again.report.hard == ()


def test_a_start_of_a_month_before_is_no_start(town: Instance, plan: Outcome):
    later = town.model_copy(
        update={"settings": town.settings.model_copy(update={"month": "2027-01"})}
    )
    cold, warm = solved(later), solved(later, plan.roster)
    assert of_rules(warm.report.goals) == of_rules(cold.report.goals)


@settings(max_examples=10)
@given(tables("2026-12"), tables("2026-12"), st.sampled_from(list(Stage)))
def test_goals_are_those_of_a_solve_without_a_start(
    content: dict[str, Any], other: dict[str, Any], stage: Stage
):
    instance, start = small(content), solved(small(other)).roster
    cold, warm = solved(instance, stage=stage), solved(instance, start, stage)
    seats = [goals for goals in of_rules(cold.report.goals) if goals[0] == "seats"]
    assert [goals for goals in of_rules(warm.report.goals) if goals[0] == "seats"] == seats
    if stage is Stage.MONTH or cold.roster.advisers == warm.roster.advisers:
        assert of_rules(warm.report.goals) == of_rules(cold.report.goals)
    assert warm.report.hard == cold.report.hard


@settings(max_examples=10)
@given(tables("2026-12"), st.integers(0, 26))
def test_of_equally_good_seats_the_nearest_to_the_start_are_taken(
    content: dict[str, Any], number: int
):
    instance = small(content, sites=[], posts=[])
    everybody = [None, *(person.id for person in instance.people)]
    every = [_seats(instance, taken) for taken in product(everybody, repeat=3)]
    start = every[number]
    outcome = solved(instance, start, Stage.ADVISERS)
    facts, seats = Facts(instance, "2026-12"), [r for r in RULES if r.blocks & SEATS]
    priced = [(costs(facts, seats, roster), roster) for roster in every]
    least = min(cost for cost, _ in priced if cost is not None)
    best = [roster for cost, roster in priced if cost == least]
    away = min(len(set(roster.advisers) - set(start.advisers)) for roster in best)
    assert costs(facts, seats, outcome.roster) == least
    assert len(set(outcome.roster.advisers) - set(start.advisers)) == away


def _seats(instance: Instance, taken: Iterable[str | None]) -> Roster:
    pairs = zip(instance.villages, taken, strict=True)
    seats = tuple(AdviserSeat(village=v.id, person=p) for v, p in pairs if p is not None)
    return Roster(month="2026-12", advisers=seats)


def test_a_stage_that_is_cut_starts_inside_its_borders():
    facts = Facts(three_counties(), "2026-12")
    model = seats_model(facts, RULES)
    matrix = model.matrix()
    pins = pinned_start(model, matrix)
    plan = solve(three_counties(), RULES, stage=Stage.ADVISERS, limits=REPEATABLE).roster
    begun = start_from(model, matrix, columns_of(model, plan))
    assert matrix.admits(begun)
    prices = [(goal, model.price(goal)) for goal in LADDER]
    whole = StagePart(np.arange(len(pins)), matrix, prices, pins, model.regions(), model.owners())
    parts = Parts("seats", whole, Effort(60.0, cut=0), lambda _: None, begun)
    assert matrix.admits(parts.values)
    choices = np.concatenate([c.column for c in model.choices.values()])
    # whoever serves a village across the border gives it up, and nobody else
    lost = int((begun > parts.values)[choices].sum())
    assert 0 < lost < len(plan.advisers) / 4
