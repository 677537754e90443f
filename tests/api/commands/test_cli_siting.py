"""Village stations from input to files: planned, written, read back, checked, explained."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models.formats.read import read_instance
from models.formats.roster_table import read_roster
from models.formats.write import write_workbook
from models.instance import RuleSetting
from scenarios.generator.generate import generate
from tests.api.commands.command import zhiban

LIST, FLAT = "固定站与流动点", "站点安排"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a part of Suzhou's Huqiu and its plan under the rules of Suzhou.

    A shorter walk and more matters a station than there are by default, so that mobile points appear.
    """
    made = tmp_path_factory.mktemp("suzhou")
    instance = generate("320505", "S", 1)
    settings = instance.settings.model_copy(update={"profile": "suzhou"})
    changes = ("station_walk", "minutes", "10"), ("station_demand", "least", "5")
    rules = tuple(RuleSetting(rule=r, field=f, value=v) for r, f, v in changes)
    instance = instance.model_copy(update={"settings": settings, "rules": rules})
    write_workbook(instance, made / "in.xlsx")
    assert zhiban("solve", made / "in.xlsx", "--out", made / "out").code == 0
    return made


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_village_has_a_station_or_a_mobile_point_with_proof(folder: Path) -> None:
    roster, report = load(folder / "out" / "roster.json"), load(folder / "out" / "report.json")
    villages = [v.id for v in read_instance(folder / "in.xlsx").villages]
    hosts = {row["village"]: row["host"] for row in roster["stations"]}
    assert sorted(hosts) == sorted(villages)
    open_stations = {host for host in hosts.values() if host}
    assert {hosts[host] for host in open_stations} == open_stations
    shared = [v for v, host in hosts.items() if host and host != v]
    kpis = report["kpis"]
    assert kpis["fixed_stations"] == len(open_stations)
    assert kpis["villages_sharing"] == len(shared)
    assert kpis["mobile_points"] == list(hosts.values()).count(None)
    assert min(len(shared), list(hosts.values()).count(None)) > 0
    assert kpis["most_walk_minutes"] <= 10
    assert {goal["gap"] for goal in report["goals"] if goal["stage"] == "seats"} == {0}


def test_workbook_lists_stations_and_reads_back(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "out" / "public.xlsx")
    roster = load(folder / "out" / "roster.json")
    assert LIST in book.sheetnames
    assert FLAT in openpyxl.load_workbook(folder / "out" / "roster.xlsx").sheetnames
    ways = [row[3] for row in book[LIST].iter_rows(min_row=4, values_only=True)]
    kpis = load(folder / "out" / "report.json")["kpis"]
    assert ways.count("固定站") == kpis["fixed_stations"]
    assert ways.count("共用固定站") == kpis["villages_sharing"]
    assert ways.count("流动服务点") == kpis["mobile_points"]
    assert len(ways) == len(roster["stations"])
    instance = read_instance(folder / "in.xlsx")
    again = read_roster(folder / "out" / "roster.xlsx", instance)
    assert again.stations == read_roster(folder / "out" / "roster.json", instance).stations


def test_map_shows_which_station_a_village_uses(folder: Path) -> None:
    page = (folder / "out" / "map.html").read_text(encoding="utf-8")
    text = page.split('id="data">')[1].split("</script>")[0]
    villages = json.loads(text)["villages"]
    names = {v["id"]: n for n, v in enumerate(villages)}
    stations = load(folder / "out" / "roster.json")["stations"]
    expected = {row["village"]: names.get(row["host"], -1) for row in stations}
    assert {v["id"]: v["station"] for v in villages} == expected


def test_verify_finds_a_station_moved_by_hand(folder: Path) -> None:
    roster = load(folder / "out" / "roster.json")
    words = (folder / "in.xlsx", folder / "moved.json", "--json")
    bare = next(row["village"] for row in roster["stations"] if row["host"] is None)
    moved = next(row for row in roster["stations"] if row["host"] == row["village"])
    moved["host"] = bare
    (folder / "moved.json").write_text(json.dumps(roster), encoding="utf-8")
    said = zhiban("verify", *words)
    found = {(b["rule"], b["subject"]) for b in json.loads(said.out)["breaches"]}
    assert said.code == 1
    assert ("station_host", moved["village"]) in found


def test_explain_says_which_station_and_why_a_mobile_point(folder: Path) -> None:
    rows = load(folder / "out" / "roster.json")["stations"]
    shared = next(row for row in rows if row["host"] not in (None, row["village"]))
    bare = next(row for row in rows if row["host"] is None)
    said = {
        row["village"]: zhiban(
            "explain", folder / "in.xlsx", folder / "out" / "roster.json",
            "--village", row["village"],
        ).out
        for row in (shared, bare)
    }  # fmt: skip
    assert "的固定站，步行" in said[shared["village"]]
    assert "没有固定站，设流动服务点" in said[bare["village"]]
    assert "个村居步行太远" in said[bare["village"]]
