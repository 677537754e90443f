"""What is read of a roster: rows, unmet demands, fairness, figures; whole, and by township."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from openpyxl import load_workbook

from api.actions.planning import rules_of
from models.report import Report
from models.roster import Roster
from solver.verify import verify
from tests.api.service.office import COUNTY, EAST, MOBILE, WEST, Office, county
from tests.told import code_told

LEAVE = [{"person": "L001", "first": "2026-12-01", "last": "2026-12-31"}]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give an office whose roster 1 is a draft and roster 2 the same, published."""
    found = Office(tmp_path_factory.mktemp("office") / "data")
    instance = county(leave=LEAVE)
    found.use(instance)
    assert [found.draft(instance) for _ in range(2)] == [1, 2]
    found.publish(2)
    yield found
    found.close()


@pytest.fixture(scope="module")
def report(office: Office) -> Report:
    return Report.model_validate(office.get("boss", "rosters/1/report").json())


def test_unmet_demands_come_in_pages_with_their_reasons(office: Office, report: Report) -> None:
    told = office.all("boss", "rosters/1/unmet", limit=3)
    assert told == [u.model_dump(mode="json") for u in report.unmet]
    assert len(told) > 3
    assert all(unmet["reasons"] for unmet in told)
    duties = office.all("boss", "rosters/1/unmet", kind="duty")
    assert duties == [unmet for unmet in told if unmet["kind"] == "duty"]


def test_a_township_sees_its_own_part_of_the_countys_draft(office: Office, report: Report) -> None:
    instance = county()
    own = {v.id for v in instance.villages if v.area == WEST} | {"Z002", "Z002-调解"}
    assert office.get("west", "rosters/1/unmet").status_code == 404
    assert office.get("west", "rosters/1/unmet", township=EAST).status_code == 404
    assert office.get("stranger", "rosters/1/unmet", township=WEST).status_code == 404
    told = office.all("west", "rosters/1/unmet", township=WEST)
    assert told == [u.model_dump(mode="json") for u in report.unmet if u.target in own]
    people = {person.id for person in instance.people if person.area == WEST}
    loads = office.all("west", "rosters/1/fairness", township=WEST)
    assert loads == [r.model_dump(mode="json") for r in report.fairness if r.person in people]
    assert loads


def test_fairness_figures_and_breaches_are_told_apart(office: Office, report: Report) -> None:
    assert office.all("boss", "rosters/1/fairness", limit=2) == [
        row.model_dump(mode="json") for row in report.fairness
    ]
    answer = office.get("boss", "rosters/1/kpis")
    figures = answer.json()
    assert answer.headers["ETag"] == '"1"'
    assert {kpi["name"]: kpi["value"] for kpi in figures["kpis"]} == report.kpis
    assert all(kpi["zh"] and kpi["en"] for kpi in figures["kpis"])
    assert figures["unmet"] == len(report.unmet)
    assert [goal["name"] for goal in figures["goals"]] == [goal.name for goal in report.goals]
    waived = office.all("boss", "rosters/1/breaches", level="waivable", limit=1)
    assert waived == [breach.model_dump(mode="json") for breach in report.waivers]
    assert office.all("boss", "rosters/1/breaches", level="hard") == []


