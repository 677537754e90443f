"""An office's own old files, in six layouts, become a workbook; what has two readings is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from models.formats.old_files.mapping import read_mapping
from models.formats.workbook import read_workbook
from tests.api.commands.command import zhiban

Sheets = dict[str, list[list[Any]]]
PEOPLE = [("例甲", "示例律师事务所"), ("例乙", "示例律师事务所"), ("例丙", "石桥法律服务所")]
VILLAGES = [
    ("石桥镇", "上坝村", "例甲"),
    ("石桥镇", "下坝村", "例乙"),
    ("东山乡", "高寨村", "例丙"),
]
TURNS = [("1月5日", "例甲"), ("1月20日", "例乙"), ("1月29日", "例丙")]


def own_workbook() -> Sheets:
    """Titles over each list, the township once, duties in a list, one of them of two people."""
    return {
        "人员名单": [
            ["示例县法律顾问、值班人员名单（2027年1月）"],
            ["序号", "姓名", "类别", "单位", "电话", "专长", "备注"],
            *([n, f"{p} ", k, f, 13800010000 + n, "婚姻家庭、劳动", "产假到3月" if n == 2 else None]
              for n, (p, f, k) in enumerate([(*PEOPLE[0], "律师"), (*PEOPLE[1], "律师"),
                                             (*PEOPLE[2], "基层法律服务工作者")], 1)),
        ],
        "村（社区）": [
            ["一村一法律顾问安排表"],
            ["乡镇", "村（社区）", "法律顾问", "赶集日", "备注"],
            ["石桥镇", "上坝村", "例甲", "农历一四七", None],
            [None, "下坝村", "例乙", "农历一四七", None],
            ["东山乡", "高寨村", "例丙", None, None],
        ],
        "值班表1月": [
            ["2027年1月公共法律服务值班表"],
            ["日期", "地点", "值班人员", "联系电话"],
            ["1月5日", "石桥镇公共法律服务工作站", "例甲", None],
            ["1月20日", "石桥镇公共法律服务工作站", "例乙、例丙", "0000-1234567"],
        ],
    }  # fmt: skip


def adviser_list_and_roster() -> Sheets:
    """The usual columns: advisers with firm and licence in one list, the roster with parts."""
    return {
        "一村一法律顾问": [
            ["示例县村（居）法律顾问一览表"],
            ["序号", "乡镇", "村(社区)", "法律顾问", "执业机构", "执业证号", "联系电话", "服务时间"],
            *([n, t, v, p, dict(PEOPLE)[p], f"1441020201{n}", 13800010000 + n, "每月首个周三"]
              for n, (t, v, p) in enumerate(VILLAGES, 1)),
        ],
        "值班": [
            ["2027年1月值班安排"],
            ["日期", "星期", "时段", "值班地点", "值班律师", "执业机构", "联系电话", "备注"],
            *([d, "周二", "上午", "县公共法律服务中心", p, dict(PEOPLE)[p], None, None]
              for d, p in TURNS),
            ["监督电话：0000-0000000"],
        ],
    }  # fmt: skip


def grid() -> Sheets:
    """Dates down, places across; the day's number only."""
    sheets = own_workbook()
    del sheets["值班表1月"]
    sheets["2027年1月"] = [
        ["示例县2027年1月值班表"],
        ["日期", "星期", "县公共法律服务中心", "石桥镇公共法律服务工作站"],
        [5, "二", "例甲", None],
        [20, "三", "例乙\n例丙", "例甲"],
        [29, "五", None, "例丙"],
    ]
    return sheets


def grid_of_half_days() -> Sheets:
    """Dates down, places across, morning and afternoon under each place."""
    sheets = own_workbook()
    del sheets["值班表1月"]
    sheets["排班"] = [
        ["2027年1月排班表"],
        ["日期", "县公共法律服务中心", None, "石桥镇公共法律服务工作站", None],
        [None, "上午", "下午", "上午", "下午"],
        ["2027-01-19", "例甲", "例乙", None, "例丙"],
        ["2027-01-20", "例乙", None, "例甲", None],
    ]
    return sheets


def a_sheet_a_township() -> Sheets:
    """A sheet for each township, the firm in brackets behind the name; no other list of people."""
    sheets: Sheets = {
        town: [
            [f"示例县{town}法律顾问公示"],
            ["村居名称", "顾问姓名", "联系电话"],
            *([v, f"{p}（{dict(PEOPLE)[p]}）", 13800010000] for t, v, p in VILLAGES if t == town),
            ["村居名称", "顾问姓名", "联系电话"],
            ["制表人：例丁"],
        ]
        for town in ("石桥镇", "东山乡")
    }
    return sheets | {
        "值班表": [["2027年1月"], ["日期", "值班地点", "值班人员"], ["1.20日", "县中心", "例甲"]]
    }


