"""Places without people of their own: served by video, or from a station or mobile point."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from api.documents.result_files import write_results
from api.documents.view import build_view
from models.report import Report, Status
from models.roster import Duty, Roster, VillageStation, Visit
from models.vocabulary import Part
from tests.factories import tiny_content, tiny_instance

MONTH, STAMP = "2026-12", dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
ONE, TWO, FAR = "410105001001", "410105001002", "410105002001"


def calendars(roster: Roster, folder: Path, **tables: object) -> dict[str, str]:
    report = Report(status=Status.CHECKED, month=MONTH)
    paths = write_results(tiny_instance(**tables), roster, report, folder, STAMP)
    return {p.stem: p.read_text(encoding="utf-8") for p in paths if p.suffix == ".ics"}


def test_places_served_by_video_have_a_block_and_a_calendar(tmp_path):
    post = tiny_content()["posts"][0] | {"mode": "remote", "serves": ["Z001", "Z000", "Z001"]}
    duty = Duty(post=post["id"], date=dt.date(2026, 12, 8), part=Part.AM, person="L001")
    roster = Roster(month=MONTH, duties=(duty,))
    report = Report(status=Status.CHECKED, month=MONTH)
    lines = build_view(tiny_instance(posts=[post]), roster, report).duties
    names = {line.site.id: line.remark for line in lines if line.holders}
    assert names == {
        "Z000": "远程值班；同时服务3个站点",
        "Z001": "远程值班；由示例县公共法律服务中心接入",
    }
    made = calendars(roster, tmp_path, posts=[post])
    (served,) = (text for name, text in made.items() if name.startswith("site-Z001"))
    assert served.count("BEGIN:VEVENT") == 1
    assert [name for name in made if name.startswith("site-Z002")] == []


def test_stations_and_mobile_points_show_when_somebody_comes(tmp_path):
    visits = tuple(
        Visit(village=village, person="L001", date=dt.date(2026, 12, day), part=Part.AM)
        for village, day in ((FAR, 9), (ONE, 3), (TWO, 17))
    )
    stations = (
        VillageStation(village=ONE, host=ONE),
        VillageStation(village=TWO, host=ONE),
        VillageStation(village=FAR),
    )
    roster = Roster(month=MONTH, visits=visits, stations=stations)
    view = build_view(tiny_instance(), roster, Report(status=Status.CHECKED, month=MONTH))
    assert {line.id: line.dates for line in view.stations} == {
        ONE: ("12月3日（周四）上午",),
        TWO: ("12月3日（周四）上午", "12月17日（周四）上午"),
        FAR: ("12月9日（周三）上午",),
    }
    made = calendars(roster, tmp_path)
    counted = {
        name.split("-")[1]: text.count("BEGIN:VEVENT")
        for name, text in made.items()
        if name.startswith("village-")
    }
    assert counted == {ONE: 1, TWO: 2, FAR: 1}
