"""What was held: the attendance sheet made, filled in, read back and carried on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.attendance import AttendanceRow, WorkRow
from models.formats.intake.tables import happened_tables
from models.formats.read import read_instance
from models.formats.workbook import write_tables
from models.formats.write import write_workbook
from models.roster import Roster
from tests.api.commands.command import Said, zhiban
from tests.factories import tiny_content, tiny_instance

FIRST = "duty/Z001-咨询@20261201am/L001"
SECOND = "duty/Z001-咨询@20261203am/L002"
VISIT = "visit/410105001001@20261208pm/L001"
LECTURE = "lecture/410105001001@20261208pm/L001"
SEAT = "mediation/Z002@202612/M001"
EVERYTHING = (FIRST, SECOND, VISIT, LECTURE, SEAT)


@pytest.fixture
def month(tmp_path: Path) -> Path:
    """A folder with a month's input and roster: two duties, a visit with lecture, a seat."""
    instance = tiny_instance(posts=tiny_content()["posts"][1:])
    write_workbook(instance, tmp_path / "a.xlsx")
    duty = {"post": "Z001-咨询", "part": "am"}
    roster = {
        "month": "2026-12",
        "advisers": [{"village": "410105001001", "person": "L001"}],
        "mediators": [{"site": "Z002", "person": "M001"}],
        "duties": [
            duty | {"date": "2026-12-01", "person": "L001"},
            duty | {"date": "2026-12-03", "person": "L002"},
        ],
        "visits": [
            {"village": "410105001001", "person": "L001", "date": "2026-12-08", "part": "pm"}
            | {"lecture": True}
        ],
    }
    text = Roster.model_validate(roster).model_dump_json()
    (tmp_path / "roster.json").write_text(text, "utf-8")
    return tmp_path


def filled(folder: Path, rows: dict[str, dict[str, Any]], work: list[dict[str, Any]]) -> Path:
    """Write a sheet in which everything was held but what ``rows`` say, by id; return its path."""
    told = [{"id": name, "presence": "held"} | rows.get(name, {}) for name in EVERYTHING]
    told += [{"id": name} | row for name, row in rows.items() if name not in EVERYTHING]
    content: dict[str, list[Any]] = {
        "attendance": [AttendanceRow.model_validate(row) for row in told],
        "work": [WorkRow.model_validate(row) for row in work],
    }
    path = folder / "sheet.xlsx"
    write_tables(path, [(table, content[table.name]) for table in happened_tables()])
    return path


@pytest.fixture
def read(month: Path) -> Callable[..., Said]:
    def ask(
        rows: dict[str, dict[str, Any]] | None = None, work: list[dict[str, Any]] | None = None
    ) -> Said:
        path = filled(month, rows or {}, work or [])
        return zhiban("attendance", "read", month / "a.xlsx", month, path, "--json")

    return ask


@pytest.mark.parametrize("held", [True, False])
def test_a_template_has_a_row_for_everything_planned(month, held):
    path = month / "sheet.xlsx"
    words = ("attendance", "template", month / "a.xlsx", month, "--out", path)
    assert zhiban(*words, *(["--held"] if held else [])).code == 0
    said = zhiban("attendance", "read", month / "a.xlsx", month, path, "--json")
    summed = json.loads(said.out)
    assert summed["planned"] == 5
    assert summed["held"] == (5 if held else 0)
    assert summed["unreported"] == (0 if held else 5)
    assert summed["hours"] == (3 + 3 + 4 + 1 if held else 0)
    assert zhiban(*words).code == 2  # nothing is overwritten


def test_figures_are_summed(read):
    rows = {
        FIRST: {"presence": "late", "hours": 2.5, "people": 4},
        SECOND: {"presence": "unexcused"},
        LECTURE: {"presence": "excused"},
        VISIT: {"presence": "excused", "substitute": "L002", "people": 30, "mode": "remote"},
    }
    work = [{"date": "2026-12-09", "person": "L001", "place": "Z001", "kind": "phone", "count": 7}]
    assert json.loads(read(rows, work).out) == {
        "planned": 5,
        "unreported": 0,
        "held": 1,
        "late": 1,
        "excused": 2,
        "unexcused": 1,
        "substituted": 1,
        "missed": 1,
        "hours": 6.5,
        "people": 34,
        "work": 7,
    }


PHONE = {"date": "2026-12-09", "person": "L001", "place": "Z001", "kind": "phone"}


