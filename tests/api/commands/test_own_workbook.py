"""A new user's first month: fill the template, mend three mistakes, plan, check, read the results."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import icalendar
import openpyxl
import pytest
from openpyxl.workbook import Workbook

from tests.api.commands.command import zhiban

AREAS = [
    {"区划代码": "410199", "区划名称": "示例县", "级别": "县区"},
    {"区划代码": "410199100", "区划名称": "示例镇", "级别": "乡镇街道", "上级区划": "410199"},
]
VILLAGES = [
    {
        "村居代码": f"41019910020{n}",
        "村居名称": f"示例{word}村",
        "所属乡镇": "410199100",
        "经度": 113.70 + n / 100,
        "纬度": 34.70 + n / 200,
        "人口": "１２００" if n == 1 else 1200 + 100 * n,
    }
    for n, word in enumerate("一二三四五六", 1)
]
SITES = [
    {
        "站点编号": "Z1",
        "站点名称": "示例镇公共法律服务工作站",
        "站点类别": "公共法律服务工作站",
        "所属区划": "410199100",
        "经度": 113.73,
        "纬度": 34.71,
        "调解员下限": 0,
    }
]
POSTS = [
    {
        "岗位编号": "Z1-咨询",
        "站点编号": "Ｚ１",
        "岗位名称": "法律咨询岗",
        "岗位类别": "法律咨询",
        "日期规律": "周二、周四",
        "时段": "上午",
    }
]
FIRMS = [
    {
        "机构编号": "F1",
        "机构名称": "示例律师事务所",
        "机构类别": "律师事务所",
        "所在区划": "410199100",
        "经度": 113.73,
        "纬度": 34.72,
    },
    {
        "机构编号": "F2",
        "机构名称": "示例镇法律服务所",
        "机构类别": "基层法律服务所",
        "所在区划": "410199100",
        "经度": 113.72,
        "纬度": 34.71,
    },
]
PEOPLE = [
    {
        "人员编号": code,
        "姓名": name,
        "人员类别": kind,
        "执业机构": firm,
        "所在区划": "410199100",
        "执业年限": "５",
        "专长": "婚姻家庭、劳动",
        "手机": "13900000000",
    }
    for code, name, kind, firm in (
        ("L1", "例甲", "律师", "F1"),
        ("L2", "例乙", "律师", "F1"),
        ("L3", "例丙", "基层法律服务工作者", "F2"),
        ("L4", "例丁", "基层法律服务工作者", "F2"),
    )
]
LEAVE = [
    {
        "人员编号": "L1",
        "开始日期": dt.datetime(2026, 12, 7),
        "结束日期": dt.datetime(2026, 12, 11),
        "事由": "开庭",
    }
]
PINS = [
    {
        "类别": "值班",
        "对象": "Z1-咨询",
        "人员编号": "L2",
        "日期": dt.datetime(2026, 12, 1),
        "时段": "上午",
    }
]
CONFLICTS = [{"人员编号": "L3", "村居代码": "410199100201"}]
SHEETS = {
    "区划": AREAS,
    "村居": VILLAGES,
    "站点": SITES,
    "岗位": POSTS,
    "机构": FIRMS,
    "人员": PEOPLE,
    "请假开庭": LEAVE,
    "固定安排": PINS,
    "利益冲突": CONFLICTS,
}


def type_rows(book: Workbook, title: str, rows: list[dict[str, Any]]) -> None:
    """Type rows below the example, each value under its header."""
    sheet = book[title]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, 3):
        for header, value in row.items():
            sheet.cell(number, columns[header], value)


def cell(book: Workbook, title: str, header: str, row: int) -> Any:
    sheet = book[title]
    column = next(c.column for c in sheet[1] if c.value == header)
    return sheet.cell(row, column)


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    path = tmp_path / "十二月 排班.xlsx"
    assert zhiban("template", path).code == 0
    book = openpyxl.load_workbook(path)
    for title, rows in SHEETS.items():
        type_rows(book, title, rows)
    settings = book["设置"]
    for row in settings.iter_rows():
        if row[0].value == "方案名称":
            row[1].value = "示例镇十二月"
        if row[0].value == "计划月份":
            row[1].value = "２０２６年１２月"
    book.save(path)
    return path


def spoil(path: Path) -> set[tuple[str, str]]:
    """Make three mistakes; return their sheets and cells."""
    book = openpyxl.load_workbook(path)
    wrong = cell(book, "利益冲突", "村居代码", 3)
    wrong.value = "410199100299"
    impossible = cell(book, "请假开庭", "结束日期", 3)
    impossible.value = "2026-02-30"
    lon, lat = (cell(book, "村居", header, 5) for header in ("经度", "纬度"))
    lon.value, lat.value = lat.value, lon.value
    book.save(path)
    return {
        ("利益冲突", wrong.coordinate),
        ("请假开庭", impossible.coordinate),
        ("村居", lon.coordinate),
    }


def test_three_mistakes_are_listed_with_their_cells(filled: Path) -> None:
    places = spoil(filled)
    issues = json.loads(zhiban("check-input", filled, "--json").out)["issues"]
    assert {(found["table"], found["cell"]) for found in issues} == places
    assert len(issues) == 3
    assert {found["code"] for found in issues} == {
        "dangling",
        "date_impossible",
        "coordinates_swapped",
    }
    said = zhiban("check-input", filled)
    assert (said.code, said.out) == (2, "")
    for sheet, address in places:
        assert said.err.count(f"{sheet}!{address} ") == 2
    out = filled.parent / "o"
    assert zhiban("solve", filled, "--out", out).code == 2
    assert not out.exists()


def test_filled_template_is_good(filled: Path) -> None:
    said = zhiban("check-input", filled, "--json")
    assert json.loads(said.out)["counts"] == {
        "areas": 2,
        "villages": 6,
        "sites": 1,
        "posts": 1,
        "firms": 2,
        "people": 4,
        "leave": 1,
        "conflicts": 1,
        "pins": 1,
    }


def test_own_month_is_planned_checked_and_readable(filled: Path) -> None:
    out = filled.parent / "结果"
    said = zhiban("solve", filled, "--out", out)
    assert said.code == 0
    assert "月份 month: 2026-12" in said.out
    checked = json.loads(zhiban("verify", filled, out / "roster.xlsx", "--json").out)
    hard = [b for b in checked["breaches"] if b["level"] == "hard"]
    assert (hard, checked["unmet"]) == ([], [])
    assert checked["kpis"]["adviser_coverage_percent"] == 100

    roster = json.loads((out / "roster.json").read_text(encoding="utf-8"))
    seat = {row["village"]: row["person"] for row in roster["advisers"]}
    assert sorted(seat) == [village["村居代码"] for village in VILLAGES]
    assert seat["410199100201"] in {"L1", "L2"}  # the conflict of L3 binds all of F2
    first = next(duty for duty in roster["duties"] if duty["date"] == "2026-12-01")
    assert first["person"] == "L2"
    away = {f"2026-12-{day:02d}" for day in range(7, 12)}
    busy = [row for row in (*roster["duties"], *roster["visits"]) if row["person"] == "L1"]
    assert {row["date"] for row in busy} & away == set()


def test_calendars_and_public_sheet_hold_the_plan(filled: Path) -> None:
    out = filled.parent / "结果"
    zhiban("solve", filled, "--out", out)
    roster = json.loads((out / "roster.json").read_text(encoding="utf-8"))
    events = {}
    for file in (out / "calendars").glob("person-*.ics"):
        calendar = icalendar.Calendar.from_ical(file.read_bytes())
        events[str(calendar["NAME"])] = len(calendar.walk("VEVENT"))
    names = {person["人员编号"]: person["姓名"] for person in PEOPLE}
    held = [names[row["person"]] for row in (*roster["duties"], *roster["visits"])]
    assert {name: held.count(name) for name in set(held)} == {
        name: next(n for title, n in events.items() if name in title) for name in set(held)
    }
    book = openpyxl.load_workbook(out / "public.xlsx")
    shown = " ".join(str(c.value) for row in book["公示表"] for c in row if c.value)
    on_duty = {names[duty["person"]] for duty in roster["duties"]}
    assert {name for name in names.values() if name in shown} == on_duty
    assert "13900000000" not in shown