def a_row_an_adviser() -> Sheets:
    """A row for each adviser with all villages in one cell, the township before each village."""
    return {
        "顾问": [
            ["示例县法律顾问服务村居表"],
            ["姓名", "工作单位", "服务村居"],
            *([p, dict(PEOPLE)[p], "、".join(t + v for t, v, q in VILLAGES if q == p)]
              for p, _ in PEOPLE),
        ],
        "坐班": [["2027年1月坐班表"], ["日期", "姓名"], *map(list, TURNS)],
    }  # fmt: skip


def write(path: Path, sheets: Sheets) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def table(path: Path, title: str) -> list[dict[str, Any]]:
    sheet = next(sheet for sheet in read_workbook(path)[0] if sheet.title == title)
    head, *rows = sheet.rows
    return [dict(zip(map(str, head), row, strict=False)) for row in rows]


def read(tmp_path: Path, sheets: Sheets, *words: str) -> Any:
    old = write(tmp_path / "old.xlsx", sheets)
    return zhiban("read", old, "--out", tmp_path / "month.xlsx", *words)


@pytest.mark.parametrize(
    ("layout", "held", "turns"),
    [
        (own_workbook, 4, 3),
        (adviser_list_and_roster, 2, 3),
        (grid, 8, 5),
        (grid_of_half_days, 5, 5),
        (a_sheet_a_township, 2, 1),
        (a_row_an_adviser, 4, 3),
    ],
)
def test_every_layout_comes_in_whole(layout: Any, held: int, turns: int, tmp_path: Path) -> None:
    said = read(tmp_path, layout())
    assert said.code == 0, said.err
    made = tmp_path / "month.xlsx"
    people = {row["人员编号"]: row for row in table(made, "人员")}
    firms = {row["机构编号"]: row["机构名称"] for row in table(made, "机构")}
    areas = {row["区划代码"]: row["区划名称"] for row in table(made, "区划")}
    assert {(p["姓名"], firms[p["执业机构"]]) for p in people.values()} == set(PEOPLE)
    assert [p["人员类别"] for p in people.values()].count("律师") == 2
    villages = table(made, "村居")
    assert {
        (areas[v["所属乡镇"]], v["村居名称"], people[v["现任法律顾问"]]["姓名"]) for v in villages
    } == set(VILLAGES)
    assert len(table(made, "上月末安排")) == held
    assert sum(row["次数"] for row in table(made, "往月台账")) == turns
    month = next(row["取值"] for row in table(made, "设置") if row["项目"] == "计划月份")
    assert month == "2027-02"
    checked = zhiban("check-input", made)
    assert "no_points" in checked.err
    assert "共 1 处问题" in checked.err  # all else is whole


def test_what_was_taken_and_what_was_not_is_said(tmp_path: Path) -> None:
    said = read(tmp_path, own_workbook())
    assert "“人员名单”按人员名单读取，第 2 行为表头：B 姓名" in said.out
    assert "“人员名单”的“备注”列，1 格：G4 产假到3月" in said.out
    assert "值班 3 人次记入往月台账" in said.out
    assert "其中月末 14 天 2 人次" in said.out
    assert "3 人次没有写时段" in said.out
    assert "旁边的单位、电话不知是谁的，1 格：值班表1月!D4" in said.out


def test_duties_of_the_planned_month_are_left_and_told(tmp_path: Path) -> None:
    said = read(tmp_path, own_workbook(), "--month", "2027-01")
    assert "计划月份及以后的值班 3 人次" in said.out
    assert table(tmp_path / "month.xlsx", "往月台账") == []


def test_answers_are_kept_for_the_next_time(tmp_path: Path) -> None:
    sheets = own_workbook()
    sheets["人员名单"][1][6] = "联系方式"
    asked = read(tmp_path, sheets)
    assert asked.code == 2
    assert "old_column_twice" in asked.err
    assert [path.name for path in tmp_path.iterdir()] == ["old.xlsx"]
    answers = tmp_path / "answers.toml"
    answers.write_text('[sheets."人员名单".columns]\n"联系方式" = ""\n', encoding="utf-8")
    assert read(tmp_path, sheets, "--mapping", str(answers)).code == 0
    (tmp_path / "month.xlsx").unlink()
    kept = read_mapping(answers)
    assert (kept.county, kept.sheets["值班表"].holding) == ("示例县", "值班表")
    assert read(tmp_path, sheets, "--mapping", str(answers), "--json").code == 0


def test_a_mapping_that_says_something_else_is_refused(tmp_path: Path) -> None:
    answers = tmp_path / "answers.toml"
    for text in ('[sheets."值班表"]\nholds = "什么"\n', "county = ", "sheets = 1\n"):
        answers.write_text(text, encoding="utf-8")
        assert "old_mapping_broken" in read(tmp_path, own_workbook(), "--mapping", str(answers)).err


def change(title: str, row: int, column: int, value: Any) -> Sheets:
    sheets = own_workbook()
    sheets[title][row][column] = value
    return sheets


