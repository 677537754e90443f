"""Generalised assignment problems: published optima, both senses, any door, and bad files."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from models.formats.read import read_instance
from models.formats.write import write_csv_folder
from models.goals import GoalResult
from models.instance import Instance, RuleSetting
from models.issues import InputError
from models.report import Status
from models.roster import AdviserSeat, Roster
from solver.profiles import load_rules
from solver.solve import Outcome, Stage, solve
from solver.verify import verify
from tests.literature.assignment import (
    UNITS_PER_HOUR,
    Assignment,
    assignment_instance,
    read_assignments,
)

FOLDER = Path(__file__).parent
FILES = {path.stem: path for path in sorted(FOLDER.glob("gap*.toml"))}


@cache
def literature(stem: str) -> dict[str, Any]:
    return tomllib.loads(FILES[stem].read_text(encoding="utf-8"))


def published() -> list[Any]:
    """Return file, problem number, sense and optimum of every published optimum."""
    return [
        pytest.param(stem, n, key == "greatest", value, id=f"{literature(stem)['names'][n]} {key}")
        for stem in FILES
        for key in ("greatest", "least")
        for n, value in enumerate(literature(stem)[key])
    ]


def problems(folder: Path, text: str, is_maximised: bool) -> tuple[Assignment, ...]:
    file = folder / "gap.txt"
    file.write_text(text, encoding="utf-8")
    return read_assignments(file, is_maximised)


def problem(folder: Path, stem: str, number: int, is_maximised: bool) -> Assignment:
    return problems(folder, literature(stem)["numbers"], is_maximised)[number]


def solved(instance: Instance) -> Outcome:
    rules = load_rules(instance.settings.profile, instance.rules)
    return solve(instance, rules, stage=Stage.ADVISERS)


def travel(outcome: Outcome) -> GoalResult:
    return next(goal for goal in outcome.report.goals if goal.name == "travel")


def held(outcome: Outcome) -> tuple[np.ndarray, np.ndarray]:
    """Return agent and job numbers of a roster, read from the identifiers."""
    seats = [(int(s.person[1:]) - 1, int(s.village[1:]) - 1) for s in outcome.roster.advisers]
    agents, jobs = np.array(seats).T
    return agents, jobs


def exact(made: Assignment) -> int:
    """Solve the raw numbers with an independent solver and no code of the planner."""
    agents, jobs = made.prices.shape
    once = np.kron(np.ones(agents), np.eye(jobs))
    room = np.kron(np.eye(agents), np.ones(jobs)) * made.weights.ravel()
    sign = -1 if made.is_maximised else 1
    found = milp(
        sign * made.prices.ravel(),
        integrality=np.ones(agents * jobs),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(once, 1, 1), LinearConstraint(room, ub=made.capacities)],
        options={"mip_rel_gap": 0},
    )
    assert found.status == 0
    return sign * round(found.fun)


@pytest.mark.parametrize(("stem", "number", "is_maximised", "optimum"), published())
def test_published_optimum_is_reached_and_proven(tmp_path, stem, number, is_maximised, optimum):
    made = problem(tmp_path, stem, number, is_maximised)
    outcome = solved(assignment_instance(made, stem))
    goal = travel(outcome)
    assert made.objective(goal.value) == optimum
    assert (goal.gap, goal.bound) == (0, goal.value)
    assert (outcome.report.status, outcome.report.unmet) == (Status.OPTIMAL, ())
    agents, jobs = held(outcome)
    assert sorted(jobs.tolist()) == list(range(made.prices.shape[1]))
    assert made.prices[agents, jobs].sum() == optimum
    used = np.bincount(agents, made.weights[agents, jobs], minlength=len(made.capacities))
    assert (used <= made.capacities).all()


@pytest.mark.parametrize("stem", FILES)
@pytest.mark.parametrize("key", ["greatest", "least"])
def test_published_optimum_is_the_independent_solvers(tmp_path, stem, key):
    made = problems(tmp_path, literature(stem)["numbers"], key == "greatest")
    wanted = literature(stem)[key]
    assert [exact(one) for one in made[: len(wanted)]] == wanted


@pytest.mark.parametrize("stem", FILES)
def test_literature_names_source_copy_paper_and_licence(stem):
    known = literature(stem)
    assert all(known[key] for key in ("source", "copy", "paper", "licence", "names", "least"))


def test_independent_check_finds_the_optimum_and_no_hard_breach(tmp_path):
    instance = assignment_instance(problem(tmp_path, "gap5", 0, True), "c824-1")
    rules = load_rules(instance.settings.profile, instance.rules)
    outcome = solved(instance)
    report = verify(instance, rules, outcome.roster)
    assert report.terms["travel_minutes"] == travel(outcome).value
    assert (report.breaches, report.unmet) == ((), ())


def test_independent_check_counts_what_one_agent_cannot_carry(tmp_path):
    made = problem(tmp_path, "gap1", 0, True)
    instance = assignment_instance(made, "c515-1")
    seats = tuple(AdviserSeat(village=v.id, person="G0001") for v in instance.villages)
    rules = load_rules(instance.settings.profile, instance.rules)
    report = verify(instance, rules, Roster(month=instance.settings.month, advisers=seats))
    excess = 60 // UNITS_PER_HOUR * int(made.weights[0].sum() - made.capacities[0])
    assert [(b.rule, b.subject, b.amount) for b in report.breaches] == [
        ("monthly_hours", "G0001", excess)
    ]
    assert report.terms["travel_minutes"] == made.costs[0].sum()


def test_instance_through_csv_files_has_the_same_optimum(tmp_path):
    made = problem(tmp_path, "gap1", 0, True)
    instance = assignment_instance(made, "c515-1")
    write_csv_folder(instance, tmp_path / "tables")
    read = read_instance(tmp_path / "tables")
    assert read.content_hash == instance.content_hash
    assert made.objective(travel(solved(read)).value) == literature("gap1")["greatest"][0] == 336


def test_the_settings_that_the_readme_names_suffice(tmp_path):
    made = problem(tmp_path, "gap1", 1, True)
    off = ("villages_per_adviser", "fair_load", "service_circle", "travel_limit")
    settings = [RuleSetting(rule=code, field="weight", value="0") for code in off]
    settings.append(RuleSetting(rule="monthly_hours", field="count_travel", value="false"))
    instance = assignment_instance(made, "c515-2").model_copy(update={"rules": tuple(settings)})
    assert made.objective(travel(solved(instance)).value) == literature("gap1")["greatest"][1]


@pytest.mark.parametrize(("capacity", "jobs_done"), [(31, 3), (30, 2)])
def test_capacity_binds_to_the_unit(tmp_path, capacity, jobs_done):
    """Weights 7, 11 and 13 fill 31 units; none of them is a binary fraction of an hour."""
    (made,) = problems(tmp_path, f"1 1 3 1200 1300 0 7 11 13 {capacity}", is_maximised=False)
    outcome = solved(assignment_instance(made, "一人三事"))
    assert len(outcome.roster.advisers) == jobs_done
    assert len(outcome.report.unmet) == 3 - jobs_done


def test_profits_become_what_is_lost_of_the_greatest(tmp_path):
    (made,) = problems(tmp_path, "1 2 2 5 9 4 3 1 1 1 1 2 2", is_maximised=True)
    assert made.costs.tolist() == [[4, 0], [5, 6]]
    assert made.objective(4) == 14
    assert "路途分钟 = 最大收益 9 - 收益" in assignment_instance(made, "两人").settings.notice


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "1 1 2\n3 x\n1 1.5\n9",
            [("assignment_number", "2", "x"), ("assignment_number", "3", "1.5")],
        ),
        ("1 1 2 3 4 1 1", [("assignment_length", "1", "")]),
        ("1 1 2 3 4 1 1 9 336", [("assignment_length", "2", "")]),
        ("2 1 1 3 1 9", [("assignment_length", "2", "")]),
        ("0", [("assignment_length", "1", "")]),
        (" \n", [("assignment_length", "1", "")]),
        (
            "1 1 2 3 1441 0 4001 8001",
            [
                ("assignment_range", "1×2", "1441"),
                ("assignment_range", "1×1", "0"),
                ("assignment_range", "1×2", "4001"),
                ("assignment_range", "1", "8001"),
            ],
        ),
        ("", [("file_empty", "", "")]),
    ],
)
def test_a_bad_file_says_all_that_is_wrong(tmp_path, text, found):
    with pytest.raises(InputError) as caught:
        problems(tmp_path, text, is_maximised=False)
    assert [(i.code, i.cell, i.value) for i in caught.value.issues] == found


def test_the_largest_numbers_that_fit_are_taken(tmp_path):
    (made,) = problems(tmp_path, "1 1 2 0 1440 4000 4000 8000", is_maximised=False)
    outcome = solved(assignment_instance(made, "边界"))
    assert (len(outcome.roster.advisers), travel(outcome).value) == (2, 1440)


def test_a_missing_file_is_an_issue(tmp_path):
    with pytest.raises(InputError) as caught:
        read_assignments(tmp_path / "none.txt", is_maximised=True)
    assert [issue.code for issue in caught.value.issues] == ["file_missing"]