def test_rows_are_read_by_person_site_township_and_day(office: Office) -> None:
    whole = Roster.model_validate(office.get("boss", "rosters/1/rows").json())

    def rows(user: str, roster: int = 1, **asked: str) -> Roster:
        answer = office.get(user, f"rosters/{roster}/rows", **asked)
        assert answer.status_code == 200, answer.text
        return Roster.model_validate(answer.json())

    mine = rows("boss", person="L002")
    assert mine.duties == tuple(d for d in whole.duties if d.person == "L002")
    assert mine.advisers == tuple(s for s in whole.advisers if s.person == "L002")
    centre = rows("boss", site="Z000")
    assert centre.duties == tuple(d for d in whole.duties if d.post == "Z000-咨询")
    assert (centre.advisers, centre.visits) == ((), ())
    week = rows("boss", first="2026-12-07", last="2026-12-11")
    long = office.get("boss", f"areas/{COUNTY}/bookings", first="2026-12-07", last="2028-12-11")
    assert (long.status_code, code_told(long.json())) == (400, "dates_too_far")
    assert week.duties == tuple(d for d in whole.duties if 7 <= d.date.day <= 11)
    assert (bool(week.duties), week.advisers) == (True, ())
    west = rows("west", township=WEST)
    assert {seat.village for seat in west.advisers} <= {f"{WEST}001", f"{WEST}002"}
    assert {duty.post for duty in west.duties} == {"Z002-调解"}
    assert rows("west", roster=2, township=WEST) == west
    assert office.get("west", "rosters/1/rows").status_code == 404
    assert office.get("east", "rosters/2/rows", township=WEST).status_code == 404


def test_a_roster_is_checked_anew_against_its_own_and_against_todays_data(
    office: Office, report: Report
) -> None:
    own = Report.model_validate(office.get("boss", "rosters/2/check").json())
    assert (own.terms, own.unmet, own.hard) == (report.terms, report.unmet, ())
    held = Roster.model_validate(office.get("boss", "rosters/2/rows").json())
    away = held.duties[0]
    leave = {"person": away.person, "first": f"{away.date}", "last": f"{away.date}"}
    today = county(leave=[*LEAVE, leave])
    office.use(today)
    now = Report.model_validate(office.get("boss", "rosters/2/check", data="current").json())
    assert now == verify(today, rules_of(today), held)
    assert {breach.rule for breach in now.hard} == {"leave"}
    office.use(county(people=[p for p in county().people if p.id != away.person]))
    gone = office.get("boss", "rosters/2/check", data="current")
    assert gone.status_code == 422
    assert {issue["code"] for issue in gone.json()["issues"]} == {"dangling"}
    office.use(county(leave=LEAVE))


def test_the_public_sheet_is_for_everybody_and_names_no_mobile(office: Office) -> None:
    answer = office.get("", f"areas/{COUNTY}/sheet", month="2026-12")
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["公示表", "月历", "顾问名单", "调解员名单"]
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any("例乙" in cell for cell in cells)
    assert not any(MOBILE in cell for cell in cells)
    for area, month in ((COUNTY, "2027-01"), (EAST, "2026-12"), ("999999", "2026-12")):
        assert office.get("", f"areas/{area}/sheet", month=month).status_code == 404
    assert office.get("", f"areas/{COUNTY}/data").status_code == 401


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        (
            {"visit": {"village": "V", "person": "P", "date": "2026-12-03", "part": "am"}},
            {"dangling"},
        ),
        (
            {"duty": {"post": "P", "person": "L002", "date": "2026-12-03", "part": "am"}},
            {"dangling"},
        ),
        ({"adviser": {"village": "V", "person": "L002"}}, {"dangling"}),
        ({"mediator": {"site": "S", "person": "M001"}}, {"dangling"}),
        ({"station": {"village": "V"}}, {"dangling"}),
        (
            {
                "duty": {
                    "post": "Z000-咨询",
                    "person": "L002",
                    "date": "2026-12-05",
                    "part": "night",
                }
            },
            {"duty_wrong_part", "duty_no_slot"},
        ),
    ],
    ids=["visit", "duty", "adviser", "mediator", "station", "slot"],
)
def test_a_row_of_what_the_data_do_not_have_is_refused(
    office: Office, row: dict[str, Any], codes: set[str]
) -> None:
    here = {"If-Match": office.get("boss", "rosters/1").headers["ETag"]}
    answer = office.ask("boss", "PATCH", "rosters/1/rows", json={"after": row}, headers=here)
    assert answer.status_code == 422, answer.text
    assert {issue["code"] for issue in answer.json()["issues"]} == codes
    assert office.get("boss", "rosters/1").headers["ETag"] == here["If-Match"]
