"""Values that are allowed and look like slips: each is remarked, its neighbours are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from models.formats.intake.oddities import oddities
from models.formats.read import read_instance
from models.formats.write import write_workbook
from models.issues import InputError
from tests.factories import tiny_content, tiny_instance


def remarked(**changes: Any) -> list[str]:
    return [told.code for told in oddities(tiny_instance(**changes), "2026-12")]


def rows(table: str, index: int = 0, **values: Any) -> dict[str, Any]:
    content = tiny_content()[table]
    content[index].update(values)
    return {table: content}


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        (rows("people", name="例乙"), ["namesakes"]),
        (rows("people", share=1.5), ["share_over_one"]),
        (rows("people", share=0.5), []),
        (rows("people", mobile="1380001"), ["mobile_odd"]),
        (rows("people", mobile="139-0000 0001"), []),
        (rows("people", mobile="+86 13900000001"), []),
        (rows("people", mobile="0371-12345678"), []),
        (rows("posts", head_count=50), ["head_count_large"]),
        (rows("posts", head_count=3), []),
        (rows("villages", lon=114.688), ["point_far"]),
        (rows("villages", lon=113.9), []),
        (rows("sites", 1, lat=35.78), ["point_far"]),
        (rows("villages", languages=["彝语"]) | rows("people", languages=["普通话"]),
         ["language_unspoken"]),
        (rows("villages", languages=["客家方言"]) | rows("people", languages=["客家话"]), []),
        (rows("villages", name="示例\ue000村"), ["private_use"]),
        ({"leave": [{"person": "L001", "first": "2025-12-07", "last": "2025-12-08"}]},
         ["leave_outside"]),
        ({"leave": [{"person": "L001", "first": "2026-12-07", "last": "2026-12-08"}]}, []),
    ],
)  # fmt: skip
def test_slip_is_remarked(changes: dict[str, Any], codes: list[str]) -> None:
    assert remarked(**changes) == codes


def test_licence_of_two_people_is_remarked() -> None:
    people = tiny_content()["people"]
    for person in people[:2]:
        person["licence_no"] = "14101202010000001"
    assert remarked(people=people) == ["licence_shared"]


def test_one_point_for_everybody_is_said_once() -> None:
    content = tiny_content()
    for row in [*content["villages"], *content["sites"], *content["firms"], *content["areas"][1:]]:
        row.pop("lon"), row.pop("lat")
    tables = ("villages", "sites", "firms", "areas")
    assert remarked(**{table: content[table] for table in tables}) == ["one_point"]


@pytest.mark.parametrize("raw", [44901, "44901", 44901.0])
def test_serial_dates_count_from_the_day_the_file_says(raw: Any, tmp_path: Path) -> None:
    path = tmp_path / "mac.xlsx"
    write_workbook(tiny_instance(), path)
    book = openpyxl.load_workbook(path)
    book.epoch = CALENDAR_MAC_1904
    book["请假开庭"].append(["L001", raw, raw])
    for cell in book["请假开庭"][2]:
        cell.number_format = "General"
    book["设置"]["B4"] = 44895
    book["岗位"]["F2"] = raw
    book.save(path)
    instance = read_instance(path)
    assert "2026-12-07" in {str(post.recurrence) for post in instance.posts}
    assert (instance.settings.month, f"{instance.leave[0].first}") == ("2026-12", "2026-12-07")


@pytest.mark.parametrize("raw", ["1.41012E+16", "####", 1.41012e16])
def test_licence_that_lost_digits_is_told(raw: Any, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_workbook(tiny_instance(), path)
    book = openpyxl.load_workbook(path)
    book["人员"]["O2"] = raw
    book.save(path)
    with pytest.raises(InputError) as caught:
        read_instance(path)
    assert [(i.code, i.cell) for i in caught.value.issues] == [("digits_lost", "O2")]
