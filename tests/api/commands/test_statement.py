"""Money: sums recomputed by other code from the roster, the attendance and the rates alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from models.attendance import AttendanceRow, WorkRow
from models.formats.intake.tables import happened_tables
from models.formats.workbook import write_tables
from models.formats.write import write_workbook
from models.roster import Roster
from tests.api.commands.command import Said, zhiban
from tests.factories import tiny_content, tiny_instance

RATES = """\
source = "示例县 2026 年文件（示例）"
village_year = 1000
duty_half_day = 100.05
night = 180
visit = 12.345
lecture = 50
mediator_month = 33.3
mediation = 100
major_mediation = 300
phone = 0.5
fund_year = 10000
payer_province = 1
payer_county = 1
payer_town = 1
"""
CENTS = {"duty": 10005, "night": 18000, "visit": 1235, "lecture": 5000, "mediation": 3330}
"""Cents of each thing held; 12.345 yuan is paid as 12.35."""
VILLAGE = 8334 - 1
"""A twelfth of 1,000 yuan in December: what eleven months of 83.33 or 83.34 leave."""
PAID_KINDS = {"lawyer", "grassroots"}


def roster() -> Roster:
    day = {"post": "Z001-咨询", "part": "am"}
    night = {"post": "N", "part": "night"}
    visits = [
        ("410105001001", "L001", "2026-12-08", True),
        ("410105001002", "L002", "2026-12-09", False),
        ("410105002001", "L003", "2026-12-10", True),
    ]
    content = {
        "month": "2026-12",
        "advisers": [{"village": village, "person": person} for village, person, *_ in visits],
        "mediators": [{"site": "Z002", "person": "M001"}],
        "duties": [
            *(day | {"date": f"2026-12-0{n}", "person": p} for n, p in ((1, "L001"), (3, "L002"))),
            *(night | {"date": f"2026-12-1{n}", "person": p} for n, p in ((1, "L003"), (8, "M001"))),
        ],
        "visits": [
            {"village": v, "person": p, "date": d, "part": "pm", "lecture": lecture}
            for v, p, d, lecture in visits
        ],
    }  # fmt: skip
    return Roster.model_validate(content)


@pytest.fixture
def month(tmp_path: Path) -> Path:
    """A folder with the input, the roster and the rates of December."""
    night = tiny_content()["posts"][1] | {"id": "N", "parts": ["night"], "recurrence": "周五"}
    instance = tiny_instance(posts=[*tiny_content()["posts"][1:], night])
    write_workbook(instance, tmp_path / "a.xlsx")
    (tmp_path / "roster.json").write_text(roster().model_dump_json(), "utf-8")
    (tmp_path / "rates.toml").write_text(RATES, "utf-8")
    return tmp_path


def events() -> list[tuple[str, str, str]]:
    """Return id, person and kind of everything planned."""
    plan = roster()
    found = [
        (f"duty/{d.slot}/{d.person}", d.person, "night" if d.post == "N" else "duty")
        for d in plan.duties
    ]
    for visit in plan.visits:
        where = f"{visit.village}@{visit.date:%Y%m%d}pm/{visit.person}"
        found.append((f"visit/{where}", visit.person, "visit"))
        if visit.lecture:
            found.append((f"lecture/{where}", visit.person, "lecture"))
    return [*found, ("mediation/Z002@202612/M001", "M001", "mediation")]


ABSENT: dict[str, dict[str, Any]] = {
    "duty/Z001-咨询@20261203am/L002": {"presence": "excused", "substitute": "L004"},
    "duty/N@20261211night/L003": {"presence": "unexcused"},
    "visit/410105002001@20261210pm/L003": {"presence": "unexcused"},
    "lecture/410105002001@20261210pm/L003": {"presence": "unexcused"},
}
WORK = [
    {"date": "2026-12-09", "person": "M001", "place": "Z002", "kind": "mediation", "count": 3},
    {"date": "2026-12-09", "person": "L001", "place": "Z001", "kind": "major_mediation"},
    {"date": "2026-12-20", "person": "L002", "place": "410105001002", "kind": "phone", "count": 7},
    {"date": "2026-12-21", "person": "M001", "place": "Z002", "kind": "phone", "count": 9},
]


def sheet(folder: Path, rows: dict[str, dict[str, Any]], name: str = "sheet.xlsx") -> Path:
    told = [{"id": code, "presence": "held"} | rows.get(code, {}) for code, *_ in events()]
    content: dict[str, list[Any]] = {
        "attendance": [AttendanceRow.model_validate(row) for row in told],
        "work": [WorkRow.model_validate(row) for row in WORK],
    }
    write_tables(folder / name, [(table, content[table.name]) for table in happened_tables()])
    return folder / name


def expected(rows: dict[str, dict[str, Any]]) -> dict[str, int]:
    """Return cents by person: counted from the events, apart from the program."""
    kind_of = {person["id"]: person["kind"] for person in tiny_content()["people"]}
    cents = dict.fromkeys(kind_of, 0)
    for code, person, kind in events():
        row = rows.get(code, {"presence": "held"})
        server = person if row["presence"] in ("held", "late") else row.get("substitute")
        if server and (kind_of[server] in PAID_KINDS or kind == "mediation"):
            cents[server] += CENTS[kind]
    for person in ("L001", "L002", "L003"):
        cents[person] += VILLAGE
    cents["M001"] += 3 * 10000  # 以案定补
    cents["L001"] += 30000
    cents["L002"] += 7 * 50
    return cents


def asked(folder: Path, out: str, *more: object) -> Said:
    return zhiban(
        *("statement", folder / "a.xlsx", folder, "--rates", folder / "rates.toml"),
        *("--out", folder / out, "--json", *more),
    )


def cents_of(rows: list[dict[str, Any]], field: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[row[field]] = found.get(row[field], 0) + round(float(row["amount"]) * 100)
    return found


def test_every_sum_is_its_rows_at_their_rates(month):
    said = asked(month, "paid", "--attendance", sheet(month, ABSENT))
    assert said.code == 0, said.err
    made = json.loads(said.out)
    wanted = {person: cents for person, cents in expected(ABSENT).items() if cents}
    assert {p: c for p, c in cents_of(made["rows"], "person").items() if c} == wanted
    assert round(float(made["total"]) * 100) == sum(wanted.values())
    payers = [round(float(share["amount"]) * 100) for share in made["payers"]]
    assert sum(payers) == sum(wanted.values())
    assert max(payers) - min(payers) <= 1
    assert "示例县 2026 年文件（示例）" in made["source"]


def test_the_workbook_has_the_same_sums(month):
    made = json.loads(asked(month, "paid", "--attendance", sheet(month, ABSENT)).out)
    book = CalamineWorkbook.from_path(str(month / "paid" / "statement.xlsx"))
    for name, column in (("人员汇总", 4), ("机构汇总", 2), ("乡镇汇总", 2)):
        rows = book.get_sheet_by_name(name).to_python()[4:]
        assert rows[-1][0] == "合计 total"
        assert round(sum(row[column] for row in rows[:-1]), 2) == float(made["total"])
        assert rows[-1][column] == float(made["total"])
    details = book.get_sheet_by_name("明细").to_python()[4:]
    assert round(sum(row[8] for row in details), 2) == float(made["total"])
    split = [r for r in book.get_sheet_by_name("经费").to_python() if r[0] == "全年经费分配 fund"]
    assert [row[2] for row in split] == [5000.0, 5000.0]


def test_a_correction_is_its_own_rows_in_a_later_month(month):
    before = json.loads(asked(month, "paid", "--attendance", sheet(month, {})).out)
    mended = sheet(month, ABSENT, "mended.xlsx")
    said = asked(month, "more", "--attendance", mended, "--corrects", month / "paid")
    rows = json.loads(said.out)["rows"]
    old, new = expected({}), expected(ABSENT)
    change = {p: new[p] - old[p] for p in old if new[p] != old[p]}
    assert cents_of(rows, "person") == change
    assert all(row["note"].startswith("更正") and row["month"] == "2026-12" for row in rows)
    later = json.loads(asked(month, "later", "--add", month / "more").out)
    assert float(later["total"]) == pytest.approx(
        float(before["total"]) - 3 * 100 - 7 * 0.5 - 300 + sum(change.values()) / 100
    )  # without a sheet there is no work beyond the roster
    again = asked(month, "none", "--attendance", mended, "--corrects", month / "paid")
    assert again.code == 0
    same = asked(month, "same", "--attendance", sheet(month, {}), "--corrects", month / "paid")
    assert json.loads(same.out)["rows"] == []


def test_twelve_months_of_a_village_make_the_year(month):
    cents = 0
    for number in range(1, 13):
        plan = roster().model_copy(
            update={"month": f"2026-{number:02d}", "duties": (), "visits": ()}
        )
        (month / "roster.json").write_text(plan.model_dump_json(), "utf-8")
        said = asked(month, "m")
        cents += sum(
            round(float(row["amount"]) * 100)
            for row in json.loads(said.out)["rows"]
            if row["item"] == "village_year" and row["person"] == "L001"
        )
    assert cents == 100_000


@pytest.mark.parametrize("binds", [False, True])
def test_a_cap_warns_or_binds(month, binds):
    more = f"person_month_most = 400\ncap_binds = {str(binds).lower()}\n"
    (month / "rates.toml").write_text(RATES + more, "utf-8")
    made = json.loads(asked(month, "paid", "--attendance", sheet(month, ABSENT)).out)
    plain, capped = expected(ABSENT), cents_of(made["rows"], "person")
    assert {p for p, c in plain.items() if c > 40000} == {"L001"}
    assert capped["L001"] == (40000 if binds else plain["L001"])
    assert any("超过每人每月上限" in remark["zh"] for remark in made["remarks"]) is not binds


def test_a_village_whose_visits_all_failed_may_pay_nothing(month):
    (month / "rates.toml").write_text(RATES + "village_needs_visit = true\n", "utf-8")
    made = json.loads(asked(month, "paid", "--attendance", sheet(month, ABSENT)).out)
    paid = {
        row["person"]: float(row["amount"]) for row in made["rows"] if row["item"] == "village_year"
    }
    assert paid == {"L001": 83.33, "L002": 83.33, "L003": 0}


def test_the_year_so_far_and_to_come(month):
    asked(month, "paid", "--attendance", sheet(month, ABSENT))
    november = json.loads((month / "paid" / "statement.json").read_text("utf-8"))
    (month / "nov").mkdir()
    text = json.dumps(november | {"month": "2026-11"}, ensure_ascii=False)
    (month / "nov" / "statement.json").write_text(text, "utf-8")
    asked(month, "paid", "--attendance", sheet(month, ABSENT), "--paid", month / "nov")
    book = CalamineWorkbook.from_path(str(month / "paid" / "statement.xlsx"))
    rows = {r[1]: r[2] for r in book.get_sheet_by_name("经费").to_python() if r[0] == "全年 year"}
    total = sum(expected(ABSENT).values()) / 100
    assert rows["累计 so far"] == rows["预计全年 forecast of the year"] == round(2 * total, 2)
    assert rows["预计结余（负数为不足）left"] == round(10_000 - 2 * total, 2)


def test_what_is_not_reported_is_not_paid_and_told(month):
    blank = {code: {"presence": None} for code, *_ in events()}
    made = json.loads(asked(month, "paid", "--attendance", sheet(month, blank)).out)
    assert any("10 件没有填报" in remark["zh"] for remark in made["remarks"])
    assert {row["item"] for row in made["rows"]} == {
        "village_year", "mediation", "major_mediation", "phone",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("dutty = 1", "unknown_rule_field"),
        ("visit = -1", "rule_value"),
        ('visit = "many"', "rule_value"),
        ("visit", "rates_broken"),
    ],
)
def test_rates_that_cannot_be_are_refused(month, text, code):
    (month / "rates.toml").write_text(text, "utf-8")
    said = asked(month, "paid")
    assert said.code == 2
    assert json.loads(said.out)["issues"][0]["code"] == code
    assert not (month / "paid").exists()


def test_only_a_statement_can_be_corrected(month):
    said = asked(month, "paid", "--corrects", month / "rates.toml")
    assert json.loads(said.out)["issues"][0]["code"] == "statement_broken"
