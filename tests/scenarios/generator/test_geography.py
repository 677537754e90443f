import csv
import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from models.issues import InputError
from models.vocabulary import AreaLevel, Terrain
from scenarios.generator.cut_geography import cut
from scenarios.generator.geography import (
    BUNDLED,
    Geography,
    TownshipRecord,
    VillageRecord,
    background_cells,
    township_terrain,
    village_terrain,
)


@pytest.fixture(scope="module")
def bundled() -> Geography:
    return Geography.load()


def table(name: str) -> list[dict[str, str]]:
    with gzip.open(BUNDLED / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(folder: Path, name: str, header: str, *rows: str) -> None:
    text = "\n".join((header, *rows)) + "\n"
    (folder / name).write_bytes(gzip.compress(text.encode(), mtime=0))


def national(folder: Path) -> Path:
    """Write tables in the national columns, with one township whose code does not nest."""
    write(
        folder,
        "cities.csv.gz",
        "code,name,province_code,province_name",
        "9901,虚构市,99,虚构省",
        "9902,另一市,99,虚构省",
    )
    write(
        folder,
        "counties.csv.gz",
        "code,name,city_code,city_name,province_code,lon,lat,coordinate_source,"
        "population_2020,is_statistical_zone",
        "990101,甲县,9901,虚构市,99,110.5,30.5,real-county-seat,1000,0",
        "990171,乙区,9901,虚构市,99,,,,,1",
        "990201,丙县,9902,另一市,99,111.5,30.5,real-county-seat,2000,0",
    )
    write(
        folder,
        "townships.csv.gz",
        "code,name,kind,county_code,lon,lat,coordinate_source,geonames_id,"
        "geonames_population,village_count",
        "990101100,一镇,town,990101,110.5,30.5,real-township,1,2,1",
        "990101400,园区,other,990171,110.6,30.6,synthetic-in-county-cell,,,1",
    )
    write(
        folder,
        "villages_china.csv.gz",
        "code,name,committee_kind,urban_rural,township_code,lon,lat,coordinate_source",
        "990101100200,子村委会,village,220,990101100,110.51,30.51,real-village",
        "990101400001,丑社区,community,,990101400,,,",
    )
    return folder


@pytest.mark.parametrize(
    ("code", "level", "name", "counts"),
    [
        ("410105", AreaLevel.COUNTY, "金水区", (1, 24, 287)),
        ("3205", AreaLevel.CITY, "苏州市", (10, 118, 2248)),
        ("3403", AreaLevel.CITY, "蚌埠市", (9, 87, 1157)),
        ("3402", AreaLevel.CITY, "芜湖市", (9, 79, 950)),
        ("53", AreaLevel.PROVINCE, "云南省", (129, 1461, 14888)),
        ("340223105", AreaLevel.TOWNSHIP, "工山镇", (1, 1, 18)),
    ],
)
def test_selection_has_the_counts_of_the_official_lists(bundled, code, level, name, counts):
    area = bundled.select(code)
    found = (len(area.counties), len(area.townships), len(area.villages))
    assert (area.level, area.name, found) == (level, name, counts)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("320500", "3205"),
        ("530000", "53"),
        (" 410105 ", "410105"),
        ("４１０１０５", "410105"),
        ("410105001000", "410105001"),
        ("410105000000", "410105"),
    ],
)
def test_padded_and_full_width_codes_select_the_same_area(bundled, written, code):
    assert bundled.select(written) == bundled.select(code)


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("410106", "410105 金水区"),
        ("金水区", "410105 金水区"),
        ("", "410105、3205、3403、3402、53"),
        ("4101", "410105 金水区"),  # only one of its districts is bundled
        ("34", "3402 芜湖市"),  # only two of its cities are bundled
    ],
)
def test_unknown_area_names_close_codes_and_the_way_to_other_areas(bundled, code, shown):
    with pytest.raises(InputError) as caught:
        bundled.select(code)
    (issue,) = caught.value.issues
    assert (issue.code, issue.value) == ("unknown_area", code)
    assert shown in issue.mend_zh
    assert "--geo" in issue.mend_zh
    assert "--geo" in issue.mend_en


def test_every_row_of_the_bundled_tables_has_its_parent():
    cities = {row["code"] for row in table("cities")}
    counties = {row["code"] for row in table("counties")}
    townships = {row["code"] for row in table("townships")}
    assert {row["city_code"] for row in table("counties")} == cities
    assert {row["county_code"] for row in table("townships")} <= counties
    assert {row["township_code"] for row in table("villages")} <= townships


def test_bundled_tables_hold_only_the_documented_columns():
    assert list(table("villages")[0]) == [
        *("code", "name", "committee_kind", "township_code"),
        *("lon", "lat", "coordinate_source"),
    ]
    assert list(table("townships")[0]) == [
        *("code", "name", "kind", "county_code", "lon", "lat", "coordinate_source"),
    ]