@pytest.mark.parametrize(
    ("rows", "work", "told"),
    [
        ({"duty/Z001-咨询@20261202am/L001": {}}, [], [("attendance_unknown", "出勤记录", "A7")]),
        ({FIRST: {"presence": None, "people": 3}}, [], [("attendance_blank", "出勤记录", "C2")]),
        (
            {FIRST: {"substitute": "L003"}},
            [],
            [("attendance_substitute_idle", "出勤记录", "D2")],
        ),
        (
            {FIRST: {"presence": "excused", "substitute": "L001"}},
            [],
            [("attendance_same_person", "出勤记录", "D2")],
        ),
        (
            {SECOND: {"presence": "unexcused", "people": 3, "rating": 5}},
            [],
            [("attendance_nobody", "出勤记录", "F3"), ("attendance_nobody", "出勤记录", "I3")],
        ),
        (
            {VISIT: {"presence": "excused"}},
            [],
            [("attendance_lecture_alone", "出勤记录", "C5")],
        ),
        (
            {FIRST: {"presence": "excused", "substitute": "L007"}},
            [],
            [("dangling", "出勤记录", "D2")],
        ),
        ({}, [PHONE | {"date": "2027-01-02"}], [("work_month", "其他工作", "A2")]),
        ({}, [PHONE | {"succeeded": 1}], [("work_succeeded", "其他工作", "F2")]),
        (
            {},
            [PHONE, PHONE | {"kind": "mediation", "succeeded": 2}],
            [("work_succeeded", "其他工作", "F3")],
        ),
        ({}, [PHONE | {"person": "L007", "place": "Z9"}], [("dangling", "其他工作", c) for c in ("B2", "C2")]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_with_its_cell(read, rows, work, told):
    said = read(rows, work)
    issues = json.loads(said.out)["issues"]
    assert said.code == 2
    assert [(one["code"], one["table"], one["cell"]) for one in issues] == told
    assert all(one["mend_zh"] and one["mend_en"] for one in issues)


def test_a_second_row_for_the_same_duty_is_refused(month):
    rows = [AttendanceRow.model_validate({"id": FIRST, "presence": "held"})] * 2
    path = month / "sheet.xlsx"
    write_tables(path, [(happened_tables()[0], rows)])
    said = zhiban("attendance", "read", month / "a.xlsx", month, path)
    assert said.code == 2
    assert "[duplicate_row]" in said.err


def test_everything_wrong_is_told_at_once_and_nothing_written(month):
    rows = {FIRST: {"substitute": "L003"}, SECOND: {"presence": None, "people": 1}}
    path = filled(month, rows, [PHONE | {"date": "2026-11-30"}])
    said = zhiban(
        *("next", month / "a.xlsx", month, "--attendance", path, "--out", month / "b.xlsx")
    )
    assert said.code == 2
    for code in ("attendance_substitute_idle", "attendance_blank", "work_month"):
        assert f"[{code}]" in said.err
    assert not (month / "b.xlsx").exists()


def test_the_next_month_remembers_what_was_held(month):
    rows = {
        FIRST: {"presence": "excused", "substitute": "L003"},
        SECOND: {"presence": "unexcused"},
        VISIT: {"presence": "excused", "substitute": "L002"},
        LECTURE: {"presence": "excused"},
    }
    path, out = filled(month, rows, []), month / "b.xlsx"
    said = zhiban("next", month / "a.xlsx", month, "--attendance", path, "--out", out)
    assert said.code == 0, said.err
    after = read_instance(out)
    assert [(row.person, row.turns) for row in after.ledger] == [("L003", 1)]
    assert after.lectures == ()
    assert str(after.village_by_id["410105001001"].last_visit) == "2026-12-08"
    assert after.village_by_id["410105001001"].adviser == "L001"


def test_a_missed_visit_is_told_and_stays_due(month):
    rows = {VISIT: {"presence": "unexcused"}, LECTURE: {"presence": "unexcused"}}
    path, out = filled(month, rows, []), month / "b.xlsx"
    said = zhiban("next", month / "a.xlsx", month, "--attendance", path, "--out", out)
    assert "本月没有走访的村居 1 个：示例一社区" in said.out
    assert read_instance(out).village_by_id["410105001001"].last_visit is None


def test_a_month_is_carried_on_only_when_attendance_is_complete(month):
    path, out = filled(month, {SEAT: {"presence": None}}, []), month / "b.xlsx"
    said = zhiban("next", month / "a.xlsx", month, "--attendance", path, "--out", out)
    assert said.code == 2
    assert f"还有 1 件没有填报到岗情况，例如 {SEAT}" in said.err
    assert "[attendance_missing]" in said.err
    assert not out.exists()
