"""Coordinates of GCJ-02 and BD-09 maps: known points, the way back, and how a workbook says so."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.formats.intake.datum import bd_of_gcj, gcj_of_wgs, wgs_of
from models.formats.read import read_instance, read_with_remarks
from models.formats.write import write_workbook
from models.issues import InputError
from models.vocabulary import Datum
from tests.factories import tiny_instance

MILLIMETRE = 1e-8
"""In degrees."""


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ],
)
def test_published_points_are_shifted_as_published(
    wgs: tuple[float, float], gcj: tuple[float, float]
) -> None:
    assert gcj_of_wgs(wgs) == pytest.approx(gcj, abs=1e-12)
    assert wgs_of(Datum.GCJ02, gcj) == pytest.approx(wgs, abs=MILLIMETRE)


def test_published_point_of_baidu() -> None:
    assert bd_of_gcj((116.404, 39.915)) == pytest.approx((116.41036949371029, 39.92133699351021))


@settings(max_examples=60)
@given(st.floats(73, 136), st.floats(3, 54))
def test_the_way_back_is_exact_to_a_millimetre(lon: float, lat: float) -> None:
    shown = gcj_of_wgs((lon, lat))
    assert wgs_of(Datum.GCJ02, shown) == pytest.approx((lon, lat), abs=MILLIMETRE)
    assert wgs_of(Datum.BD09, bd_of_gcj(shown)) == pytest.approx((lon, lat), abs=MILLIMETRE)
    assert wgs_of(Datum.WGS84, (lon, lat)) == (lon, lat)


@pytest.mark.parametrize(
    ("word", "datum"),
    [
        ("GCJ-02", Datum.GCJ02),
        ("高德", Datum.GCJ02),
        ("腾讯地图", Datum.GCJ02),
        ("百度", Datum.BD09),
        ("BD-09", Datum.BD09),
    ],
)
def test_workbook_says_its_system_and_is_told(word: str, datum: Datum, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_workbook(tiny_instance(), path)
    book = openpyxl.load_workbook(path)
    row = next(cell.row for cell in book["设置"]["A"] if cell.value == "坐标系")
    book["设置"].cell(row, 2, word)
    for title in ("区划", "村居", "站点", "机构"):
        sheet = book[title]
        places = [[c.value for c in sheet[1]].index(name) + 1 for name in ("经度", "纬度")]
        for number in range(2, sheet.max_row + 1):
            lon, lat = (sheet.cell(number, place) for place in places)
            if lon.value is not None:
                shown = gcj_of_wgs((lon.value, lat.value))
                lon.value, lat.value = bd_of_gcj(shown) if datum is Datum.BD09 else shown
    book.save(path)
    instance, remarks = read_with_remarks(path)
    assert instance.content_hash == tiny_instance().content_hash
    assert [remark.code for remark in remarks] == ["points_converted"]
    assert f"处经纬度按 {datum.label} 读取" in remarks[0].zh


def test_unknown_system_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_workbook(tiny_instance(), path)
    book = openpyxl.load_workbook(path)
    row = next(cell.row for cell in book["设置"]["A"] if cell.value == "坐标系")
    book["设置"].cell(row, 2, "月球坐标")
    book.save(path)
    with pytest.raises(InputError) as caught:
        read_instance(path)
    assert [(i.code, i.cell) for i in caught.value.issues] == [("word_unknown", f"B{row}")]
