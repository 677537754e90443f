"""The report of the 25th: counts recounted by other code, every level the sum of its rows."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from models.attendance import AttendanceRow, WorkRow
from models.formats.intake.tables import happened_tables
from models.formats.workbook import write_tables
from models.formats.write import write_workbook
from models.instance import Instance
from models.roster import Roster
from solver.year.yearly_targets import TABLE, TargetRow, expected
from tests.api.commands.command import Said, zhiban
from tests.factories import tiny_content

CITY = {"id": "4101", "name": "示例市", "level": "city", "lon": 113.6, "lat": 34.7}


def county(code: str, month: str) -> Instance:
    """Return the tiny county under another code, in a city; ids of people and sites differ too."""
    content = tiny_content()
    content["posts"] = content["posts"][1:]
    text = json.dumps(content, ensure_ascii=False).replace("410105", code)
    text = re.sub(r'"([ZLMF])(\d)', rf'"\g<1>{code[-1]}-\2', text)
    made = json.loads(text)
    made["areas"][0]["parent"] = "4101"
    made["areas"].append(CITY)
    made["settings"] |= {"month": month, "name": f"示例县 {month}"}
    made["villages"][0]["priority"] = 1
    return Instance.model_validate(made)


def plan(instance: Instance) -> Roster:
    """Return a roster by hand: a duty every second day, a visit of each village, a lecture in two."""
    month = instance.settings.month
    post, people = instance.posts[0], [p.id for p in instance.people if p.kind == "lawyer"]
    days = [dt.date.fromisoformat(f"{month}-{n:02d}") for n in range(1, 29)]
    duty_days = [day for day in days if day.weekday() in (1, 3)]
    duties = [
        {"post": post.id, "date": day, "part": "am", "person": people[n % 2]}
        for n, day in enumerate(duty_days)
    ]
    visits = [
        {"village": v.id, "person": people[n % 2], "date": days[5 + 6 * n], "part": "pm"}
        | {"lecture": n < 2}
        for n, v in enumerate(instance.villages)
    ]
    advisers = [{"village": v["village"], "person": v["person"]} for v in visits[:3]]
    content = {"month": month, "duties": duties, "visits": visits, "advisers": advisers}
    return Roster.model_validate(content)


def ids(roster: Roster) -> dict[str, tuple[str, dt.date, str]]:
    """Return kind, day and place by id of everything planned."""
    found = {f"duty/{d.slot}/{d.person}": ("duties", d.date, d.post) for d in roster.duties}
    for v in roster.visits:
        name = f"{v.village}@{v.date:%Y%m%d}pm/{v.person}"
        found[f"visit/{name}"] = ("visits", v.date, v.village)
        if v.lecture:
            found[f"lecture/{name}"] = ("lectures", v.date, v.village)
    return found


def happened(
    instance: Instance, roster: Roster
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return rows of attendance, every fifth absent, and work beyond the roster."""
    rows = []
    for n, name in enumerate(ids(roster)):
        lecture_of_absent = name.startswith("lecture") and rows[-1]["presence"] == "unexcused"
        if n % 5 == 4 or lecture_of_absent:
            rows.append({"id": name, "presence": "unexcused"})
        else:
            rows.append({"id": name, "presence": "held", "people": n, "rating": 4})
    person, place = instance.people[0].id, instance.villages[0].id
    mediator = instance.people[-1].id
    month = instance.settings.month
    base = {"date": f"{month}-10", "person": person, "place": place}
    work = [
        base | {"kind": "aid_case", "count": 3},
        base | {"kind": "aid_case", "count": 2, "person": mediator},
        base | {"kind": "mediation", "count": 50, "succeeded": 49},
        base | {"kind": "phone", "count": 40},
        base | {"kind": "document", "count": 5, "date": f"{month}-27"},
        base | {"kind": "station"},
    ]
    return rows, work


class Office:
    """The files of one county and month."""

    def __init__(self, folder: Path, code: str, month: str) -> None:
        self.folder = folder / f"{code}-{month}"
        self.folder.mkdir()
        self.instance = county(code, month)
        self.roster = plan(self.instance)
        self.rows, self.work = happened(self.instance, self.roster)
        self.input, self.sheet = self.folder / "a.xlsx", self.folder / "sheet.xlsx"
        write_workbook(self.instance, self.input)
        (self.folder / "roster.json").write_text(self.roster.model_dump_json(), "utf-8")
        rows = [AttendanceRow.model_validate(row) for row in self.rows]
        work = [WorkRow.model_validate(row) for row in self.work]
        tables = happened_tables()
        write_tables(self.sheet, [(tables[0], rows), (tables[1], work)])


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> list[Office]:
    folder = tmp_path_factory.mktemp("offices")
    return [
        Office(folder, code, month)
        for month in ("2027-03", "2027-04")
        for code in ("410105", "410106")
    ]


