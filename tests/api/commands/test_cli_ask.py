"""``zhiban ask``: the five questions as a user puts them, answers for programs and files, bad input told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.formats.write import write_json
from models.roster import Duty, Roster
from scenarios.optimised.best_sites import BestSites
from scenarios.optimised.fewest_advisers import FewestAdvisers
from scenarios.optimised.prices import Prices
from scenarios.optimised.resilience import Resilience
from scenarios.optimised.trade_off import TradeOff
from tests.api.commands.command import files_of, zhiban
from tests.factories import tiny_instance

ANSWERS = {
    "fewest-advisers": (FewestAdvisers, []),
    "best-sites": (BestSites, ["--new", "1"]),
    "trade-off": (TradeOff, ["--points", "3"]),
    "prices": (Prices, []),
    "resilience": (Resilience, ["--draws", "2", "--most", "1"]),
}
QUESTIONS = sorted(ANSWERS)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The tiny county."""
    write_json(tiny_instance(), tmp_path / "input.json")
    return tmp_path / "input.json"


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_answered_in_words_for_programs_and_in_files(
    question: str, file: Path
) -> None:
    kind, options = ANSWERS[question]
    said = zhiban("ask", file, question, *options, "--json", "--out", file.parent / "out")
    assert (said.code, said.err) == (0, "")
    answer = kind.model_validate_json(said.out)
    lines = "".join(f"{line.zh}    {line.en}\n" for line in answer.lines)
    assert files_of(file.parent / "out") == {
        f"{question}.json": said.out.encode(),
        f"{question}.txt": lines.encode(),
    }
    assert zhiban("ask", file, question, *options).out == lines


def test_rules_may_be_changed_for_a_question(file: Path) -> None:
    said = zhiban("ask", file, "fewest-advisers", "--set", "villages_per_adviser.most=1", "--json")
    assert json.loads(said.out)["cap"] == 1
    said = zhiban("ask", file, "best-sites", "--profile", "suzhou", "--kind", "mobile", "--json")
    assert json.loads(said.out)["kind"] == "mobile"


def test_resilience_takes_a_published_roster(file: Path) -> None:
    day = "2026-12-01"
    duty = Duty.model_validate({"post": "Z001-咨询", "date": day, "part": "am", "person": "L001"})
    roster = Roster(month="2026-12", duties=(duty,))
    path = file.parent / "roster.json"
    path.write_text(roster.model_dump_json(), encoding="utf-8")
    words = ("--roster", path, "--draws", 3, "--most", 1, "--json")
    said = zhiban("ask", file, "resilience", *words)
    assert Resilience.model_validate_json(said.out).among == 5
    path.write_text(Roster(month="2026-12").model_dump_json(), encoding="utf-8")
    said = zhiban("ask", file, "resilience", *words)
    assert (said.code, json.loads(said.out)["issues"][0]["code"]) == (2, "empty_roster")


BAD = {
    "no site": (["best-sites", "--new", "0"], "新设站点至少 1 个", "At least 1 new site"),
    "same goals": (["trade-off", "--first", "travel"], "两个目标相同", "Both goals are the same"),
    "one point": (["trade-off", "--points", "1"], "曲线至少要 2 点", "at least 2 points"),
    "nobody ill": (
        ["resilience", "--most", "0"],
        "请假人数至少为 1",
        "people ill must be at least 1",
    ),
    "no such rule": (
        ["prices", "--set", "nothing.most=1"],
        "没有这个规则",
        "There is no such rule",
    ),
    "no month": (["trade-off", "--month", "2026-13"], "选项写法不对", "option cannot be read"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_input_is_told_in_both_languages(name: str, file: Path) -> None:
    words, zh, en = BAD[name]
    said = zhiban("ask", file, *words, "--out", file.parent / "out")
    assert (said.code, said.out) == (2, "")
    assert zh in said.err
    assert en in said.err
    assert not (file.parent / "out").exists()


def test_goal_that_no_rule_has_is_an_issue(file: Path) -> None:
    said = zhiban("ask", file, "trade-off", "--first", "likeness")
    assert (said.code, "[no_goal_of_rules]" in said.err) == (2, True)


def test_misuse_is_told(file: Path) -> None:
    assert zhiban("ask", file).code == 2
    said = zhiban("ask", file, "best-sites", "--form", "widest")
    assert (said.code, "命令写法不对" in said.err) == (2, True)
    missing = zhiban("ask", file.parent / "none.json", "prices")
    assert (missing.code, "找不到文件" in missing.err) == (2, True)


def test_an_answer_takes_no_input_away(tmp_path: Path) -> None:
    write_json(tiny_instance(), tmp_path / "prices.json")
    before = files_of(tmp_path)
    said = zhiban("ask", tmp_path / "prices.json", "prices", "--out", tmp_path)
    assert (said.code, files_of(tmp_path)) == (2, before)
    assert "会被同名的结果覆盖" in said.err
    file = tmp_path / "file"
    file.write_text("")
    assert zhiban("ask", tmp_path / "prices.json", "prices", "--out", file).code == 2
