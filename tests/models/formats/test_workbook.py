"""Workbooks written and read, and the template as an office meets it."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models.formats import template_text
from models.formats.intake.tables import instance_tables
from models.formats.read import read_instance
from models.formats.write import write_template, write_workbook
from models.issues import InputError, Issue
from tests.factories import tiny_content, tiny_instance


def issues_of(path: Path) -> tuple[Issue, ...]:
    with pytest.raises(InputError) as caught:
        read_instance(path)
    return caught.value.issues


def fill(path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    """Type rows below the examples of a template, as a clerk does."""
    book = openpyxl.load_workbook(path)
    for title, rows in sheets.items():
        for row in rows:
            book[title].append(row)
    book.save(path)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "模板.xlsx"
    write_template(path)
    return path


def test_untouched_template_says_what_to_fill(template: Path) -> None:
    made = issues_of(template)
    assert [(i.code, i.table) for i in made] == [
        ("empty_table", "区划"),
        ("empty_table", "人员"),
        ("nothing_to_plan", "模板.xlsx"),
    ]
    assert made[2].en == "There are no villages and no posts"


def test_template_names_every_table() -> None:
    assert list(template_text.USES) == [table.name for table in instance_tables()]


def test_template_has_instructions_headers_notes_and_lists(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    assert book.sheetnames == ["说明", *(table.title for table in instance_tables())]
    sheet = book["人员"]
    assert [c.value for c in sheet[1]][:3] == ["人员编号", "姓名", "人员类别"]
    assert sheet.freeze_panes == "B2"
    assert sheet["C1"].comment.text.startswith("kind（必填 required）")
    rules = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    assert rules["C2:C5001"].startswith('"律师,基层法律服务工作者')
    assert '"是,否"' in rules.values()
    assert sheet["A2"].value == "示例 L001"


def test_template_keeps_codes_as_text_and_dates_as_dates(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    assert book["村居"].column_dimensions["A"].width >= 16
    assert book["请假开庭"]["B2"].value == dt.datetime(2026, 12, 7)
    with zipfile.ZipFile(template) as archive:
        styles = archive.read("xl/styles.xml").decode()
    assert 'formatCode="yyyy-mm-dd"' in styles
    assert 'numFmtId="49"' in styles


def test_filled_template_is_read(template: Path) -> None:
    fill(
        template,
        {
            "区划": [[410105001, "示例街道", "乡镇街道", None, "城区", 113.69, 34.78]],
            "村居": [[410105001003, "示例社区", 410105001]],
            "人员": [["L001", "例甲", "律师", None, 410105001]],
            "请假开庭": [["L001", dt.datetime(2026, 12, 1), "2026年12月2日", "上午", "开庭"]],
        },
    )
    instance = read_instance(template)
    assert [v.id for v in instance.villages] == ["410105001003"]
    assert instance.leave[0].last == dt.date(2026, 12, 2)
    assert [person.name for person in instance.people] == ["例甲"]


def test_example_row_made_own_but_still_marked_is_told(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    book["人员"]["B2"].value = "例乙"
    book.save(template)
    assert next((i.code, i.table, i.cell) for i in issues_of(template)) == (
        "example_edited",
        "人员",
        "A2",
    )


def test_template_survives_a_spreadsheet_program(template: Path, tmp_path: Path) -> None:
    """Open and save the template elsewhere: the example rows stay recognised."""
    book = openpyxl.load_workbook(template)
    book.save(tmp_path / "again.xlsx")
    codes = [issue.code for issue in issues_of(tmp_path / "again.xlsx")]
    assert codes == ["empty_table", "empty_table", "nothing_to_plan"]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
@pytest.mark.parametrize("form", ["ods", "xls", "xlsx"])
def test_workbook_saved_by_libreoffice_is_the_same(form: str, tmp_path: Path) -> None:
    instance = tiny_instance(
        leave=[{"person": "L001", "first": "2026-12-01", "last": "2026-12-02"}]
    )
    write_workbook(instance, tmp_path / "plan.xlsx")
    target = tmp_path / "out"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(target)]
    subprocess.run([*command, str(tmp_path / "plan.xlsx")], check=True, capture_output=True)
    assert read_instance(target / f"plan.{form}").content_hash == instance.content_hash


def test_same_content_gives_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(tiny_instance(), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_formula_text_is_stored_as_text(tmp_path: Path) -> None:
    villages = tiny_content()["villages"]
    villages[0]["name"] = '=HYPERLINK("http://example.invalid")'
    path = tmp_path / "plan.xlsx"
    write_workbook(tiny_instance(villages=villages), path)
    cell = openpyxl.load_workbook(path)["村居"]["B2"]
    assert cell.data_type == "s"
    assert read_instance(path).villages[0].name == villages[0]["name"]


def test_number_keeps_all_its_digits(tmp_path: Path) -> None:
    villages = tiny_content()["villages"]
    villages[0]["lon"] = 113.00000000000001
    path = tmp_path / "plan.xlsx"
    write_workbook(tiny_instance(villages=villages), path)
    assert read_instance(path).villages[0].lon == 113.00000000000001


def test_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_workbook(tiny_instance(), path)
    before = path.read_bytes()
    broken = tiny_instance().model_copy(update={"people": (object(),)})
    with pytest.raises(AttributeError):
        write_workbook(broken, path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["plan.xlsx"]
