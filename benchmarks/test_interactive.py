"""Interactive answers in process: candidates of one slot, repair after one sick call.

Run with ``pytest benchmarks/test_interactive.py``. Each size is planned once with a short limit. Loaded
beforehand: facts and reading for candidates (target 100 ms), instance and roster for a repair
(target 1 s at M, 5 s at L). Targets are printed in the group's name, never asserted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from models.instance import Instance
from models.report import Level
from models.roster import Roster
from scenarios.generator.generate import generate
from solver.changes.absence import Absence
from solver.changes.candidates import rank_slot, rank_village
from solver.changes.repair import repair
from solver.engine.memory import peak_memory_mb
from solver.limits import Limits
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule
from solver.profiles import load_rules
from solver.solve import solve

AREAS = {"M": "340281", "L": "3205"}
PLAN_SECONDS = {"M": 8, "L": 30}
REPAIR_SECONDS = {"M": 1, "L": 5}


@dataclass(frozen=True)
class Month:
    """A planned month, loaded."""

    instance: Instance
    rules: tuple[Rule, ...]
    roster: Roster
    plan: Reading


@cache
def month(size: str) -> Month:
    """Plan a size once; how good the plan is does not matter here."""
    instance = generate(AREAS[size], size, 1)
    rules = load_rules(instance.settings.profile, instance.rules)
    roster = solve(instance, rules, limits=Limits(seconds=PLAN_SECONDS[size])).roster
    return Month(instance, rules, roster, Reading(Facts(instance, roster.month), roster))


@pytest.mark.parametrize("size", AREAS)
@pytest.mark.parametrize("what", ["slot", "village"])
def test_candidates(benchmark: BenchmarkFixture, size: str, what: str) -> None:
    loaded = month(size)
    duties, villages = loaded.roster.duties, loaded.plan.facts.villages
    benchmark.group = f"candidates of a {what}, {size} (target 100 ms)"
    if what == "slot":
        target = duties[len(duties) // 2].slot
        found = benchmark(rank_slot, loaded.plan, loaded.rules, target)
    else:
        target = villages[len(villages) // 2].id
        found = benchmark(rank_village, loaded.plan, loaded.rules, target)
    benchmark.extra_info.update(
        seed=1, gap=0.0, peak_memory_mb=peak_memory_mb(), candidates=len(found.candidates)
    )
    assert found.target == target


@pytest.mark.parametrize("size", AREAS)
def test_repair(benchmark: BenchmarkFixture, size: str) -> None:
    loaded = month(size)
    duty = loaded.roster.duties[len(loaded.roster.duties) // 2]
    absence = Absence(duty.person, duty.date, duty.date)
    benchmark.group = f"repair, {size} (target {REPAIR_SECONDS[size]} s)"
    done = benchmark.pedantic(  # type: ignore[no-untyped-call]
        repair, args=(loaded.instance, loaded.rules, loaded.roster, absence), rounds=5
    )
    gap = max((goal.gap for goal in done.goals), default=0.0)
    benchmark.extra_info.update(
        seed=1, gap=gap, peak_memory_mb=peak_memory_mb(), changes=len(done.changes)
    )
    assert [b for b in done.breaches if b.level is Level.HARD] == []
