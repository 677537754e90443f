"""The office's own workbook with its issues marked: at their cells, listed in front, checked again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from models.formats.marked_workbook import write_marked_workbook
from models.formats.read import read_instance
from models.formats.sheets import ISSUE_SHEET
from models.formats.write import write_csv_folder, write_json, write_workbook
from models.issues import InputError, Issue
from models.messages import Spot, issue
from tests.factories import tiny_instance


def faults(path: Path) -> tuple[Issue, ...]:
    with pytest.raises(InputError) as caught:
        read_instance(path)
    return caught.value.issues


def marked(source: Path, *remarks: Issue) -> Any:
    """Mark the issues that reading finds, and open the result."""
    target = source.parent / "issues.xlsx"
    write_marked_workbook(source, target, faults(source), remarks)
    return openpyxl.load_workbook(target)


def listed(book: Any) -> list[tuple[Any, ...]]:
    return list(book[ISSUE_SHEET].iter_rows(min_row=4, max_col=5, values_only=True))


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    """A workbook with formats and a comment of its own, and three mistakes of two kinds."""
    path = tmp_path / "plan.xlsx"
    write_workbook(tiny_instance(), path)
    book = openpyxl.load_workbook(path)
    book["人员"]["D2"], book["人员"]["D3"], book["村居"]["H2"] = "无此所", "也无此所", "=1+1"
    book["人员"]["B2"].font = Font(bold=True, name="SimSun")
    book["人员"]["D2"].comment = Comment("问过张主任", "office")
    book.create_sheet("备注").append(["=COUNTA(人员!A2:A6)"])
    book.save(path)
    return path


def test_each_issue_stands_at_its_cell_and_in_the_list(spoilt: Path) -> None:
    book = marked(spoilt, issue("month_missing", Spot("设置", "B4")))
    assert book.sheetnames[0] == ISSUE_SHEET
    assert sorted(row[1:4] for row in listed(book)) == [
        *[("提示", "设置", "B4"), ("问题", "人员", "D2"), ("问题", "人员", "D3")],
        ("问题", "村居", "H2"),
    ]
    for told in faults(spoilt):
        cell = book[told.table][told.cell]
        assert told.zh in cell.comment.text
        assert cell.fill.fgColor.rgb == "00FFC7CE"
    assert book["设置"]["B4"].fill.fgColor.rgb == "00FFEB9C"
    link = book[ISSUE_SHEET]["D5"].hyperlink.location
    assert link in {f"'{told.table}'!{told.cell}" for told in faults(spoilt)}


def test_what_else_the_workbook_has_is_kept(spoilt: Path) -> None:
    before, book = openpyxl.load_workbook(spoilt), marked(spoilt)
    assert book["人员"]["B2"].font.name == "SimSun"
    assert "原批注：问过张主任" in book["人员"]["D2"].comment.text
    assert book["人员"]["A1"].comment.text == before["人员"]["A1"].comment.text
    assert book["备注"]["A1"].value == "=COUNTA(人员!A2:A6)"
    assert len(book["人员"].data_validations.dataValidation) == len(
        before["人员"].data_validations.dataValidation
    )


def test_marks_go_when_their_cells_are_mended(spoilt: Path) -> None:
    book = marked(spoilt)
    book["村居"]["H2"], book["人员"]["D2"], book["人员"]["D3"] = 900, "示例所", "示例所"
    path = spoilt.parent / "mended.xlsx"
    book.save(path)
    assert len(read_instance(path).people) == 5
    again = spoilt.parent / "again.xlsx"
    write_marked_workbook(path, again, [], [issue("month_missing", Spot("设置", "B4"))])
    book = openpyxl.load_workbook(again)
    assert [row[1:4] for row in listed(book)] == [("提示", "设置", "B4")]
    assert book["人员"]["D2"].comment.text == "问过张主任"
    assert book["人员"]["D3"].comment is None
    assert book["人员"]["D3"].fill.fill_type is None


def test_merged_cells_and_sheets_are_marked_where_they_begin(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_workbook(tiny_instance(), path)
    book = openpyxl.load_workbook(path)
    book["人员"].merge_cells("D2:D3")
    book.create_sheet("旧表").append(["甲", "乙"])
    book.save(path)
    found = marked(path)
    assert found["人员"]["D2"].comment is not None
    assert found["旧表"].sheet_properties.tabColor.rgb == "00FFC7CE"
    assert {row[2] for row in listed(found)} == {"人员", "旧表"}


def test_csv_files_become_sheets_and_texts_no_formulas(tmp_path: Path) -> None:
    write_csv_folder(tiny_instance(), tmp_path / "plan")
    file = tmp_path / "plan" / "人员.csv"
    lines = file.read_text(encoding="utf-8-sig").split("\n")
    lines[1] = lines[1].replace("例甲", "=HYPERLINK(1)", 1)
    file.write_text("\n".join(lines), encoding="utf-8")
    found = marked(tmp_path / "plan")
    told = listed(found)[0]
    assert (told[2], told[3]) == ("人员.csv", "B2")
    assert (found["人员"]["B2"].value, found["人员"]["B2"].data_type) == ("=HYPERLINK(1)", "s")
    assert found["人员"]["B2"].comment is not None


def test_what_has_no_cells_or_cannot_be_opened_gets_the_list_alone(tmp_path: Path) -> None:
    write_json(tiny_instance(), tmp_path / "plan.json")
    text = (tmp_path / "plan.json").read_text(encoding="utf-8")
    (tmp_path / "plan.json").write_text(text.replace('"firm": "', '"firm": "无'), encoding="utf-8")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 not a zip")
    (tmp_path / "other.xlsx").write_bytes(b"%PDF-1.7")
    for name in ("plan.json", "broken.xlsx", "other.xlsx"):
        found = marked(tmp_path / name)
        assert found.sheetnames == [ISSUE_SHEET]
        assert len(listed(found)) == len(faults(tmp_path / name))
