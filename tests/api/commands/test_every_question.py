"""Every question of ``zhiban ask`` with every option: an answer or a clear refusal, never a fault."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from models.goals import LADDER, Goal
from scenarios.optimised.terms import Counted, Form, NewSiteKind
from solver.limits import Stage
from tests.api.commands.command import Said, zhiban
from tests.solver.test_extremes import short_county

QUESTIONS = ("fewest-advisers", "best-sites", "trade-off", "prices", "resilience")


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    path: Path = tmp_path_factory.mktemp("ask") / "in.json"
    path.write_text(short_county().model_dump_json(), encoding="utf-8")
    return path


def ask(file: Path, *words: object) -> Said:
    said = zhiban("ask", file, *words)
    assert "内部错误" not in said.out + said.err
    assert said.code in (0, 2), said
    return said


def answered(file: Path, *words: object) -> Said:
    said = ask(file, *words)
    assert said.code == 0, said.err
    return said


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_question_tells_its_own_help(question):
    with_file, without = (
        zhiban("ask", "in.json", question, "--help"),
        zhiban("ask", question, "--help"),
    )
    assert without.out == with_file.out
    assert f"zhiban ask {{file}} {question}" in without.out
    assert "--set" in without.out


def test_help_of_ask_lists_the_questions():
    told = zhiban("ask", "--help").out
    assert all(question in told for question in QUESTIONS)


@pytest.mark.parametrize(
    ("kind", "form", "count"), [*itertools.product(NewSiteKind, Form, Counted)]
)
def test_best_sites(file, kind, form, count):
    ask(file, "best-sites", "--kind", kind, "--form", form, "--count", count, "--new", 2)


def test_best_sites_of_none(file):
    assert ask(file, "best-sites", "--new", 0).code == 2


@pytest.mark.parametrize("stage", Stage)
def test_trade_off_of_every_goal(file, stage):
    for first, second in zip(LADDER, (*LADDER[1:], LADDER[0]), strict=True):
        answered(
            file, "trade-off", "--first", first, "--second", second, "--points", 2, "--stage", stage
        )


@pytest.mark.parametrize("points", [-1, 0, 1, 200])
def test_trade_off_of_any_number_of_points(file, points):
    assert ask(file, "trade-off", "--points", points).code == (2 if points < 2 else 0)


def test_a_goal_that_no_rule_has_is_refused(file):
    for words in (
        ("trade-off", "--first", Goal.LIKENESS),
        ("trade-off", "--second", Goal.LIKENESS),
        ("prices", "--goal", Goal.LIKENESS),
    ):
        said = ask(file, *words)
        assert said.code == 2
        assert "no_goal_of_rules" in said.out + said.err


@pytest.mark.parametrize("stage", Stage)
def test_prices_of_every_goal(file, stage):
    goals = [word for goal in LADDER for word in ("--goal", goal)]
    answered(file, "prices", *goals, "--stage", stage, "--time-limit", 2)


@pytest.mark.parametrize(
    "words",
    [
        ("--most", 3, "--draws", 2),
        ("--most", 50, "--draws", 1, "--days", 400),
        ("--most", 0),
        ("--draws", 0),
        ("--days", 0),
    ],
)
def test_resilience(file, words):
    ask(file, "resilience", *words)


def test_a_cap_of_nothing_is_not_none_missing(file):
    """With 0 villages each no number of advisers helps; without the rule there is no cap to keep."""
    said = answered(file, "fewest-advisers", "--set", "villages_per_adviser.most=0", "--json")
    answer = json.loads(said.out)
    assert answer["cap"] == 0
    assert answer["within_cap"]["value"] == 0
    # whoever has a limit of their own keeps it: L1 may have one village
    assert answer["within_cap"]["out_of_reach"] == 3
    assert "增加顾问也无济于事，3 个村居无人可任" in answer["lines"][0]["zh"]
    said = answered(file, "fewest-advisers", "--set", "villages_per_adviser.weight=0", "--json")
    assert json.loads(said.out)["cap"] is None
