"""CSV folders: encodings, separators, formula guards, broken files."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.formats.read import read_instance
from models.formats.write import write_csv_folder
from models.issues import InputError, Issue
from tests.factories import tiny_content, tiny_instance


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_csv_folder(tiny_instance(), tmp_path / "plan")
    return tmp_path / "plan"


def issues_of(folder: Path) -> tuple[Issue, ...]:
    with pytest.raises(InputError) as caught:
        read_instance(folder)
    return caught.value.issues


def recode(folder: Path, encoding: str) -> None:
    for file in folder.glob("*.csv"):
        text = file.read_bytes().decode("utf-8-sig")
        file.write_bytes(text.encode(encoding))


def test_files_have_chinese_names_bom_and_all_tables(folder: Path) -> None:
    names = {file.stem for file in folder.iterdir()}
    assert len(names) == 19
    assert {"设置", "区划", "村居", "人员"} <= names
    assert (folder / "村居.csv").read_bytes().startswith("\ufeff村居代码,村居名称".encode())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_offices_are_read(folder: Path, encoding: str) -> None:
    recode(folder, encoding)
    assert read_instance(folder).content_hash == tiny_instance().content_hash


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_separators_are_read(folder: Path, mark: str) -> None:
    text = "人员编号,开始日期,结束日期\nL001,2026/12/1,2026年12月2日\n".replace(",", mark)
    (folder / "请假开庭.csv").write_text(text, encoding="utf-8")
    leave = [{"person": "L001", "first": "2026-12-01", "last": "2026-12-02"}]
    assert read_instance(folder).content_hash == tiny_instance(leave=leave).content_hash


def test_english_names_and_headers_are_read(folder: Path) -> None:
    (folder / "请假开庭.csv").unlink()
    (folder / "leave.csv").write_text(
        "PERSON,first,last\nL001,20261201,20261201\n", encoding="utf-8"
    )
    assert [row.person for row in read_instance(folder).leave] == ["L001"]


def test_formula_text_is_harmless_and_comes_back(tmp_path: Path) -> None:
    people = tiny_content()["people"]
    for row, name in zip(people, ["=1+1", "+甲", "-甲", "@甲", "'甲"], strict=True):
        row["name"] = name
    instance = tiny_instance(people=people)
    write_csv_folder(instance, tmp_path / "plan")
    text = (tmp_path / "plan" / "人员.csv").read_text(encoding="utf-8-sig")
    names = [line.split(",")[1] for line in text.splitlines()[1:]]
    assert names == ["'=1+1", "'+甲", "'-甲", "'@甲", "''甲"]
    assert read_instance(tmp_path / "plan").content_hash == instance.content_hash


def test_writing_again_leaves_no_old_rows(folder: Path) -> None:
    write_csv_folder(tiny_instance(posts=[]), folder)
    assert read_instance(folder).posts == ()
    assert [path.name for path in folder.parent.iterdir()] == ["plan"]


def test_open_quotation_mark_is_told_with_its_line(folder: Path) -> None:
    with (folder / "村居.csv").open("a", encoding="utf-8") as file:
        file.write('410105002003,"示例五村,410105002\n')
    made = issues_of(folder)
    assert (made[0].code, made[0].table, made[0].cell) == ("csv_broken", "村居.csv", "A6")


def test_unknown_encoding_is_told(folder: Path) -> None:
    (folder / "人员与村居约定.csv").write_bytes(b"\x81\x20\xff\xff")
    assert [(i.code, i.table) for i in issues_of(folder)] == [
        ("encoding_unknown", "人员与村居约定.csv")
    ]


def test_cell_of_a_bad_value_is_told(folder: Path) -> None:
    (folder / "已办讲座.csv").write_text(
        "村居代码,日期\n410105001001,2026-02-30\n", encoding="gb18030"
    )
    (made,) = issues_of(folder)
    assert (made.code, made.table, made.cell, made.value) == (
        "date_impossible",
        "已办讲座.csv",
        "B2",
        "2026-02-30",
    )


def test_line_break_and_nul_in_a_name_are_told(folder: Path) -> None:
    text = '村居代码,村居名称,所属乡镇\nv1,"一\n村",410105001\nv2,二\0村,410105001\n'
    (folder / "村居.csv").write_text(text, encoding="utf-8", newline="")
    assert [(i.code, i.cell) for i in issues_of(folder)] == [
        ("control_characters", "B2"),
        ("control_characters", "B3"),
    ]


def test_empty_folder_is_told(tmp_path: Path) -> None:
    assert [issue.code for issue in issues_of(tmp_path)] == ["folder_empty"]


def test_file_without_headers_says_what_they_are(folder: Path) -> None:
    (folder / "人员.csv").write_text("甲,乙\n丙,丁\n", encoding="utf-8")
    told = {issue.code: issue for issue in issues_of(folder)}
    assert "人员编号" in told["no_header"].mend_zh


def test_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").symlink_to("/proc/self/mem")  # opens, and fails to be read
    assert [issue.code for issue in issues_of(tmp_path / "坏.xlsx")] == ["file_unreadable"]
