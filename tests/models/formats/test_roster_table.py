"""Rosters made by hand: read from every form, checked against the instance."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from models.formats.roster_table import read_roster, roster_rows, write_roster_csv_folder
from models.formats.workbook import write_tables
from models.issues import InputError
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, VillageStation, Visit
from models.vocabulary import Part
from tests.factories import tiny_instance

TUESDAY = dt.date(2026, 12, 1)


def roster(**changes: Any) -> Roster:
    content: dict[str, Any] = {
        "month": "2026-12",
        "advisers": (AdviserSeat(village="410105001001", person="L001"),),
        "mediators": (MediatorSeat(site="Z002", person="M001"),),
        "duties": (
            Duty(post="Z001-咨询", date=TUESDAY, part=Part.AM, person="L001"),
            Duty(post="Z001-咨询", date=TUESDAY, part=Part.AM, person="L002", standby=True),
        ),
        "visits": (Visit(village="410105001001", person="L001", date=TUESDAY, part=Part.PM),),
        "stations": (
            VillageStation(village="410105001001", host="410105001001"),
            VillageStation(village="410105001002", host="410105001001"),
            VillageStation(village="410105002001"),
        ),
    }
    return Roster(**content | changes)


def found(made: Roster, tmp_path: Path) -> list[tuple[str, str, str]]:
    write_roster_csv_folder(made, tmp_path / "roster")
    with pytest.raises(InputError) as caught:
        read_roster(tmp_path / "roster", tiny_instance())
    return [(issue.code, issue.table, issue.cell) for issue in caught.value.issues]


def duty(**changes: Any) -> Roster:
    return roster(duties=(roster().duties[0].model_copy(update=changes),))


def test_roster_round_trips_through_every_form(tmp_path: Path) -> None:
    write_tables(tmp_path / "r.xlsx", roster_rows(roster()))
    write_roster_csv_folder(roster(), tmp_path / "r")
    (tmp_path / "r.json").write_text(roster().model_dump_json(), encoding="utf-8")
    for name in ("r.xlsx", "r", "r.json"):
        assert read_roster(tmp_path / name, tiny_instance()) == roster()


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (duty(person="L009"), [("dangling", "值班安排.csv", "D2")]),
        (duty(post="Z009"), [("dangling", "值班安排.csv", "A2")]),
        (duty(part=Part.NIGHT), [("duty_wrong_part", "值班安排.csv", "C2")]),
        (duty(date=dt.date(2026, 12, 2)), [("duty_no_slot", "值班安排.csv", "B2")]),
        (duty(date=dt.date(2027, 1, 5)), [("date_outside_month", "值班安排.csv", "B2")]),
        (roster(duties=roster().duties[:1] * 2), [("duplicate_row", "值班安排.csv", "A3")]),
        (
            roster(mediators=(MediatorSeat(site="Z9", person="M001"),)),
            [("dangling", "调解员安排.csv", "A2")],
        ),
        (
            roster(stations=(VillageStation(village="410105001001", host="Z001"),)),
            [("dangling", "站点安排.csv", "B2")],
        ),
        (
            roster(stations=(VillageStation(village="410105002001"),) * 2),
            [("duplicate_row", "站点安排.csv", "A3")],
        ),
    ],
)
def test_wrong_assignment_is_told_with_its_cell(
    made: Roster, expected: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    assert found(made, tmp_path) == expected


def test_rosters_from_before_there_were_stations_are_still_read(tmp_path: Path) -> None:
    write_roster_csv_folder(roster(), tmp_path / "r")
    (tmp_path / "r" / "站点安排.csv").unlink()
    old = roster().model_dump(mode="json", exclude={"stations"})
    (tmp_path / "r.json").write_text(json.dumps(old), encoding="utf-8")
    for name in ("r", "r.json"):
        assert read_roster(tmp_path / name, tiny_instance()) == roster(stations=())


def test_roster_document_names_its_own_month(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    made = Roster(month="2027-01", advisers=roster().advisers)
    path.write_text(made.model_dump_json(), encoding="utf-8")
    assert read_roster(path, tiny_instance()) == made


def test_roster_of_no_month_is_told(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text('{"month": "2027-13", "advisers": []}', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_roster(path, tiny_instance())
    assert next((i.code, i.cell) for i in caught.value.issues) == ("roster_month", "$.month")


def test_file_without_assignments_is_told(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_roster(tmp_path / "r.json", tiny_instance())
    assert [issue.code for issue in caught.value.issues] == ["roster_empty"]
