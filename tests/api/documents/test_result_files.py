"""Writing all results: every file, no half-written folder, names without path characters."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from icalendar import Calendar

from api.documents import write_results
from api.documents.file_names import calendar_names
from models.instance import Instance
from models.report import Report
from models.roster import Roster
from tests.api.documents.sample_plan import (
    MOBILE_PREFIX,
    changed,
    district_instance,
    naive_roster,
    sample_report,
)

STAMP = dt.datetime(2026, 9, 25, 8, 0, tzinfo=dt.UTC)


def _plan(people: int = 8) -> tuple[Instance, Roster, Report]:
    instance = district_instance(townships=2, villages=41, people=people)
    roster = naive_roster(instance)
    return instance, roster, sample_report(instance, roster)


def _contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_write_results_writes_every_file(tmp_path: Path) -> None:
    instance, roster, report = _plan()
    paths = write_results(instance, roster, report, tmp_path / "a" / "out", STAMP)
    names = [path.relative_to(tmp_path / "a" / "out").as_posix() for path in paths]
    busy = {d.person for d in roster.duties} | {v.person for v in roster.visits}
    people = {i: instance.person_by_id[i].name for i in sorted(busy)}
    sites = {site.id: site.name for site in instance.sites}
    calendars = [
        *calendar_names("person", people).values(),
        *calendar_names("site", sites).values(),
    ]
    expected = ["roster.json", "report.json", "roster.xlsx", "public.xlsx", "map.html"]
    assert sorted(names) == sorted([*expected, *(f"calendars/{name}" for name in calendars)])
    assert sorted(_contents(tmp_path / "a" / "out")) == sorted(names)


def test_written_json_reads_back(tmp_path: Path) -> None:
    instance, roster, report = _plan()
    write_results(instance, roster, report, tmp_path, STAMP)
    assert (
        Roster.model_validate(json.loads((tmp_path / "roster.json").read_text("utf-8"))) == roster
    )
    assert (
        Report.model_validate(json.loads((tmp_path / "report.json").read_text("utf-8"))) == report
    )


def test_written_calendars_parse_and_hold_no_mobile(tmp_path: Path) -> None:
    write_results(*_plan(), tmp_path, STAMP)
    calendars = [path.read_bytes() for path in (tmp_path / "calendars").iterdir()]
    assert [text for text in calendars if MOBILE_PREFIX.encode() in text] == []
    assert all(Calendar.from_ical(text).walk("VEVENT") for text in calendars)


def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    write_results(*_plan(), tmp_path / "one", STAMP)
    write_results(*_plan(), tmp_path / "two", STAMP)
    write_results(*_plan(), tmp_path / "two", STAMP)
    assert _contents(tmp_path / "one") == _contents(tmp_path / "two")


def test_failure_in_the_middle_leaves_the_old_files(tmp_path: Path) -> None:
    write_results(*_plan(), tmp_path, STAMP)
    # a folder in the place of the last file: its replacement fails when others are done
    (tmp_path / "map.html").unlink()
    (tmp_path / "map.html").mkdir()
    (tmp_path / "map.html" / "mine.txt").write_text("kept")
    before = _contents(tmp_path)
    with pytest.raises(OSError, match=r"map\.html"):
        write_results(*_plan(people=5), tmp_path, STAMP)
    assert _contents(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".zhiban")] == []


def test_failure_in_a_new_folder_leaves_no_folder(tmp_path: Path) -> None:
    instance, roster, report = _plan()
    broken = changed(instance, sites=instance.sites[1:])
    with pytest.raises(KeyError):
        write_results(broken, roster, report, tmp_path / "new" / "out", STAMP)
    assert list(tmp_path.iterdir()) == []


def test_target_that_is_a_file_is_refused_and_kept(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_text("mine")
    with pytest.raises(FileExistsError):
        write_results(*_plan(), target, STAMP)
    assert target.read_text() == "mine"


def test_calendars_of_people_without_duties_are_removed(tmp_path: Path) -> None:
    write_results(*_plan(people=8), tmp_path, STAMP)
    (tmp_path / "calendars" / "holidays.ics").write_text("mine")
    (tmp_path / "notes.txt").write_text("mine")
    paths = write_results(*_plan(people=5), tmp_path, STAMP)
    written = {path.relative_to(tmp_path).as_posix() for path in paths}
    assert set(_contents(tmp_path)) == written | {"calendars/holidays.ics", "notes.txt"}


def test_calendar_names_have_no_path_characters_and_never_collide() -> None:
    names = {
        "a?": "../../坏<x>",
        "a*": "例甲",
        "L1": "例乙",
        "l1": "例乙",
        "..": "",
        "村1": "例" * 90,
    }
    found = calendar_names("person", names)
    assert len({name.casefold() for name in found.values()}) == len(names)
    assert found["村1"] == f"person-村1-{'例' * 16}.ics"
    for name in found.values():
        stem = name.removesuffix(".ics")
        assert all(c.isalnum() or c in "-_" for c in stem)
        assert len(name.encode()) < 255