def report(offices: list[Office], out: Path, *more: object, sheets: bool = True) -> Said:
    words: list[object] = ["report", *(office.input for office in offices)]
    for office in offices:
        words += ["--results", office.folder]
        words += ["--attendance", office.sheet] if sheets else []
    return zhiban(*words, "--out", out, "--json", *more)


def recounted(offices: list[Office], month: str, cutoff: str) -> dict[str, Counter[str]]:
    """Count some of the figures by township, from the rows as they were made up."""
    found: dict[str, Counter[str]] = {}
    for office in offices:
        if office.instance.settings.month != month:
            continue
        area = {v.id: v.area for v in office.instance.villages}
        area |= {p.id: office.instance.site_by_id[p.site].area for p in office.instance.posts}
        told = {row["id"]: row for row in office.rows}
        for name, (kind, day, place) in ids(office.roster).items():
            here = found.setdefault(area[place], Counter())
            here[f"{kind}_planned"] += 1
            if f"{day}" <= cutoff:
                here[f"{kind}_due"] += 1
                here[f"{kind}_held"] += told[name]["presence"] == "held"
                if kind != "lectures":
                    here["consultations"] += told[name].get("people", 0)
        for row in office.work:
            here = found.setdefault(area[row["place"]], Counter())
            count = row.get("count", 1)
            if row["date"] <= cutoff:
                here["consultations"] += count if row["kind"] == "phone" else 0
                here["matters"] += count if row["kind"] not in ("phone", "station") else 0
    return found


COUNTS = ("duties_planned", "duties_due", "duties_held", "visits_held", "lectures_held", "matters", "consultations")  # fmt: skip


def test_townships_are_as_counted_by_hand(offices, tmp_path):
    said = report(offices, tmp_path / "out", "--month", "2027-04")
    assert said.code == 0, said.err
    made = json.loads(said.out)
    assert made["cutoff"] == "2027-04-25"
    wanted = recounted(offices, "2027-04", "2027-04-25")
    rows = {row["area"]: row["counts"] for row in made["rows"]}
    assert set(wanted) < set(rows)
    for area, counts in wanted.items():
        for name in COUNTS:
            assert rows[area].get(name, 0) == counts[name], (area, name)
    assert rows["4101"]["matters"] == 2 * (3 + 2 + 50)  # the document of the 27th comes too late


def test_every_level_is_the_sum_of_its_rows(offices, tmp_path):
    made = json.loads(report(offices, tmp_path / "out").out)
    rows = {row["area"]: row for row in made["rows"]}
    parents = {row["parent"] for row in made["rows"]} - {None}
    assert parents == {"4101", "410105", "410106"}
    for parent in parents:
        below: Counter[str] = Counter()
        for row in made["rows"]:
            if row["parent"] == parent:
                below.update(row["counts"])
        assert {k: n for k, n in below.items() if n} == rows[parent]["counts"]
    book = CalamineWorkbook.from_path(str(tmp_path / "out" / "month-report.xlsx"))
    sheet = book.get_sheet_by_name("数量").to_python()
    column = sheet[2].index("值班（已完成）")
    of_name = {str(line[0]).strip("　"): line[column] for line in sheet[4:]}
    assert of_name["示例市"] == rows["4101"]["counts"]["duties_held"]
    assert made["rows"][0]["area"] == "4101"


def test_figures_have_targets_in_words_and_a_score(offices, tmp_path):
    top = json.loads(report(offices, tmp_path / "out").out)["rows"][0]
    assert top["figures"]["coverage"] == 75.0
    assert top["standings"]["coverage"] == "behind"
    assert top["figures"]["aid_lawyers"] == 60.0
    assert top["figures"]["disputes"] == 98.0
    assert top["standings"]["disputes"] == "reached"
    assert top["figures"]["rating"] == 80.0
    parts = {"coverage": 100, "visited": 95, "priority": 100, "duties": 95, "lectures": 95,
             "aid_lawyers": 70, "disputes": 98, "rating": 90}  # fmt: skip
    shares = [min(1, top["figures"][code] / target) for code, target in parts.items()]
    assert top["score"] == pytest.approx(100 * sum(shares) / len(shares), abs=0.01)


def test_absences_of_the_year_raise_an_alert(offices, tmp_path):
    made = json.loads(report(offices, tmp_path / "out").out)
    missed: Counter[str] = Counter()
    for office in offices:
        cutoff = "2027-04-25" if office.roster.month == "2027-04" else "2027-03-31"
        told = {row["id"]: row for row in office.rows}
        for name, (_, day, _) in ids(office.roster).items():
            if told[name]["presence"] == "unexcused" and f"{day}" <= cutoff:
                missed[name.rpartition("/")[2]] += 1
    often = {person for person, count in missed.items() if count >= 3}
    assert often
    alerts = [line["zh"] for line in made["alerts"]]
    told_of = {p for p in missed if any(f"（{p}）" in line for line in alerts)}
    assert told_of == often


