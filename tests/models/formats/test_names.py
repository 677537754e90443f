"""Names where ids are asked: one that fits is taken, two are both named, ids left empty are given."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from models.formats.intake.named_rows import index_of
from models.formats.read import read_with_remarks
from models.formats.write import write_template, write_workbook
from models.instance import Instance
from models.issues import InputError, Issue
from tests.factories import tiny_content, tiny_instance

Content = dict[str, Any]


def told(content: Content, tmp_path: Path) -> tuple[Instance, tuple[Issue, ...]]:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return read_with_remarks(path)


def read(content: Content, tmp_path: Path) -> Instance:
    return told(content, tmp_path)[0]


def refused(content: Content, tmp_path: Path) -> list[Issue]:
    with pytest.raises(InputError) as caught:
        read(content, tmp_path)
    return list(caught.value.issues)


def by_name(content: Content) -> Content:
    """Write a name wherever a row refers to another."""
    names = {
        row["id"]: row["name"]
        for table in ("areas", "villages", "sites", "firms", "people")
        for row in content[table]
    }
    fields = {"area", "parent", "firm", "site", "adviser", "person", "village", "place"}
    for row in [*(r for rows in content.values() if isinstance(rows, list) for r in rows)]:
        row.update({f: names.get(row[f], row[f]) for f in fields & set(row) if row[f]})
    content["settings"]["area"] = names[content["settings"]["area"]]
    return content


def test_names_mean_the_same_as_ids(tmp_path: Path) -> None:
    content = by_name(tiny_content())
    assert content["people"][0]["firm"] == "示例律师事务所"
    assert read(content, tmp_path).content_hash == tiny_instance().content_hash


def test_names_in_a_workbook_mean_the_same_as_ids(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    leave = [{"person": "L001", "first": "2026-12-07", "last": "2026-12-08"}]
    write_workbook(tiny_instance(leave=leave), path)
    book = openpyxl.load_workbook(path)
    book["村居"]["C2"], book["人员"]["D2"], book["请假开庭"]["A2"] = "示例东街道", "示例所", "例 甲"
    book.save(path)
    instance, remarks = read_with_remarks(path)
    assert instance.content_hash == tiny_instance(leave=leave).content_hash
    assert [(r.code, r.cell) for r in remarks] == [("taken_as", "D2")]


@pytest.mark.parametrize(
    ("field", "word", "meant"),
    [
        ("village", "示例三村", "410105002001"),
        ("village", "示例三", "410105002001"),
        ("village", "示例西乡示例三村", "410105002001"),
        ("village", "示例三村民委员会", "410105002001"),
        ("village", "示例一社区居委会", "410105001001"),
        ("site", "示例西乡工作站", "Z002"),
        ("site", "西乡站", "Z002"),
        ("person", "例甲律师", "L001"),
        ("person", "例甲(示例律师事务所)", "L001"),
        ("person", "例甲（示例所）", "L001"),
        ("person", "例甲（L001）", "L001"),
        ("person", "L001", "L001"),
    ],
)
def test_name_is_taken_as_offices_write_it(
    field: str, word: str, meant: str, tmp_path: Path
) -> None:
    content = tiny_content()
    row = {"person": "L002", "village": "410105001001"} | {field: word}
    if field == "site":
        row.pop("village")
    content["conflicts"] = [row]
    assert getattr(read(content, tmp_path).conflicts[0], field) == meant


def test_two_that_fit_are_both_named(tmp_path: Path) -> None:
    content = tiny_content()
    content["people"][1]["name"] = "例甲"
    content["conflicts"] = [{"person": "例甲", "village": "410105001001"}]
    (made,) = refused(content, tmp_path)
    assert (made.code, made.cell) == ("several_fit", "$.conflicts[0].person")
    assert "L001" in made.zh
    assert "L002" in made.zh


def same_name(content: Content) -> Content:
    for row in content["villages"]:
        row["name"] = "新屋村"
    return content


def test_place_beside_decides_between_namesakes(tmp_path: Path) -> None:
    content = same_name(tiny_content())
    content["villages"] = content["villages"][1:3]
    content["sites"][2]["villages"] = ["新屋村"]
    content["lectures"] = [{"village": "示例东街道新屋村", "date": "2026-10-10"}]
    instance = read(content, tmp_path)
    assert instance.site_by_id["Z002"].villages == ("410105002001",)
    assert instance.lectures[0].village == "410105001002"


def test_code_goes_before_a_name(tmp_path: Path) -> None:
    content = tiny_content()
    content["people"][1]["name"] = "L001"
    content["conflicts"] = [{"person": "L001", "village": "410105001001"}]
    assert read(content, tmp_path).conflicts[0].person == "L001"


def test_role_decides_between_namesakes(tmp_path: Path) -> None:
    content = tiny_content()
    content["people"][1].update(name="例甲", is_adviser=False)
    content["villages"][0]["adviser"] = "例甲"
    assert read(content, tmp_path).villages[0].adviser == "L001"


def test_two_firms_in_a_cell_are_told(tmp_path: Path) -> None:
    content = tiny_content()
    content["people"][0]["firm"] = "F01、示例西乡法律服务所"
    (made,) = refused(content, tmp_path)
    assert (made.code, made.cell) == ("two_in_cell", "$.people[0].firm")


def test_parent_that_is_no_row_is_added(tmp_path: Path) -> None:
    content = tiny_content()
    content["areas"][0]["parent"] = "示例市"
    instance, remarks = told(content, tmp_path)
    added = next(area for area in instance.areas if area.name == "示例市")
    assert (added.level.value, instance.area_by_id["410105"].parent) == ("city", added.id)
    assert [remark.code for remark in remarks] == ["area_added"]


def test_parent_code_that_is_no_row_is_refused(tmp_path: Path) -> None:
    content = tiny_content()
    content["areas"][0]["parent"] = "4101"
    assert [made.code for made in refused(content, tmp_path)] == ["dangling"]


def test_pin_aims_at_a_post_by_its_name(tmp_path: Path) -> None:
    content = tiny_content()
    content["posts"][0]["name"] = "法律咨询岗"
    pin = {"kind": "duty", "person": "例甲", "date": "2026-12-01", "part": "am"}
    content["pins"] = [pin | {"target": "法律咨询岗"}]
    posts = [p for p in tiny_content()["posts"] if p["name"] == "法律咨询岗"]
    assert len(posts) <= 1
    assert read(content, tmp_path).pins[0].target == "Z000-咨询"


def without_ids(content: Content) -> Content:
    content = by_name(content)
    for table in ("areas", "villages", "sites", "firms", "people"):
        for row in content[table]:
            row.pop("id")
    return content


def test_ids_left_empty_are_given_and_kept_in_another_order(tmp_path: Path) -> None:
    content = without_ids(tiny_content())
    first = read(content, tmp_path)
    names = [row["name"] for row in content["people"]]
    ids = {person.name: person.id for person in first.people}
    assert sorted(ids) == sorted(names)
    assert len(set(ids.values())) == len(names)
    for table in ("people", "villages", "areas"):
        content[table].reverse()
    content["people"].insert(0, content["people"][0] | {"name": "例新"})
    again = {person.name: person.id for person in read(content, tmp_path).people}
    assert {name: again[name] for name in ids} == ids


def test_licence_keeps_the_id_of_somebody_who_moves(tmp_path: Path) -> None:
    def made(**changes: Any) -> str:
        content = tiny_content()
        content["people"][0].pop("id")
        content["people"][0].update({"licence_no": "14101202010000001"} | changes)
        instance = read(content, tmp_path)
        return next(p.id for p in instance.people if p.licence_no)

    assert made() == made(name="例甲甲", firm="F02")


def test_namesakes_in_one_place_get_different_ids(tmp_path: Path) -> None:
    content = tiny_content()
    twin = content["people"][0] | {"name": "例同"}
    twin.pop("id")
    content["people"] += [twin, dict(twin)]
    ids = [p.id for p in read(content, tmp_path).people if p.name == "例同"]
    assert len(set(ids)) == 2


def test_given_ids_come_back_in_the_workbook(tmp_path: Path) -> None:
    instance = read(without_ids(tiny_content()), tmp_path)
    write_workbook(instance, tmp_path / "plan.xlsx")
    again, remarks = read_with_remarks(tmp_path / "plan.xlsx")
    assert (again.content_hash, remarks) == (instance.content_hash, ())


def test_several_people_in_one_cell_are_a_row_each(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_workbook(tiny_instance(), path)
    book = openpyxl.load_workbook(path)
    book["请假开庭"].append(["例甲、例乙，L003", "1月5日", "5号", None, "学习"])
    book["设置"]["B4"] = "2027年1月"
    book.save(path)
    leave = read_with_remarks(path)[0].leave
    assert [row.person for row in leave] == ["L001", "L002", "L003"]
    assert {f"{row.first} {row.last}" for row in leave} == {"2027-01-05 2027-01-05"}


@pytest.mark.parametrize(
    ("cells", "first", "last"),
    [
        (("5-8日", None), "2027-01-05", "2027-01-08"),
        (("1月5日至8日", None), "2027-01-05", "2027-01-08"),
        (("1.5", "1.8"), "2027-01-05", "2027-01-08"),
        (("12月30日", "1月2日"), "2026-12-30", "2027-01-02"),
        (("1月5日上午", None), "2027-01-05 am", "2027-01-05 am"),
        (("5日下午", "1月5日"), "2027-01-05 pm", "2027-01-05 pm"),
    ],
)
def test_days_of_a_leave_are_read(
    cells: tuple[str, str | None], first: str, last: str, tmp_path: Path
) -> None:
    path = tmp_path / "plan.xlsx"
    write_workbook(tiny_instance(settings={"month": "2027-01"}), path)
    book = openpyxl.load_workbook(path)
    book["请假开庭"].append(["L001", *cells])
    book.save(path)
    (leave,) = read_with_remarks(path)[0].leave
    half = f" {leave.part.value}" if leave.part else ""
    assert (f"{leave.first}{half}", f"{leave.last}{half}") == (first, last)


def test_half_day_before_another_last_day_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_workbook(tiny_instance(settings={"month": "2027-01"}), path)
    book = openpyxl.load_workbook(path)
    book["请假开庭"].append(["L001", "1月5日上午", "1月6日"])
    book.save(path)
    with pytest.raises(InputError) as caught:
        read_with_remarks(path)
    assert [(i.code, i.cell) for i in caught.value.issues] == [("date_unreadable", "B2")]


def test_drop_downs_list_the_names_of_other_sheets(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_template(path)
    book = openpyxl.load_workbook(path)
    rules = {
        (sheet.title, str(v.sqref)): v.formula1
        for sheet in book
        for v in sheet.data_validations.dataValidation
    }
    # 村居's adviser is a name of 人员, 人员's firm one of 机构
    for title, head, goal in (("村居", "现任法律顾问", "人员"), ("人员", "执业机构", "机构")):
        place = [c.value for c in book[title][1]].index(head) + 1
        letters = get_column_letter(place)
        formula = rules[title, f"{letters}2:{letters}5001"]
        named = [c.value for c in book[goal][1]].index(
            {"人员": "姓名", "机构": "机构名称"}[goal]
        ) + 1
        column = get_column_letter(named)
        assert formula.startswith(f"OFFSET({goal}!${column}$2,0,0,")
        assert f"COUNTA({goal}!${column}$2:${column}$5001)" in formula


def rename(title: str, other: str) -> Callable[[Any], Any]:
    return lambda book: setattr(book[title], "title", other)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (rename("人员", "人员名单"), ["sheets_taken"]),
        (rename("人员", "律师信息表"), ["sheets_taken"]),
        (rename("岗位", "崗位"), ["sheets_taken"]),
        (rename("村居", "村居 "), []),
        (rename("意愿", "心愿"), ["sheets_taken"]),
        (lambda book: book["人员"].__setitem__("B1", "律师姓名"), ["column_taken"]),
        (lambda book: book["人员"].__setitem__("AN1", "身份证"), ["column_unread"]),
        (lambda book: book["人员"].__setitem__("AN2", "写在旁边"), ["headerless_column"]),
        (lambda book: book["人员"].row_dimensions.__getitem__(2).__setattr__("hidden", True),
         ["hidden_cells"]),
        (lambda book: book["人员"].column_dimensions["B"].__setattr__("hidden", True),
         ["hidden_cells"]),
        (lambda book: book["人员"].__setattr__("sheet_state", "hidden"), ["hidden_sheet"]),
    ],
)  # fmt: skip
def test_sheets_and_columns_of_an_office_are_read_and_remarked(
    change: Callable[[Any], Any], codes: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "plan.xlsx"
    write_workbook(tiny_instance(), path)
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    instance, remarks = read_with_remarks(path)
    assert instance.content_hash == tiny_instance().content_hash
    assert [remark.code for remark in remarks] == codes


def test_number_that_may_be_two_days_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_workbook(tiny_instance(), path)
    book = openpyxl.load_workbook(path)
    book["请假开庭"].append(["L001", 12.1, 12.15])
    book.save(path)
    with pytest.raises(InputError) as caught:
        read_with_remarks(path)
    assert [(i.code, i.cell) for i in caught.value.issues] == [("date_two_readings", "B2")]


def test_index_of_an_instance_finds_names_for_commands() -> None:
    index = index_of(tiny_instance())
    assert [row.id for row in index.find("例甲", ("people",)).rows] == ["L001"]
    assert index.find("没有", ("people",)).rows == ()