def test_bundled_files_are_small_and_carry_no_time_stamp():
    files = list(BUNDLED.iterdir())
    assert sum(file.stat().st_size for file in files) < 600_000
    stamps = {file.read_bytes()[4:8] for file in files if file.suffix == ".gz"}
    assert stamps == {b"\0\0\0\0"}


def test_national_tables_are_read_and_joined_on_the_parent_column(tmp_path):
    geography = Geography.load(national(tmp_path))
    city = geography.select("9901")
    assert [c.code for c in city.counties] == ["990101", "990171"]
    assert [v.name for v in city.villages] == ["子村委会", "丑社区"]
    zone = geography.select("990171")
    assert [t.code for t in zone.townships] == ["990101400"]
    assert zone.counties[0].point is None
    assert zone.counties[0].population is None
    assert geography.select("99").level is AreaLevel.PROVINCE


def test_unknown_area_of_national_tables_does_not_send_to_them(tmp_path):
    with pytest.raises(InputError) as caught:
        Geography.load(national(tmp_path)).select("410105")
    (issue,) = caught.value.issues
    assert (issue.code, "--geo" in issue.mend_zh) == ("unknown_area_in_tables", False)


def test_missing_table_is_an_issue(tmp_path):
    with pytest.raises(InputError) as caught:
        Geography.load(tmp_path)
    (issue,) = caught.value.issues
    assert (issue.code, issue.table) == ("geography_table", "cities.csv.gz")


@pytest.mark.parametrize("content", [b"code,name", b"\x1f\x8b\x08broken", b""])
def test_unreadable_table_is_an_issue(tmp_path, content):
    national(tmp_path)
    (tmp_path / "townships.csv.gz").write_bytes(content)
    with pytest.raises(InputError) as caught:
        Geography.load(tmp_path)
    assert caught.value.issues[0].table == "townships.csv.gz"


def test_missing_columns_are_an_issue_that_names_them(tmp_path):
    national(tmp_path)
    write(tmp_path, "townships.csv.gz", "code,name,kind,lon,lat", "1,一,town,1,2")
    with pytest.raises(InputError) as caught:
        Geography.load(tmp_path)
    (issue,) = caught.value.issues
    assert (issue.code, issue.value) == (
        "geography_columns",
        "county_code, coordinate_source",
    )


@pytest.mark.parametrize(
    ("township", "committees", "expected"),
    [
        ("street", ["community", "village"], [Terrain.TOWN, Terrain.COUNTRY]),
        ("town", ["community", "village"], [Terrain.COUNTRY, Terrain.COUNTRY]),
        ("other", ["community", "quasi-community"], [Terrain.TOWN, Terrain.TOWN]),
        ("other", ["village", "village"], [Terrain.COUNTRY, Terrain.COUNTRY]),
    ],
)
def test_terrain_follows_from_the_kinds(township, committees, expected):
    record = TownshipRecord("1", "一", township, "", None, "")
    villages = [VillageRecord("2", "二", kind, "1", None, "") for kind in committees]
    terrain = township_terrain(record, villages)
    assert [village_terrain(village, terrain) for village in villages] == expected


def test_background_cells_carry_the_notice_and_only_the_code():
    cells = background_cells(["410105"])
    (cell,) = cells["features"]
    assert cell["properties"] == {"code": "410105"}
    assert "不是行政区划界线" in cells["notice"]
    assert "GeoNames (geonames.org, CC BY 4.0)" in cells["attribution"]


def test_cut_repeats_the_bundled_bytes(tmp_path):
    """Cutting the bundled tables again gives them back."""
    source = tmp_path / "source"
    source.mkdir()
    for file in BUNDLED.glob("*.csv.gz"):
        (source / file.name.replace("villages", "villages_seed")).write_bytes(file.read_bytes())
    cells = (BUNDLED / "county_cells.geojson").read_text("utf-8")
    (source / "seed_county_cells.geojson").write_text(cells, "utf-8")
    cut(source, tmp_path / "target")
    for file in BUNDLED.glob("*.*z*"):
        unpack = gzip.decompress if file.suffix == ".gz" else bytes
        assert unpack((tmp_path / "target" / file.name).read_bytes()) == unpack(file.read_bytes())
    written = (tmp_path / "target" / "county_cells.geojson").read_text("utf-8")
    assert json.loads(written) == json.loads(cells)


def test_cut_command_leaves_out_other_areas(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    national(source).joinpath("villages_china.csv.gz").rename(source / "villages_seed.csv.gz")
    (source / "seed_county_cells.geojson").write_text('{"features": []}')
    command = [sys.executable, "-m", "scenarios.generator.cut_geography"]
    folders = ["--from", str(source), "--to", str(target)]
    subprocess.run([*command, *folders], check=True, cwd=Path(__file__).parents[3])
    left = gzip.decompress((target / "villages.csv.gz").read_bytes()).decode().splitlines()
    assert left == ["code,name,committee_kind,township_code,lon,lat,coordinate_source"]
