"""Broken, hostile and clumsy files: each is told, none is opened carelessly."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from models.formats.containers.compound import has_circle, is_sound
from models.formats.read import read_instance
from models.formats.write import write_workbook
from models.issues import InputError, Issue
from tests.factories import tiny_instance

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def issues_of(path: Path) -> tuple[Issue, ...]:
    with pytest.raises(InputError) as caught:
        read_instance(path)
    return caught.value.issues


def found(path: Path) -> list[tuple[str, str, str]]:
    return [(issue.code, issue.table, issue.cell) for issue in issues_of(path)]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    write_workbook(tiny_instance(), tmp_path / "plan.xlsx")
    return tmp_path / "plan.xlsx"


def edit(path: Path, change: Callable[[Any], Any]) -> Path:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def on(title: str, change: Callable[[Worksheet], Any]) -> Callable[[Any], Any]:
    return lambda book: change(book[title])


def put(title: str, **cells: Any) -> Callable[[Any], Any]:
    def change(book: Any) -> None:
        for address, value in cells.items():
            book[title][address] = value

    return change


def rename(title: str, other: str) -> Callable[[Any], Any]:
    return lambda book: setattr(book[title], "title", other)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (put("村居", E2="x"), [("not_number", "村居", "E2")]),
        (put("村居", E2=34.7, F2=113.6), [("coordinates_swapped", "村居", "E2")]),
        (put("村居", F2=None), [("coordinate_half", "村居", "F2")]),
        (put("村居", B2="=1+1"), [("formula", "村居", "B2")]),
        (put("村居", B2="#N/A"), [("error_cell", "村居", "B2")]),
        (put("村居", A2=4.10105001e18), [("digits_lost", "村居", "A2")]),
        (put("村居", B2="一\n村"), [("control_characters", "村居", "B2")]),
        (put("村居", B2="村" * 300), [("text_too_long", "村居", "B2")]),
        (put("村居", B2=None), [("missing_value", "村居", "B2")]),
        (put("人员", C2="老师"), [("word_unknown", "人员", "C2")]),
        (put("人员", M2=99), [("too_large", "人员", "M2")]),
        (put("岗位", F2="有空就来"), [("recurrence_unknown", "岗位", "F2")]),
        (put("岗位", F2="逢55"), [("recurrence_digit", "岗位", "F2")]),
        (put("岗位", V2="http://meeting.example.cn/1"), [("link_unreadable", "岗位", "V2")]),
        (put("岗位", V2="https://a:b@meeting.example.cn"), [("link_unreadable", "岗位", "V2")]),
        (put("岗位", V2="https://meeting.example.cn/ 1"), [("link_unreadable", "岗位", "V2")]),
        (put("岗位", V2="javascript:alert(1)"), [("link_unreadable", "岗位", "V2")]),
        (
            put("岗位", V2="https://meeting.example.cn/" + "1" * 500),
            [("text_too_long", "岗位", "V2")],
        ),
        (put("村居", C3="410105009"), [("dangling", "村居", "C3")]),
        (put("村居", A3="410105001001"), [("duplicate_id", "村居", "A3")]),
        (
            put("村居", B1="村居名儿"),
            [("unknown_column", "村居", "B1"), ("missing_column", "村居", "A1")],
        ),
        (put("村居", D1="人口"), [("duplicate_column", "村居", "H1")]),
        (put("设置", A3="区域代码"), [("unknown_setting", "设置", "A3")]),
        (put("设置", A3="计划月份"), [("duplicate_setting", "设置", "A4")]),
        (put("设置", B4="年底"), [("month_unreadable", "设置", "B4")]),
        (put("设置", B4=None), [("month_missing", "设置", "B4")]),
        (put("设置", B9=-1), [("too_small", "设置", "B9")]),
        (on("村居", lambda sheet: sheet.merge_cells("D2:D3")), [("merged_cells", "村居", "D2:D3")]),
        (put("村居", XFD1="x"), [("too_wide", "村居", "XFD1")]),
        (put("村居", A1048576="x"), [("too_many_rows", "村居", "A1048576")]),
    ],
)
def test_fault_in_a_sheet_is_found_with_its_cell(
    plan: Path, change: Callable[[Any], Any], expected: list[tuple[str, str, str]]
) -> None:
    edit(plan, change)
    assert found(plan)[: len(expected)] == expected


def test_sheet_that_no_title_or_header_explains_is_the_only_issue(plan: Path) -> None:
    def change(book: Any) -> None:
        rename("人员", "人圆")(book)
        for cell in book["人圆"][1]:
            cell.value = f"某列{cell.column}"

    (made,) = issues_of(edit(plan, change))
    assert (made.code, made.table) == ("unknown_sheet", "人圆")


def test_rows_named_in_a_table_without_rows_are_told_once(plan: Path) -> None:
    def change(book: Any) -> None:
        book["机构"].delete_rows(2, 9)

    assert found(edit(plan, change)) == [("nothing_to_refer", "人员", "D2")]


def test_unknown_column_suggests_the_right_one(plan: Path) -> None:
    made = issues_of(edit(plan, put("村居", B1="村居名儿")))
    assert made[0].mend_zh.startswith("是不是“村居名称”？")
    assert made[1].zh == "缺少必填的列“村居名称”"


def test_own_sheets_and_columns_are_passed_over(plan: Path) -> None:
    def change(book: Any) -> None:
        book.create_sheet("备注二")["A1"] = "自己的话"
        book.create_sheet("空表")
        book["村居"]["Z1"], book["村居"]["Z2"] = "备注", "随便写"

    assert read_instance(edit(plan, change)).content_hash == tiny_instance().content_hash


def test_title_rows_above_the_header_are_passed_over(plan: Path) -> None:
    def change(book: Any) -> None:
        book["村居"].insert_rows(1, 2)
        book["村居"]["A1"] = "示例县村居一览表"
        book["村居"].merge_cells("A1:F1")

    assert read_instance(edit(plan, change)).content_hash == tiny_instance().content_hash


def test_address_counts_the_rows_above_the_header(plan: Path) -> None:
    def change(book: Any) -> None:
        book["村居"].insert_rows(1, 2)
        book["村居"]["E4"] = "x"

    assert found(edit(plan, change)) == [("not_number", "村居", "E4")]


def test_english_headers_are_read(plan: Path) -> None:
    change = put("村居", A1="id", B1="Name", C1="area")
    assert read_instance(edit(plan, change)).content_hash == tiny_instance().content_hash


def test_formula_with_a_stored_result_is_read(plan: Path) -> None:
    with zipfile.ZipFile(plan) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet3.xml"
    assert b"<v>3000</v>" in parts[sheet]
    parts[sheet] = parts[sheet].replace(b"<v>3000</v>", b"<f>1500*2</f><v>3000</v>")
    with zipfile.ZipFile(plan, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert read_instance(plan).content_hash == tiny_instance().content_hash


def test_all_faults_of_a_workbook_are_told_at_once(plan: Path) -> None:
    def change(book: Any) -> None:
        put("村居", E2="x", B3=None)(book)
        put("人员", C2="老师", E3="41")(book)
        book.create_sheet("心愿")["A1"] = "随便写写"

    made = {(i.code, i.table, i.cell) for i in issues_of(edit(plan, change))}
    assert made == {
        ("not_number", "村居", "E2"),
        ("missing_value", "村居", "B3"),
        ("word_unknown", "人员", "C2"),
        ("dangling", "人员", "E3"),
        ("unknown_sheet", "心愿", ""),
    }


def test_five_thousand_equal_faults_are_all_told(plan: Path) -> None:
    def change(book: Any) -> None:
        for _ in range(5000):
            book["请假开庭"].append(["L001", "2026-02-30", "2026-03-01"])

    made = issues_of(edit(plan, change))
    assert len(made) == 5000
    assert {issue.code for issue in made} == {"date_impossible"}
    assert (made[0].cell, made[-1].cell) == ("B2", "B5001")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.xlsx", b"", "file_empty"),
        ("a.xlsx", b"%PDF-1.7 made up", "not_workbook"),
        ("a.xlsx", "只是文字".encode(), "not_workbook"),
        ("a.docx", b"PK\x03\x04broken", "workbook_broken"),
        ("a.xlsx", OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("a.xls", OLE + bytes(5000), "workbook_broken"),
        ("a.json", b"", "file_empty"),
        ("a.json", b'{"villages": [}', "json_syntax"),
        ("a.json", b"[" * 100_000, "json_deep"),
        ("a.json", b"[" * 70 + b"]" * 70, "json_deep"),
        ("a.json", b'{"villages": [], "villages": []}', "json_duplicate_key"),
        ("a.json", b'{"villages": [{"lon": NaN}]}', "json_number"),
        ("a.json", b"\xff\x81", "encoding_unknown"),
        ("a.json", b"[]", "json_shape"),
        ("a.json", b'{"x": ' + b"9" * 5000 + b"}", "json_number"),
    ],
)
def test_file_that_is_something_else_is_told(
    name: str, data: bytes, code: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    assert [issue.code for issue in issues_of(tmp_path / name)] == [code]


def test_missing_file_is_told(tmp_path: Path) -> None:
    assert found(tmp_path / "none.xlsx") == [("file_missing", "none.xlsx", "")]


def test_json_syntax_error_has_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{\n "areas": [\n  oops\n]}', encoding="utf-8")
    (made,) = issues_of(tmp_path / "a.json")
    assert (made.cell, made.zh) == ("3:3", "JSON 语法错误：第 3 行第 3 列")


def test_other_archive_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "x")
    assert [issue.code for issue in issues_of(tmp_path / "a.xlsx")] == ["not_workbook"]


@pytest.mark.parametrize(
    "members",
    [
        {"xl/workbook.xml": bytes(2 << 20)},
        {f"{number}": b"" for number in range(2001)},
    ],
)
def test_zip_bomb_is_not_opened(members: dict[str, bytes], tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    assert [issue.code for issue in issues_of(tmp_path / "a.xlsx")] == ["zip_bomb"]


def test_zip_that_promises_too_much_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "x" * 100)
    data = path.read_bytes()
    huge = (300 << 20).to_bytes(4, "little")
    path.write_bytes(data.replace((100).to_bytes(4, "little"), huge))
    assert [issue.code for issue in issues_of(path)] == ["zip_bomb"]


def test_zip_that_hides_its_size_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    content = bytes(range(256)) * 40
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", content)
    data = path.read_bytes().replace(len(content).to_bytes(4, "little"), (16).to_bytes(4, "little"))
    honest, short = zlib.crc32(content), zlib.crc32(content[:16])
    path.write_bytes(data.replace(honest.to_bytes(4, "little"), short.to_bytes(4, "little")))
    assert [issue.code for issue in issues_of(path)] == ["zip_bomb"]


def test_every_issue_speaks_both_languages(plan: Path) -> None:
    change = put("村居", E2="x", C3="nowhere", B4="=A1", A5="a b")
    for issue in issues_of(edit(plan, change)):
        assert all((issue.zh, issue.en, issue.mend_zh, issue.mend_en, issue.table, issue.cell))
        assert not any("{" in text for text in (issue.zh, issue.en, issue.mend_zh, issue.mend_en))


def compound_file(fat: list[int]) -> bytes:
    """Make the smallest compound file: a header and one sector of chain numbers."""
    header = bytearray(OLE + bytes(504))
    struct.pack_into("<2H", header, 30, 9, 6)
    struct.pack_into("<4I", header, 60, *[0xFFFFFFFE] * 4)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    return bytes(header) + struct.pack("<128I", *fat, *[0xFFFFFFFF] * (128 - len(fat)))


def test_compound_file_whose_chain_runs_in_a_circle_is_not_opened(tmp_path: Path) -> None:
    assert is_sound(compound_file([0xFFFFFFFD, 2, 3, 0xFFFFFFFE]))
    circle = compound_file([0xFFFFFFFD, 2, 3, 1])
    assert not is_sound(circle)
    (tmp_path / "a.xls").write_bytes(circle)
    assert [issue.code for issue in issues_of(tmp_path / "a.xls")] == ["workbook_broken"]


@pytest.mark.parametrize(
    ("following", "expected"),
    [([1, 2, 9], False), ([1, 0], True), ([0], True), ([9, 2, 3, 1], True), ([2, 2, 9], False)],
)
def test_circle_is_found(following: list[int], expected: bool) -> None:
    assert has_circle(following) is expected
