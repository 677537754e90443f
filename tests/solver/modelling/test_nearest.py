"""Sparse candidates: enough of them, and no more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.generator.generate import generate
from solver.limits import Limits
from solver.modelling import model as model_module
from solver.modelling.choices import Block, Choices, joined, pairs
from solver.modelling.facts import Facts
from solver.modelling.nearest import among_nearest, short_together
from solver.modelling.stages import seats_model
from solver.profiles import load_rules
from solver.solve import Stage, solve

RULES = load_rules("default")


def offered(pairs_: list[tuple[int, int, int]]) -> Choices:
    """Return choices of (demand, person, minutes)."""
    rows = np.array(pairs_, dtype=np.int64).reshape(-1, 3)
    none = np.full(len(rows), -1, dtype=np.int64)
    empty = joined([], Block.ADVISERS)
    fields = {**vars(empty), "demand": rows[:, 0], "person": rows[:, 1], "minutes": rows[:, 2]}
    same = {"place": rows[:, 0], "half": none, "later": none, "refused": none, "column": none}
    return Choices(**{**fields, **same, "standby": np.zeros(len(rows), dtype=bool)})


def test_the_nearest_of_each_demand_are_marked() -> None:
    choices = offered([(0, 0, 9), (0, 1, 3), (0, 2, 3), (1, 0, 1), (1, 2, 7), (0, 3, 2)])
    marked = among_nearest(choices, 2)
    assert marked.tolist() == [False, True, False, True, True, True]


def test_a_valley_with_one_lawyer_comes_up_short_together() -> None:
    # villages 0-2 know only person 0, who may take two; village 3 knows person 1
    choices = offered([(0, 0, 1), (1, 0, 1), (2, 0, 1), (3, 1, 1)])
    assert short_together(choices, np.array([2, 5]), np.arange(4)).tolist() == [0, 1, 2]
    assert short_together(choices, np.array([3, 5]), np.arange(4)).tolist() == []


@given(
    st.sets(st.tuples(st.integers(0, 6), st.integers(0, 3)), max_size=20),
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
)
def test_who_comes_up_short_asks_too_few_people(
    edges: set[tuple[int, int]], caps: list[int]
) -> None:
    choices = offered([(demand, person, 1) for demand, person in sorted(edges)])
    short = set(short_together(choices, np.array(caps), np.arange(7)).tolist())
    asked = {person for demand, person in edges if demand in short}
    room = sum(caps[person] for person in asked)
    assert (len(short) > room) == bool(short)  # Hall: short exactly where a set asks too few


@pytest.mark.parametrize("nearest", [1, 3])
def test_few_candidates_still_cover_what_all_would(
    monkeypatch: pytest.MonkeyPatch, nearest: int
) -> None:
    instance = generate("340223", "S", 1)
    limits = Limits(seconds=30, seed=1)
    everybody = solve(instance, RULES, stage=Stage.ADVISERS, limits=limits)
    monkeypatch.setattr(model_module, "DENSE", 0)
    monkeypatch.setattr(model_module, "NEAREST", nearest)
    few = seats_model(Facts(instance, "2026-12"), RULES).choices[Block.ADVISERS]
    sparse = solve(instance, RULES, stage=Stage.ADVISERS, limits=limits)
    villages, people = len(instance.villages), sum(p.is_adviser for p in instance.people)
    assert villages <= len(few) < villages * people / 3
    assert sparse.report.kpis["adviser_coverage_percent"] == 100
    assert everybody.report.kpis["adviser_coverage_percent"] == 100
    present = {(v.id, v.adviser) for v in instance.villages if v.adviser}
    kept = {(s.village, s.person) for s in sparse.roster.advisers} & present
    assert len(kept) > len(present) / 2  # who serves now is offered however far


def test_named_pairs_are_offered_as_they_are() -> None:
    facts = Facts(generate("340223105", "T", 1), "2026-12")
    none, one = np.full(1, -1), np.zeros(1, dtype=np.int64)
    offer = pairs(facts, Block.ADVISERS, one, one, none, np.zeros(1, dtype=bool))
    assert len(offer.named()) == offer.size(facts, np.ones((len(facts.people), 1), dtype=bool)) == 1
