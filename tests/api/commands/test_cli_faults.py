"""What a user meets when something is wrong: every issue at once, exit 2, nothing written."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.formats.write import write_json, write_workbook
from tests.api.commands.command import files_of, finished, program, zhiban
from tests.factories import tiny_content, tiny_instance


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.json"
    write_json(tiny_instance(), path)
    return path


def codes_of(*words: object) -> list[str]:
    """Return the codes of the issues that a command prints as JSON."""
    said = zhiban(*words, "--json")
    answer = json.loads(said.out)
    assert (said.code, answer["ok"], said.err) == (2, False, "")
    assert all(found["zh"] and found["en"] for found in answer["issues"])
    return [found["code"] for found in answer["issues"]]


def test_all_issues_are_printed_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    content = tiny_content()
    content["villages"][0]["area"] = "410105999"
    content["people"][1]["kind"] = "宇航员"
    content["posts"][2]["recurrence"] = "有空就来"
    path = tmp_path / "错.json"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    said = zhiban("solve", path, "--out", tmp_path / "o")
    assert (said.code, said.out) == (2, "")
    for place in ("$.villages[0].area", "$.people[1].kind", "$.posts[2].recurrence"):
        assert said.err.count(f"错.json!{place} ") == 2  # one line in each language
    assert "共 3 处问题，3 种 / 3 issue(s) of 3 kind(s)" in said.err
    assert [p.name for p in tmp_path.iterdir()] == ["错.json"]
    assert len(codes_of("check-input", path)) == 3


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--profile", "nope"), "unknown_profile"),
        (("--profile", ""), "unknown_profile"),
        (("--set", "villages_per_adviser"), "bad_option"),
        (("--set", "a b.most=1"), "bad_option"),
        (("--set", "villages_per_adviser.most=" + "9" * 300), "bad_option"),
        (("--set", "nope.most=1"), "unknown_rule"),
        (("--set", "villages_per_adviser.nope=1"), "unknown_rule_field"),
        (("--set", "villages_per_adviser.most=many"), "rule_value"),
        (("--set", "one_adviser_per_village.level=hard"), "demand_not_hard"),
        (("--month", "2026-13"), "bad_option"),
        (("--month", "1999-12"), "bad_option"),
        (("--month", "2101-01"), "bad_option"),
        (("--month", "99999999999-12"), "bad_option"),
        (("--month", ""), "bad_option"),
    ],
)
def test_unfit_option_is_an_issue(tiny: Path, words: tuple[str, ...], code: str) -> None:
    assert codes_of("solve", tiny, "--out", tiny.parent / "o", *words) == [code]
    assert list(tiny.parent.iterdir()) == [tiny]


def test_unfit_options_are_told_together(tiny: Path) -> None:
    words = ("--set", "x", "--set", "y.z", "--month", "soon")
    assert codes_of("solve", tiny, *words) == ["bad_option"] * 3


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("没有.xlsx", None, "file_missing"),
        ("空.xlsx", b"", "file_empty"),
        ("文件夹", "folder", "folder_empty"),
        ("坏.xlsx", b"PK\x03\x04" + b"\0" * 99, "workbook_broken"),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "not_workbook"),
        ("半.json", b'{"settings":', "json_syntax"),
    ],
)
def test_unreadable_file_is_an_issue(tmp_path: Path, name: str, content: Any, code: str) -> None:
    path = tmp_path / name
    if content == "folder":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    before = files_of(tmp_path)
    assert codes_of("solve", path, "--out", tmp_path / "o") == [code]
    assert codes_of("check-input", path) == [code]
    assert files_of(tmp_path) == before
    assert not (tmp_path / "o").exists()


def test_faulty_roster_is_told_as_json_too(tiny: Path) -> None:
    roster = {"month": "2026-12", "advisers": [{"village": "没有", "person": "L001"}]}
    path = tiny.parent / "roster.json"
    path.write_text(json.dumps(roster), encoding="utf-8")
    assert codes_of("verify", tiny, path) == ["dangling"]
    assert codes_of("verify", tiny, tiny.parent / "没有.json") == ["file_missing"]


@pytest.mark.parametrize(
    ("option", "key", "code"),
    [
        ("village", "没有", "unknown_village"),
        ("village", "", "unknown_village"),
        ("slot", "没有", "slot_words"),
        ("slot", "", "slot_words_many"),
        ("person", "没有", "unknown_person"),
        ("person", "", "unknown_person"),
    ],
)
def test_explain_names_what_is_unknown(tiny: Path, option: str, key: str, code: str) -> None:
    zhiban("solve", tiny, "--out", tiny.parent / "o", "--stage", "advisers")
    words = ("explain", tiny, tiny.parent / "o" / "roster.json", f"--{option}", key)
    assert codes_of(*words) == [code]


@pytest.mark.parametrize(
    "words",
    [
        ("solve",),
        ("solve", "a", "b"),
        ("frobnicate",),
        ("solve", "a", "--stage", "tomorrow"),
        ("solve", "a", "--time-limit", "0"),
        ("solve", "a", "--time-limit", "nan"),
        ("solve", "a", "--seed", "-1"),
        ("solve", "a", "--seed", str(2**31)),
        ("generate", "--area", "410105", "--size", "XXL", "--out", "o"),
        ("schema", "nope"),
    ],
)
def test_misuse_is_said_in_chinese_first(words: tuple[str, ...]) -> None:
    said = zhiban(*words)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("命令写法不对")
    assert "[command_misused]" in said.err
    assert "Error: " in said.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("explain", "a", "b"), "explain_what"),
        (("explain", "a", "b", "--village", "c", "--person", "d"), "explain_what"),
        (("candidates", "a", "b"), "candidates_of_what"),
        (("whatif", "a.xlsx"), "whatif_what"),
    ],
)
def test_command_that_does_not_say_what_is_an_issue(words: tuple[str, ...], code: str) -> None:
    said = zhiban(*words)
    assert (said.code, f"[{code}]" in said.err) == (2, True)


def test_bare_command_shows_help_without_blame() -> None:
    said = zhiban()
    assert "命令写法不对" not in said.err
    assert "check-input" in said.out + said.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("generate", "--area", "999999", "--out", "o.xlsx"), "unknown_area"),
        (
            ("generate", "--area", "410105", "--out", "o.xlsx", "--month", "2026-99"),
            "bad_option",
        ),
        (
            ("generate", "--area", "410105", "--out", "o.xlsx", "--geo", "没有"),
            "geography_table",
        ),
        (("demo", "--scenario", "nope"), "unknown_scenario"),
        (("rules", "--profile", "nope"), "unknown_profile"),
    ],
)
def test_unknown_name_is_an_issue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said = zhiban(*words)
    assert said.code == 2
    assert f"[{code}]" in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("below", [(), ("sub",), ("sub", "sub")])
def test_out_path_that_is_a_file_is_told_before_the_solve(
    tiny: Path, below: tuple[str, ...]
) -> None:
    there = tiny.parent / "file"
    there.write_text("不要动", encoding="utf-8")
    said = zhiban("solve", tiny, "--out", there.joinpath(*below))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"「{there}」无法读写：路径中有一个是文件，不是文件夹。")
    assert "目标 goal" not in said.err  # no solve was begun
    assert there.read_text(encoding="utf-8") == "不要动"


@pytest.mark.parametrize("name", ["roster.xlsx", "roster.json"])
def test_results_never_replace_the_input(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    (write_workbook if path.suffix == ".xlsx" else write_json)(tiny_instance(), path)
    before = path.read_bytes()
    assert codes_of("solve", path, "--out", tmp_path) == ["input_in_the_way"]
    assert files_of(tmp_path) == {name: before}


def test_failing_run_leaves_earlier_results_as_they_were(tiny: Path) -> None:
    out = tiny.parent / "o"
    assert zhiban("solve", tiny, "--out", out).code == 0
    before = files_of(out)
    content = tiny_content()
    content["people"][0]["area"] = "没有"
    tiny.write_text(json.dumps(content), encoding="utf-8")
    assert zhiban("solve", tiny, "--out", out).code == 2
    assert files_of(out) == before


def test_contradicting_pins_are_bad_input(tmp_path: Path) -> None:
    pins = [
        {"kind": "adviser", "target": "410105001001", "person": person}
        for person in ("L001", "M001")
    ]
    write_json(tiny_instance(pins=pins), tmp_path / "a.json")
    codes = codes_of("solve", tmp_path / "a.json", "--out", tmp_path / "o")
    assert set(codes) == {"pin_breaks_rule"}
    assert not (tmp_path / "o").exists()


def test_control_characters_in_a_name_do_not_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "表\x1b[31m\t.json"
    assert "\\x1b[31m\\t.json 找不到文件" in zhiban("check-input", path).err
    write_json(tiny_instance(), path)
    said = zhiban("solve", path, "--out", tmp_path / "o\x07")
    assert said.code == 0
    assert (tmp_path / "o\x07" / "roster.json").is_file()
    assert "\x1b" not in said.out
    assert "\x07" not in said.out


def test_terminal_without_chinese_still_answers(tiny: Path) -> None:
    command = program("check-input", tiny, cwd=tiny.parent, PYTHONIOENCODING="ascii")
    said = finished(command)
    assert (said.code, said.out.splitlines()[0]) == (0, "???? ok")
    command = program("check-input", tiny, "--json", cwd=tiny.parent, PYTHONIOENCODING="ascii")
    assert json.loads(finished(command).out)["ok"] is True


@pytest.mark.parametrize(
    ("tables", "unmet"),
    [
        ({"sites": [], "posts": []}, set()),
        ({"villages": []}, {"mediator"}),
        ({"posts": []}, {"mediator", "station_duty"}),
    ],
)
def test_partial_input_is_planned_as_far_as_it_goes(
    tmp_path: Path, tables: dict[str, Any], unmet: set[str]
) -> None:
    write_workbook(tiny_instance(**tables), tmp_path / "a.xlsx")
    said = zhiban("solve", tmp_path / "a.xlsx", "--out", tmp_path / "o", "--json")
    report = json.loads(said.out)
    assert (said.code, report["status"]) == (0, "optimal")
    assert {found["kind"] for found in report["unmet"]} == unmet
    assert [b for b in report["breaches"] if b["level"] == "hard"] == []


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("posts", {"valid_to": "2020-01-01"}),
        ("people", {"is_duty": False}),
        ("people", {"is_adviser": False}),
        ("people", {"active_to": "2020-01-01"}),
    ],
)
def test_month_without_anybody_or_anything_still_answers(
    tmp_path: Path, table: str, change: dict[str, Any]
) -> None:
    rows = [row | change for row in tiny_content()[table]]
    write_json(tiny_instance(**{table: rows}), tmp_path / "a.json")
    words = ("solve", tmp_path / "a.json", "--out", tmp_path / "o")
    assert zhiban(*words).code == 0
    assert zhiban("verify", tmp_path / "a.json", tmp_path / "o" / "roster.json").code == 0


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 64 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    command = [mount or "", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if mount is None or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("mounting a tiny tmpfs is not permitted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_full_disk_leaves_no_half_results(tiny: Path, tiny_disk: Path) -> None:
    said = zhiban("solve", tiny, "--out", tiny_disk / "o")
    assert said.code == 2
    assert "无法读写：磁盘已满" in said.err
    assert list(tiny_disk.iterdir()) == []
