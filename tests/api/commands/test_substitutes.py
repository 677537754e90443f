"""The commands for an absence: what they print, write and refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from models.formats.read import read_instance
from models.formats.write import write_json
from tests.api.commands.command import files_of, zhiban
from tests.factories import tiny_content, tiny_instance

SLOT = "Z001-咨询@20261201am"


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A tiny input and its plan; tests only read them."""
    folder = tmp_path_factory.mktemp("planned")
    file = folder / "tiny.json"
    write_json(tiny_instance(posts=tiny_content()["posts"][1:]), file)
    assert zhiban("solve", file, "--out", folder / "out").code == 0
    return file, folder / "out" / "roster.json"


def holder(roster: Path) -> str:
    """Return who sits at the station on 1 December."""
    found = [
        d for d in load(roster)["duties"] if (d["post"], d["date"]) == ("Z001-咨询", "2026-12-01")
    ]
    return str(found[0]["person"])


def test_candidates_are_ranked_for_people_and_for_machines(planned: tuple[Path, Path]) -> None:
    said = zhiban("candidates", *planned, "--slot", SLOT)
    found = json.loads(zhiban("candidates", *planned, "--slot", SLOT, "--json").out)
    assert (said.code, said.err) == (0, "")
    assert f"现任 holder: {tiny_instance().person_by_id[holder(planned[1])].name}" in said.out
    assert found["replaced"] == holder(planned[1])
    best = found["candidates"][0]
    assert f"  1. {best['name']} {best['person']}：" in said.out
    assert list(best["costs"])[:2] == ["priority", "coverage"]
    named = {c["person"] for c in found["candidates"]} | {
        p for r in found["refused"] for p in r["people"]
    }
    assert named == {p.id for p in tiny_instance().people} - {holder(planned[1])}


def test_candidates_of_a_village(planned: tuple[Path, Path]) -> None:
    said = zhiban("candidates", *planned, "--village", "410105001001", "--json")
    seats = {s["village"]: s["person"] for s in load(planned[1])["advisers"]}
    assert json.loads(said.out)["replaced"] == seats["410105001001"]


def test_names_stand_for_ids_on_the_command_line(planned: tuple[Path, Path]) -> None:
    by_id = zhiban("candidates", *planned, "--village", "410105001001", "--json")
    assert zhiban("candidates", *planned, "--village", "示例一社区", "--json").out == by_id.out
    why = zhiban("explain", *planned, "--person", "例甲")
    assert (why.code, why.out) == (0, zhiban("explain", *planned, "--person", "L001").out)


def test_candidates_of_a_mediators_seat(planned: tuple[Path, Path]) -> None:
    seats = {s["site"]: s["person"] for s in load(planned[1])["mediators"]}
    site, person = next(iter(seats.items()))
    said = zhiban("candidates", *planned, "--site", site, "--replacing", person, "--json")
    found = json.loads(said.out)
    assert (found["target"], found["replaced"], found["candidates"]) == (site, person, [])


@pytest.mark.parametrize(("today", "past"), [("2026-12-01", False), ("2026-12-02", True)])
def test_what_is_past_stays_as_it_is(
    planned: tuple[Path, Path], tmp_path: Path, today: str, past: bool
) -> None:
    dates = ("--from", "2026-12-01", "--to", "2026-12-01", "--today", today)
    words = ("--person", holder(planned[1]), *dates)
    said = zhiban("repair", *planned, *words, "--out", tmp_path / "o", "--json")
    reasons = [[r["code"] for r in u["reasons"]] for u in json.loads(said.out)["unmet"]]
    assert (["past"] in reasons) is past


def test_repair_writes_the_month_its_differences_and_the_new_input(
    planned: tuple[Path, Path], tmp_path: Path
) -> None:
    person, out = holder(planned[1]), tmp_path / "修"
    before = files_of(planned[1].parent)
    said = zhiban("repair", *planned, "--person", person, "--from", "2026-12-01", "--out", out)
    assert (said.code, said.err) == (0, "")
    report, instance = load(out / "report.json"), read_instance(out / "input.xlsx")
    assert [(row.person, str(row.first)) for row in instance.leave] == [(person, "2026-12-01")]
    assert report["input_hash"] == instance.content_hash == load(out / "roster.json")["instance"]
    shown = [(d["target"], d["before"]) for d in report["differences"]]
    assert ("Z001-咨询", person) in shown
    assert f"改动 changes: {len(shown)} " in said.out
    assert zhiban("verify", out / "input.xlsx", out / "roster.json").code == 0
    assert files_of(planned[1].parent) == before


