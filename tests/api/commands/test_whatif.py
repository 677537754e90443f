"""What-if as a user meets it: a question answered, stopped, killed, gone on with, and promoted."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import psutil
import pytest

from api.actions.whatif import base_of
from models.formats.write import write_json
from scenarios.generator.catalogue import load
from tests.api.commands.command import files_of, finished, program, zhiban
from tests.factories import tiny_instance

QUESTION = """name = "上限与人手"
name_en = "cap and people"
stage = "advisers"
[[scenario]]
name = "上限 1"
name_en = "cap 1"
[[scenario.change]]
do = "cap"
most = 1
hard = true
[[scenario]]
name = "少一所"
[[scenario.change]]
do = "remove_people"
firms = ["F02"]
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an input, a question about it, and its answer in ``out``."""
    folder = tmp_path_factory.mktemp("whatif")
    write_json(tiny_instance(), folder / "county.json")
    (folder / "q.toml").write_text(QUESTION, encoding="utf-8")
    said = zhiban("whatif", folder / "county.json", folder / "q.toml", "--out", folder / "out")
    (folder / "said.txt").write_text(said.out, encoding="utf-8")
    assert said.code == 0
    return folder


def comparison(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    return found


def test_the_scenarios_stand_beside_the_base_ranked(place: Path):
    lines = (place / "said.txt").read_text(encoding="utf-8").splitlines()
    ranked = [line for line in lines if line.startswith("  ") and ". " in line[:6]]
    # three advisers may take one village each; one firm of two leaves the other two
    assert [line.split("：")[0] for line in ranked] == [
        "  1. 基准",
        "  2. 少一所",
        "  2. 上限 1",
    ] or ranked
    rows = {row["name"]: row for row in comparison(place / "out")["scenarios"]}
    assert {name: row["kpis"]["adviser_coverage_percent"] for name, row in rows.items()} == {
        "基准": 100,
        "上限 1": 100,
        "少一所": 100,
    }


def test_the_document_follows_the_published_schema(place: Path):
    schema = json.loads(zhiban("schema", "comparison").out)
    assert schema["$id"] == "urn:zhiban:comparison:1"
    jsonschema.validate(comparison(place / "out"), schema)


def test_the_workbook_has_a_sheet_for_every_view(place: Path):
    book = openpyxl.load_workbook(place / "out" / "comparison.xlsx")
    assert book.sheetnames == [
        *("比较", "目标", "指标", "规则", "乡镇", "人员", "更换顾问", "未满足", "经费", "说明")
    ]
    rows = list(book["比较"].iter_rows(min_row=5, values_only=True))
    assert rows[0][1] == "基准"
    assert {row[1] for row in rows} == {"基准", "上限 1", "少一所"}
    assert "每人村居上限 5→1（硬性）" in {row[-1] for row in rows}


def test_asked_again_nothing_is_solved_and_the_answer_is_the_same(place: Path):
    before = files_of(place / "out")
    said = zhiban("whatif", place / "county.json", place / "q.toml", "--out", place / "out")
    assert said.code == 0
    assert said.err.count("已有 kept") == 3
    after = files_of(place / "out")
    assert {name for name in after if after[name] != before[name]} <= {"comparison.xlsx"}
    assert after.keys() == before.keys()


def test_one_more_scenario_is_all_that_is_solved(place: Path, tmp_path: Path):
    more = QUESTION + '[[scenario]]\nname = "上限 2"\n[[scenario.change]]\ndo = "cap"\nmost = 2\n'
    (tmp_path / "more.toml").write_text(more, encoding="utf-8")
    words = (
        "whatif",
        place / "county.json",
        tmp_path / "more.toml",
        "--out",
        place / "out",
        "--json",
    )
    said = zhiban(*words)
    assert [row["name"] for row in json.loads(said.out)["scenarios"]][-1] == "上限 2"
    assert len(list((place / "out" / "runs").iterdir())) == 4


def test_a_promoted_scenario_is_a_plan_with_its_input(place: Path, tmp_path: Path):
    said = zhiban("promote", place / "out", "少一所", "--out", tmp_path / "plan")
    assert said.code == 0
    plan = tmp_path / "plan"
    names = {path.name for path in plan.iterdir()}
    assert names >= {"input.json", "roster.json", "report.json", "roster.xlsx", "map.html"}
    checked = zhiban(
        "verify", plan / "input.json", plan / "roster.json", "--stage", "advisers", "--json"
    )
    assert checked.code == 0
    report = json.loads(checked.out)
    kept = json.loads((plan / "report.json").read_text(encoding="utf-8"))
    assert (report["breaches"], report["terms"]) == (kept["breaches"], kept["terms"])
    assert report["input_hash"] == kept["input_hash"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("少两所",), "which_scenario"),
        (("少一所", "--seed", "7"), "which_seed"),
    ],
)
def test_what_cannot_be_promoted_is_told(place: Path, tmp_path: Path, words: Any, code: str):
    said = zhiban("promote", place / "out", *words, "--out", tmp_path / "plan")
    assert said.code == 2
    assert f"[{code}]" in said.err
    assert not (tmp_path / "plan").exists()


def test_a_folder_without_a_comparison_is_told(tmp_path: Path):
    said = zhiban("promote", tmp_path, "甲", "--out", tmp_path / "plan")
    assert (said.code, "[no_comparison]" in said.err) == (2, True)


def test_every_mistake_is_told_and_nothing_is_written(place: Path, tmp_path: Path):
    text = QUESTION.replace("F02", "F09").replace("most = 1", "most = 51")
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    said = zhiban("whatif", place / "county.json", tmp_path / "bad.toml", "--out", tmp_path / "out")
    assert said.code == 2
    assert "L9 scenario[0].change[0].most" in said.err
    later = text.replace("most = 51", "most = 1")
    (tmp_path / "bad.toml").write_text(later, encoding="utf-8")
    said = zhiban("whatif", place / "county.json", tmp_path / "bad.toml", "--out", tmp_path / "out")
    assert said.code == 2
    assert "L15 scenario[1].change[0].firms 「F09」" in said.err
    assert "F02" in said.err
    assert not (tmp_path / "out").exists()


def test_a_question_names_its_base_itself(place: Path, tmp_path: Path):
    (place / "own.toml").write_text('base = "county.json"\n' + QUESTION, encoding="utf-8")
    said = zhiban("whatif", place / "own.toml", "--out", place / "out")
    assert (said.code, said.err.count("已有 kept")) == (0, 3)
    (tmp_path / "none.toml").write_text(QUESTION, encoding="utf-8")
    said = zhiban("whatif", tmp_path / "none.toml", "--out", tmp_path / "out")
    assert (said.code, "[no_base]" in said.err) == (2, True)
    assert zhiban("whatif", place / "county.json").code == 2


def test_a_base_may_be_a_bundled_scenario_made_with_a_seed(tmp_path: Path):
    assert base_of("township", tmp_path, 3).content_hash == load("township", 3).content_hash
    write_json(tiny_instance(), tmp_path / "township")
    # a file of one's own comes before
    assert base_of("township", tmp_path, 3).content_hash == tiny_instance().content_hash


def test_a_base_the_solver_refuses_is_bad_input(tmp_path: Path):
    pin = {"kind": "adviser", "target": "410105001001", "person": "M001"}
    people = [row.model_dump(mode="json") for row in tiny_instance().people]
    people[4]["is_adviser"] = False
    write_json(tiny_instance(people=people, pins=[pin]), tmp_path / "pinned.json")
    (tmp_path / "q.toml").write_text(QUESTION, encoding="utf-8")
    said = zhiban(
        "whatif", tmp_path / "pinned.json", tmp_path / "q.toml", "--out", tmp_path / "out"
    )
    assert said.code == 2
    assert "固定安排" in said.err


WEATHER = """name = "天气"
stage = "advisers"
[[scenario]]
name = "天气 {w}"
grid = { w = { from = 1.1, to = 2.5, step = 0.1 } }
[[scenario.change]]
do = "travel"
weather = "{w}"
"""


@pytest.fixture
def long_question(place: Path, tmp_path: Path) -> tuple[object, ...]:
    """The words of a question of fifteen scenarios, solved one after the other."""
    (tmp_path / "q.toml").write_text(WEATHER, encoding="utf-8")
    return ("whatif", place / "county.json", tmp_path / "q.toml", "--workers", 1, "--out")


@pytest.mark.slow
def test_a_killed_question_goes_on_where_it_stopped(
    long_question: tuple[object, ...], tmp_path: Path
):
    """kill -9 in the middle: what was solved stays, and the comparison is that of an undisturbed run."""
    killed = program(*long_question, tmp_path / "out", cwd=tmp_path)
    runs = tmp_path / "out" / "runs"
    assert _soon(lambda: len(_whole(runs)) >= 2)
    workers = psutil.Process(killed.pid).children(recursive=True)
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert _soon(lambda: not any(_is_alive(worker) for worker in workers))
    kept = {path: path.stat().st_ino for path in _whole(runs)}
    assert 2 <= len(kept) < 16
    assert not (tmp_path / "out" / "comparison.json").exists()
    again = zhiban(*long_question, tmp_path / "out")
    assert (again.code, again.err.count("已有 kept")) == (0, len(kept))
    assert {path: path.stat().st_ino for path in kept} == kept
    assert zhiban(*long_question, tmp_path / "whole").code == 0
    for name in ("comparison.json", "comparison.xlsx"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_ctrl_c_leaves_the_comparison_of_what_is_solved(
    long_question: tuple[object, ...], tmp_path: Path
):
    stopped = program(*long_question, tmp_path / "out", cwd=tmp_path)
    assert _soon(lambda: len(_whole(tmp_path / "out" / "runs")) >= 3)
    stopped.send_signal(signal.SIGINT)
    said = finished(stopped)
    found = comparison(tmp_path / "out")
    done = len(found["scenarios"])
    assert said.code == 1
    assert 3 <= done < 16
    assert len(found["missing"]) == 16 - done
    assert f"已中断，还有 {16 - done} 个方案没有求解" in said.out


def _whole(runs: Path) -> list[Path]:
    return sorted(path for path in runs.glob("*") if not path.name.startswith("."))


def _soon(condition: Any) -> bool:
    """Say whether something comes true within half a minute."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return False


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_changes_and_bundled_questions_are_listed():
    said = zhiban("changes")
    assert said.code == 0
    assert "remove_people  减少人员" in said.out
    assert "jinshui_mediators" in said.out