def sheet_of(path: Path, rows: list[tuple[str, str, int]]) -> Path:
    made = [TargetRow(area=a, kind=k, year=2027, volume=v) for a, k, v in rows]  # type: ignore[arg-type]
    write_tables(path, [(TABLE, made)])
    return path


def test_targets_are_split_and_keep_their_pace(offices, tmp_path):
    given = [("4101", "lectures", 101), ("410105", "lectures", 70), ("4101", "matters", 1000)]
    path = sheet_of(tmp_path / "targets.xlsx", given)
    made = json.loads(report(offices, tmp_path / "out", "--targets", path).out)
    of = {(part["area"], part["kind"]): part for part in made["targets"]}
    assert of["410105", "lectures"]["volume"] == 70
    assert of["410106", "lectures"]["volume"] == 31
    assert [of[f"41010{n}", "matters"]["volume"] for n in (5, 6)] == [500, 500]
    assert sorted(of[f"41010600{n}", "lectures"]["volume"] for n in (1, 2)) == [15, 16]
    done = sum(
        row["presence"] == "held"
        for office in offices
        for row in office.rows
        if row["id"].startswith("lecture")
    )
    top = of["4101", "lectures"]
    assert top["done"] == done
    assert top["expected"] == round(101 / 4 * (1 + 25 / 91))  # a quarter, and 25 days of the next


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        ("2019-03-31", 1000),
        ("2019-06-30", 6000),
        ("2019-09-30", 10_000),
        ("2019-12-31", 10_000),
        ("2019-01-25", round(1000 * 25 / 90)),
        ("2019-04-25", 1000 + round(5000 * 25 / 91)),
        ("2019-10-25", 10_000),
    ],
)
def test_the_pace_of_yunnan(day, wanted):
    assert expected(10_000, (10, 50, 40, 0), dt.date.fromisoformat(day)) == wanted


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("4101", "lectures", 10), ("410105", "lectures", 11)], [("targets_sum", "D2")]),
        (
            [("4101", "lectures", 10), ("410105", "lectures", 4), ("410106", "lectures", 5)],
            [("targets_sum", "D2")],
        ),
        ([("4199", "lectures", 10)], [("dangling", "A2")]),
        ([("4101", "lectures", 10)] * 2, [("duplicate_row", "A3")]),
    ],
)
def test_targets_that_do_not_add_up_are_refused(offices, tmp_path, rows, told):
    path = sheet_of(tmp_path / "targets.xlsx", rows)
    said = report(offices, tmp_path / "out", "--targets", path)
    assert said.code == 2
    assert [(one["code"], one["cell"]) for one in json.loads(said.out)["issues"]] == told
    assert not (tmp_path / "out").exists()


def test_without_attendance_nothing_is_known_to_be_held(offices, tmp_path):
    made = json.loads(report(offices[2:], tmp_path / "out", sheets=False).out)
    top = made["rows"][0]
    assert top["figures"]["duties"] is None
    assert top["standings"]["duties"] == "unknown"
    assert top["counts"].get("duties_held", 0) == 0
    assert top["counts"]["duties_due"] > 0
    assert any("没有出勤表" in line["zh"] for line in made["remarks"])
    assert any("1 月" in line["zh"] for line in made["remarks"])


@pytest.mark.parametrize("day", [1, 10, 31])
def test_the_cut_off_decides_what_counts(offices, tmp_path, day):
    made = json.loads(report(offices, tmp_path / "out", "--cutoff", day).out)
    wanted = recounted(offices, "2027-04", f"2027-04-{day:02d}")
    held = sum(counts["duties_held"] for counts in wanted.values())
    assert made["rows"][0]["counts"].get("duties_held", 0) == held


def test_the_page_loads_nothing_and_shows_words(offices, tmp_path):
    report(offices, tmp_path / "out")
    page = (tmp_path / "out" / "month-report.html").read_text("utf-8")
    assert "<script" not in page
    assert not re.search(r'(src|href)="', page)
    for word in ("示例市", "未达标", "截至 2027-04-25", "提醒 Alerts"):
        assert word in page
    again = tmp_path / "again"
    report(offices, again)
    for name in ("month-report.html", "month-report.json", "month-report.xlsx"):
        assert (again / name).read_bytes() == (tmp_path / "out" / name).read_bytes()


def test_inputs_and_results_come_in_pairs_and_once(offices, tmp_path):
    one = offices[2]
    lone = zhiban("report", one.input, one.input, "--results", one.folder, "--out", tmp_path / "o")
    assert (lone.code, "[report_pairs]" in lone.err) == (2, True)
    twice = report([one, one], tmp_path / "o")
    assert json.loads(twice.out)["issues"][0]["code"] == "report_twice"
    other = report([one], tmp_path / "o", "--month", "2027-05")
    assert json.loads(other.out)["issues"][0]["code"] == "report_no_month"
    assert not (tmp_path / "o").exists()