@pytest.mark.parametrize(
    ("sheets", "words", "code", "cell"),
    [
        ({"其他": [["甲", "乙"], [1, 2]]}, (), "old_nothing_found", ""),
        (change("人员名单", 0, 0, "名单"), (), "old_county_unclear", ""),
        (change("人员名单", 3, 1, None), (), "old_cell_missing", "B4"),
        (change("值班表1月", 3, 2, "例庚"), (), "old_kind_unclear", "C4"),
        (change("值班表1月", 2, 0, "2月30日"), (), "date_impossible", "A3"),
        (change("人员名单", 2, 2, "厨师"), (), "word_unknown", "C3"),
        (own_workbook(), ("--kind", "厨师"), "word_unknown", ""),
        (
            own_workbook() | {"补充": [["乡镇", "村居", "法律顾问"], ["东山乡", "高寨村", "例甲"]]},
            (), "old_two_advisers", "C2",
        ),
        (
            {k: v for k, v in own_workbook().items() if "值班" not in k},
            (), "old_month_unclear", "",
        ),
        (
            own_workbook() | {"情况": [["日期", "姓名"], ["1月5日", "例甲"]]},
            (), "old_sheet_unclear", "A1",
        ),
    ],
)  # fmt: skip
def test_questions_name_the_cell_and_write_nothing(
    sheets: Sheets, words: tuple[str, ...], code: str, cell: str, tmp_path: Path
) -> None:
    said = read(tmp_path, sheets, *words, "--json")
    assert said.code == 2
    issues = json.loads(said.out)["issues"]
    found = [issue for issue in issues if issue["code"] == code]
    assert [(each["cell"], bool(each["mend_zh"])) for each in found][:1] == [(cell, True)], issues
    assert [path.name for path in tmp_path.iterdir()] == ["old.xlsx"]


def test_a_question_is_answered_on_the_command_line(tmp_path: Path) -> None:
    sheets = change("值班表1月", 3, 2, "例庚")
    said = read(tmp_path, sheets, "--kind", "律师", "--county", "示例县")
    assert said.code == 0, said.err
    assert {p["姓名"] for p in table(tmp_path / "month.xlsx", "人员")} == {*dict(PEOPLE), "例庚"}


def test_a_table_of_a_month_without_its_year_is_the_last_before(tmp_path: Path) -> None:
    sheets = grid()
    sheets["1月"] = [["示例县值班表"], *sheets.pop("2027年1月")[1:]]
    said = read(tmp_path, sheets, "--month", "2027-03", "--county", "示例县")
    assert said.code == 0, said.err
    assert {row["月份"] for row in table(tmp_path / "month.xlsx", "往月台账")} == {"2027-01"}


def test_several_files_make_one_workbook_and_other_sheets_are_told(tmp_path: Path) -> None:
    sheets = own_workbook()
    roster = {"值班表1月": sheets.pop("值班表1月"), "天气": [["日期", "气温"], ["1月5日", 20]]}
    roster["机构"] = [["机构名称", "办公电话"], ["示例律师事务所", "0000-7654321"]]
    files = [write(tmp_path / "a.xlsx", sheets), write(tmp_path / "b.xlsx", roster)]
    said = zhiban("read", *files, "--out", tmp_path / "month.xlsx")
    assert said.code == 0, said.err
    assert "未读 not taken: 工作表“b.xlsx 天气”" in said.out
    phones = {row["机构名称"]: row["公开电话"] for row in table(tmp_path / "month.xlsx", "机构")}
    assert phones["示例律师事务所"] == "0000-7654321"
    again = zhiban("read", *files, "--out", tmp_path / "month.xlsx")
    assert "file_exists" in again.err


def test_an_adviser_merged_over_several_villages_is_that_of_each(tmp_path: Path) -> None:
    old = write(tmp_path / "old.xlsx", change("村（社区）", 3, 2, None))
    book = load_workbook(old)
    book["村（社区）"].merge_cells("C3:C4")
    book.save(old)
    assert zhiban("read", old, "--out", tmp_path / "month.xlsx").code == 0
    advisers = [row["现任法律顾问"] for row in table(tmp_path / "month.xlsx", "村居")]
    assert advisers[0] == advisers[1] != advisers[2]


@pytest.mark.parametrize(
    ("written", "is_told"),
    [("二", False), ("星期二", False), ("周三", True), ("五", True), ("星期天", True), ("", False)],
)
def test_weekday_is_checked_against_the_date(written: str, is_told: bool, tmp_path: Path) -> None:
    sheets = grid()
    sheets["2027年1月"][2][1] = written  # 5 January 2027 is a Tuesday
    said = read(tmp_path, sheets)
    assert said.code == 0
    assert ("2027-01-05 是星期二，表中写的是" in said.out) is is_told
    assert ("[weekday_odd]" in said.out) is is_told
