"""The shortage as a user meets it: the command, the summary, the report and the workbook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

from models.formats.write import write_json
from models.instance import Instance
from tests.api.commands.command import zhiban
from tests.factories import tiny_content

PROOF = "12 个村居只有 2 人可以担任顾问，按上限合计最多 2 × 5 = 10 个，少于 12：至少 2 个没有顾问"
SUMMARY = "每人 5 个村居的上限守不住，还缺 1 名顾问：示例东街道 1 名"


def town(villages: int) -> Instance:
    """Return the tiny county with two advisers and so many communities in the east."""
    content = tiny_content()
    content["people"] = content["people"][:2]
    content["villages"] = [
        content["villages"][0] | {"id": f"41010500100{n:03}", "name": f"示例{n}社区"}
        for n in range(villages)
    ]
    return Instance.model_validate(content | {"posts": [], "sites": []})


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """An input with two advisers for twelve communities."""
    write_json(town(12), tmp_path / "input.json")
    return tmp_path / "input.json"


def test_the_command_proves_and_names_the_townships(short: Path) -> None:
    said = zhiban("shortage", short)
    assert said == (
        0,
        f"缺口 shortage: {SUMMARY}\n"
        "  the cap of 5 cannot hold, 1 more adviser(s) needed: 示例东街道 1\n"
        f"  证明 proof: {PROOF}\n"
        "  12 villages can be advised by 2 people only, who may have 2 × 5 = 10 together:"
        " at least 2 stay without\n",
        "",
    )


def test_the_command_answers_programs(short: Path) -> None:
    found = json.loads(zhiban("shortage", short, "--json").out)["shortage"]
    assert found["townships"] == [
        {"area": "410105001", "name": "示例东街道", "advisers": 1, "villages": 2}
    ]
    numbers = ("cap", "advisers", "villages", "most_served", "most_served_bound", "missing")
    assert [found[name] for name in numbers] == [5, 2, 12, 10, 10, 1]
    assert (found["missing_bound"], found["gap"], found["out_of_reach"]) == (1, 0, [])


def test_the_command_says_when_the_cap_holds(short: Path) -> None:
    raised = ("--set", "villages_per_adviser.most=6")
    assert "不缺顾问" in zhiban("shortage", short, *raised).out
    assert json.loads(zhiban("shortage", short, "--json", *raised).out) == {"shortage": None}


def test_the_command_prints_issues_of_impossible_pins(tmp_path: Path) -> None:
    pin: dict[str, Any] = {"kind": "adviser", "target": "41010500100000", "person": "L001"}
    content = town(1).model_dump(mode="json")
    content["villages"][0]["id"] = pin["target"]
    content["people"][0]["is_adviser"] = False
    write_json(Instance.model_validate(content | {"pins": [pin]}), tmp_path / "pinned.json")
    said = zhiban("shortage", tmp_path / "pinned.json")
    assert said.code == 2
    assert "固定安排" in said.err


def test_a_solve_shows_the_shortage_everywhere(short: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = zhiban("solve", short, "--out", out)
    assert said.code == 0
    assert f"缺口 shortage: {SUMMARY}" in said.out
    assert f"证明 proof: {PROOF}" in said.out
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    jsonschema.validate(report, json.loads(zhiban("schema", "report").out))
    alone = json.loads(zhiban("shortage", short, "--json").out)
    assert report["shortage"] == alone["shortage"]
    rows = [row for row in sheet(out, "说明") if row[0] == "缺口"]
    assert [row[:3] for row in rows] == [
        ("缺口", "缺顾问（名）", 1),
        ("缺口", "不超过上限时最多可配备顾问的村居", "10 / 12"),
        ("缺口", "示例东街道缺", "1 名"),
    ]
    assert PROOF in str(rows[1][3])


def test_a_plan_within_the_cap_has_no_block(tmp_path: Path) -> None:
    write_json(town(10), tmp_path / "enough.json")
    said = zhiban("solve", tmp_path / "enough.json", "--out", tmp_path / "out")
    assert "缺口" not in said.out
    report = json.loads((tmp_path / "out/report.json").read_text(encoding="utf-8"))
    assert report["shortage"] is None
    assert [row for row in sheet(tmp_path / "out", "说明") if row[0] == "缺口"] == []


def sheet(out: Path, name: str) -> list[tuple[Any, ...]]:
    """Return the rows of a sheet of the workbook."""
    return list(openpyxl.load_workbook(out / "roster.xlsx")[name].iter_rows(values_only=True))