def test_repair_answers_machines(planned: tuple[Path, Path], tmp_path: Path) -> None:
    words = ("--person", holder(planned[1]), "--from", "2026年12月1日", "--part", "上午")
    said = zhiban("repair", *planned, *words, "--out", tmp_path / "o", "--json")
    answer = json.loads(said.out)
    assert sorted(answer) == ["breaches", "changes", "goals", "seconds", "unmet"]
    assert [c["target"] for c in answer["changes"]] == ["Z001-咨询"]
    assert {goal["gap"] for goal in answer["goals"]} == {0}


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (
            ("--person", "L999", "--from", "昨天", "--part", "半夜"),
            ["unknown_person", "bad_option", "option_part"],
        ),
        (("--person", "L001", "--from", "2026-12-09", "--to", "2026-12-08"), ["absence_outside"]),
        (("--person", "L001", "--from", "2026-11-09"), ["absence_outside"]),
        (("--person", "L001", "--from", "2027-01-02"), ["absence_outside"]),
        (("--person", "L001", "--from", "2026-12-09", "--today", "昨天"), ["bad_option"]),
    ],
)
def test_repair_refuses_what_it_cannot_read(
    planned: tuple[Path, Path], tmp_path: Path, words: tuple[str, ...], codes: list[str]
) -> None:
    said = zhiban("repair", *planned, *words, "--out", tmp_path / "o", "--json")
    issues = json.loads(said.out)["issues"]
    assert (said.code, [issue["code"] for issue in issues]) == (2, codes)
    assert all(issue["zh"] and issue["en"] for issue in issues)
    assert not (tmp_path / "o").exists()


def test_repair_says_which_older_breach_its_exit_code_means(
    planned: tuple[Path, Path], tmp_path: Path
) -> None:
    other = next(d for d in load(planned[1])["duties"] if d["date"] != "2026-12-01")
    leave = [{"person": other["person"], "first": other["date"], "last": other["date"]}]
    file = tmp_path / "tiny.json"
    write_json(tiny_instance(posts=tiny_content()["posts"][1:], leave=leave), file)
    words = ("--person", holder(planned[1]), "--from", "2026-12-01", "--part", "am")
    said = zhiban("repair", file, planned[1], *words, "--out", tmp_path / "o")
    assert said.code == 1
    assert "[leave]" in said.out


def test_repair_answers_a_morning_after_the_last_night(
    planned: tuple[Path, Path], tmp_path: Path
) -> None:
    words = ("--person", "L001", "--from", "2027-01-01", "--out", tmp_path / "o")
    said = zhiban("repair", *planned, *words)
    assert (said.code, "改动 changes: 0 " in said.out) == (0, True)


def test_repair_takes_neither_input_nor_published_roster_away(planned: tuple[Path, Path]) -> None:
    out = planned[1].parent
    before = files_of(out)
    words = ("--person", "L001", "--from", "2026-12-01", "--out", out, "--json")
    said = zhiban("repair", *planned, *words)
    assert [issue["code"] for issue in json.loads(said.out)["issues"]] == ["input_in_the_way"]
    assert (said.code, files_of(out)) == (2, before)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--slot", "a", "--village", "b"),
        ("--slot", "a", "--site", "b"),
        ("--village", "a", "--replacing", "b"),
    ],
)
def test_candidates_wants_one_question(planned: tuple[Path, Path], words: tuple[str, ...]) -> None:
    assert zhiban("candidates", *planned, *words).code == 2


@pytest.mark.parametrize(
    ("option", "code"),
    [("--slot", "slot_words"), ("--village", "unknown_village"), ("--site", "unknown_site")],
)
def test_candidates_of_nothing_known_is_an_issue(
    planned: tuple[Path, Path], option: str, code: str
) -> None:
    said = zhiban("candidates", *planned, option, "nope", "--json")
    assert [i["code"] for i in json.loads(said.out)["issues"]] == [code]
    assert said.code == 2
