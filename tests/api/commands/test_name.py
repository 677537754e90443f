"""Firms get slots, name people in the sheet 机构派人, and every result shows both stages."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from models.formats.write import write_json
from tests.api.commands.command import files_of, zhiban
from tests.factories import tiny_content, tiny_instance

DAYS = "2026-12-01、2026-12-03、2026-12-08"


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Three slots of a post for which firms name the person; tests only read them."""
    folder = tmp_path_factory.mktemp("planned")
    posts = [tiny_content()["posts"][1] | {"firm_named": True, "recurrence": DAYS}]
    write_json(tiny_instance(posts=posts, villages=[]), folder / "in.json")
    assert zhiban("solve", folder / "in.json", "--out", folder / "out").code == 0
    return folder / "in.json", folder / "out"


def texts(folder: Path) -> str:
    calendars = b"".join(v for name, v in files_of(folder).items() if "site-" in str(name))
    return calendars.decode().replace("\r\n ", "")


def test_before_a_firm_names_somebody_sheets_and_calendars_show_the_firm(planned):
    book = openpyxl.load_workbook(planned[1] / "roster.xlsx")
    rows = list(book["机构派班份额"].iter_rows(min_row=4, values_only=True))
    assert [row[1:6] for row in rows] == [
        ("示例律师事务所", 2, 1.5, 2, 2),
        ("示例西乡法律服务所", 2, 1.5, 1, 1),
    ]
    wall = openpyxl.load_workbook(planned[1] / "public.xlsx")["公示表"]
    board = [row[2] for row in wall.iter_rows(min_row=6, values_only=True) if row[2]]
    assert sorted(board) == ["示例律师事务所（待派）"] * 2 + ["示例西乡法律服务所（待派）"]
    assert "示例律师事务所（待派）" in texts(planned[1])
    assert "例甲" not in texts(planned[1])


def test_names_filled_in_by_a_firm_come_into_every_result(planned, tmp_path):
    file, out = planned
    book = openpyxl.load_workbook(out / "roster.xlsx")
    page = book["机构派人"]
    head = {cell.value: n for n, cell in enumerate(page[1], start=1)}
    waiting = [r for r in range(2, 5) if page.cell(r, head["机构编号"]).value == "F01"]
    for row, person in zip(waiting, ("L002", "L001"), strict=True):
        page.cell(row, head["人员编号"]).value = person
    book.save(tmp_path / "names.xlsx")
    said = zhiban(
        *("name", file, out / "roster.json"),
        *("--names", tmp_path / "names.xlsx", "--out", tmp_path / "named"),
    )
    assert said.code == 0, said.err
    duties = json.loads((tmp_path / "named" / "roster.json").read_text(encoding="utf-8"))["duties"]
    assert sorted((d["person"], d["firm"]) for d in duties if not d["firm"]) == [
        ("L001", None),
        ("L002", None),
    ]
    assert "例甲" in texts(tmp_path / "named")


def test_a_person_of_another_firm_is_refused_and_nothing_written(planned, tmp_path):
    file, out = planned
    duty = json.loads((out / "roster.json").read_text(encoding="utf-8"))["duties"][0]
    row = {key: duty[key] for key in ("post", "date", "part", "firm")} | {"person": "M001"}
    (tmp_path / "names.json").write_text(json.dumps({"names": [row]}), encoding="utf-8")
    said = zhiban(
        *("name", file, out / "roster.json"),
        *("--names", tmp_path / "names.json", "--out", tmp_path / "named"),
    )
    assert said.code == 2
    assert "naming_other_firm" in said.err
    assert not (tmp_path / "named").exists()


def test_the_office_names_the_rest(planned, tmp_path):
    file, out = planned
    roster = out / "roster.json"
    assert zhiban("name", file, roster, "--by-office", "--out", tmp_path / "named").code == 0
    duties = json.loads((tmp_path / "named" / "roster.json").read_text(encoding="utf-8"))["duties"]
    assert {duty["firm"] for duty in duties} == {None}
    assert "机构派人" not in openpyxl.load_workbook(tmp_path / "named" / "roster.xlsx").sheetnames
