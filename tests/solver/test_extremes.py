"""Whatever number and level a rule admits, a plan comes out, or a clear refusal; never a traceback."""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import pytest
from annotated_types import Ge, Gt, Le

from models.instance import Instance, RuleSetting
from models.report import Level
from solver.limits import Limits
from solver.modelling.choices import WHERE_ASKED
from solver.modelling.demand import DemandRule
from solver.profiles import load_rules
from solver.rules import rule_types
from solver.solve import solve
from solver.verify import verify


@cache
def short_county() -> Instance:
    """One day's work for two people, who are too few for four villages in two townships."""
    east, west = {"lon": 113.60, "lat": 34.70}, {"lon": 113.95, "lat": 34.70}
    village = {"area": "A", "demand": {"family": 1}} | east
    person: dict[str, Any] = {"kind": "lawyer", "area": "A", "specialities": ["family"]} | east
    return Instance.model_validate(
        {
            "settings": {"name": "t", "area": "X", "month": "2026-11"},
            "areas": [
                {"id": "X", "name": "县", "level": "county"} | east,
                {"id": "A", "name": "甲", "level": "township", "parent": "X"} | east,
                {"id": "B", "name": "乙", "level": "township", "parent": "X"} | west,
            ],
            "villages": [
                {"id": "V1", "name": "村1", "priority": 1, "adviser": "L1"} | village,
                {"id": "V2", "name": "村2", "market": "周三"} | village,
                {"id": "V3", "name": "村3"} | village,
                {"id": "V4", "name": "村4"} | village | {"area": "B"} | west,
            ],
            "sites": [{"id": "S", "name": "站", "kind": "station", "area": "A", **east}],
            "posts": [
                {"id": "P", "site": "S", "name": "岗", "kind": "consultation", "standby": 1}
                | {"recurrence": "2026-11-10、2026-11-11", "parts": ["am", "night"]}
            ],
            "people": [
                {"id": "L1", "name": "例1", "villages_max": 1} | person,
                {"id": "L2", "name": "例2", "share": 0.5} | person,
                {"id": "M1", "name": "例3", "kind": "mediator", "is_adviser": False, "area": "A"},
            ],
            "limits": [
                {"part": "am", "least": 1, "most": 2},
                {"kind": "hours", "least": 9},
                {"kind": "weekends", "most": 0},
            ],
            "successions": [
                {"part": "am", "next_part": "am"},
                {"part": "pm", "next_part": "am", "ban": "unwished"},
            ],
            "wishes": [
                {"person": "L1", "attitude": "barred", "date": "2026-11-02", "part": "pm"},
                {"person": "L1", "attitude": "prefer", "date": "2026-11-02", "tier": "first"},
            ],
            "ledger": [
                {"person": "L1", "month": "2026-10", "kind": "consultation", "turns": 2},
            ],
        }
    )


def extremes(code: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return all numbers of a rule at their least, and all at their most; it stays switched on."""
    least: dict[str, str] = {}
    most: dict[str, str] = {}
    for name, field in rule_types()[code].model_fields.items():
        for bound in field.metadata:
            if isinstance(bound, Ge | Gt):
                least[name] = str(bound.ge) if isinstance(bound, Ge) else "0.01"
            elif isinstance(bound, Le):
                most[name] = str(bound.le)
    return least | {"weight": "1"}, most


def cases(code: str) -> list[tuple[Level, dict[str, str]]]:
    """Return every level a rule may have with its numbers at their least and at their most."""
    levels = list(Level)[not rule_types()[code].may_be_hard :]
    return list(itertools.product(levels, extremes(code)))


def settings_of(code: str, level: Level, numbers: dict[str, str]) -> list[RuleSetting]:
    values = {"level": level.value} | numbers
    return [RuleSetting(rule=code, field=field, value=value) for field, value in values.items()]


ON = [
    RuleSetting(rule=code, field="weight", value="1")
    for code, kind in rule_types().items()
    if issubclass(kind, DemandRule) and kind.blocks <= WHERE_ASKED
]
"""Fixed stations are planned too."""


@pytest.mark.parametrize("code", rule_types())
def test_every_level_and_extreme_number_of_a_rule_plans(code):
    for level, numbers in cases(code):
        rules = load_rules("default", [*ON, *settings_of(code, level, numbers)])
        outcome = solve(short_county(), rules, limits=Limits(deterministic=True))
        assert outcome.report.hard == ()
        assert verify(short_county(), rules, outcome.roster).terms == outcome.report.terms


def test_a_hard_rule_with_steps_bounds_newcomers_too():
    """Whoever may have one village each, and none more, leaves two to be hired for."""
    rules = load_rules("default", settings_of("fair_load", Level.HARD, {}))
    shortage = solve(short_county(), rules, limits=Limits(deterministic=True)).report.shortage
    assert shortage is not None
    assert (shortage.most_served, shortage.missing) == (2, 2)
