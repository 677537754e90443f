"""The roster workbook: what is public, what is text, what can be printed and read back."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from api.documents.roster_workbook import render_workbook
from api.documents.view import View, build_view
from models.formats.roster_table import read_roster
from models.instance import Instance
from models.report import Report, Status
from models.roster import AdviserSeat, Duty, Roster
from models.vocabulary import Part
from tests.api.documents.sample_plan import (
    LICENCE_PREFIX,
    MOBILE_PREFIX,
    changed,
    district_instance,
    naive_roster,
    sample_report,
)

PUBLIC = ("公示表", "月历", "顾问名单", "调解员名单")
INTERNAL = (
    "内部值班表",
    "未满足清单",
    "豁免清单",
    "公平与负荷",
    "分担明细",
    "与原方案差异",
    "说明",
)
FLAT = ("顾问安排", "调解员安排", "值班安排", "走访安排", "站点安排")


@pytest.fixture(scope="module")
def plan() -> View:
    instance = district_instance(townships=4, villages=41, people=30)
    roster = naive_roster(instance)
    return build_view(instance, roster, sample_report(instance, roster))


@pytest.fixture(scope="module")
def content(plan: View) -> bytes:
    return render_workbook(plan)


@pytest.fixture(scope="module")
def book(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def _rows(page: Worksheet, first: int) -> list[tuple[object, ...]]:
    return [tuple(row) for row in page.iter_rows(min_row=first, values_only=True)]


def _texts(page: Worksheet) -> list[str]:
    return [str(cell) for row in _rows(page, 1) for cell in row if cell is not None]


def _view(instance: Instance, roster: Roster) -> View:
    return build_view(instance, roster, Report(status=Status.CHECKED, month=roster.month))


def test_workbook_has_public_internal_and_flat_sheets(book: Workbook) -> None:
    assert tuple(book.sheetnames) == PUBLIC + INTERNAL + FLAT


def test_public_sheets_hold_no_mobile_and_no_licence(book: Workbook) -> None:
    everything = [text for name in PUBLIC for text in _texts(book[name])]
    assert [t for t in everything if MOBILE_PREFIX in t or LICENCE_PREFIX in t] == []
    assert [t for t in everything if re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", t)] == []


def test_link_of_a_remote_duty_stands_in_no_sheet_that_is_shown() -> None:
    instance = district_instance(townships=1, villages=3, people=6)
    link = "https://meeting.example.cn/1"
    posts = tuple(p.model_copy(update={"remote_link": link}) for p in instance.posts)
    instance = changed(instance, posts=posts)
    book = openpyxl.load_workbook(
        io.BytesIO(render_workbook(_view(instance, naive_roster(instance))))
    )
    assert [t for name in book.sheetnames for t in _texts(book[name]) if "meeting" in t] == []


def test_internal_sheet_holds_the_mobile_of_everybody_on_duty(book: Workbook, plan: View) -> None:
    shown = {row[11] for row in _rows(book["内部值班表"], 5)} - {None}
    held = {d.person for d in plan.roster.duties}
    assert shown == {p.mobile for p in plan.instance.people if p.id in held}


def test_office_phone_column_passes_over_a_mobile_typed_there() -> None:
    instance = district_instance(townships=1, villages=3, people=6)
    people = [p.model_copy(update={"phone": "１３９ 0000-0001"}) for p in instance.people]
    instance = changed(instance, people=tuple(people))
    view = _view(instance, naive_roster(instance))
    rows = list(_rows(openpyxl.load_workbook(io.BytesIO(render_workbook(view)))["公示表"], 4))
    firms = {firm.phone for firm in instance.firms} | {site.phone for site in instance.sites}
    assert {row[7] for row in rows if row[7]} <= firms


def test_public_sheet_has_the_columns_offices_post(book: Workbook) -> None:
    headers = [cell.value for cell in book["公示表"][3]]
    expected = "日期 星期 时段 值班地点 值班岗位 值班人员 执业机构 联系电话 备注"
    assert headers == expected.split()
    assert book["公示表"]["A1"].value == "示例区公共法律服务值班表（2026年10月）"


def test_public_sheet_has_a_row_for_every_seat(book: Workbook, plan: View) -> None:
    rows = [row for row in _rows(book["公示表"], 4) if isinstance(row[0], dt.datetime)]
    seats = sum(len(duty.holders) + duty.vacant for duty in plan.duties)
    vacant = sum(duty.vacant for duty in plan.duties)
    assert len(rows) == seats
    assert sum(row[5] == "待定" for row in rows) == vacant > 0


def test_public_sheet_marks_holidays_and_makeup_workdays(book: Workbook) -> None:
    remarks = {
        row[0].date(): row[8] for row in _rows(book["公示表"], 4) if isinstance(row[0], dt.datetime)
    }
    assert remarks[dt.date(2026, 10, 3)] == "国庆节；电话值班"
    assert str(remarks[dt.date(2026, 10, 10)]).startswith("调休上班")
    assert str(book["公示表"]["A2"].value).startswith("放假：10月1日—7日国庆节　调休上班：10月10日")


def test_public_sheet_starts_a_page_for_every_site(book: Workbook, plan: View) -> None:
    page = book["公示表"]
    bands = [row for row in range(4, page.max_row + 1) if isinstance(page.cell(row, 1).value, str)]
    assert [str(page.cell(row, 1).value).split("　")[0] for row in bands] == [
        site.name for site in plan.sites if site.id in {duty.site.id for duty in plan.duties}
    ]
    assert [brk.id for brk in page.row_breaks.brk] == [row - 1 for row in bands[1:]]


def test_adviser_list_shows_vacant_villages(book: Workbook, plan: View) -> None:
    rows = _rows(book["顾问名单"], 4)
    names = {row[2]: row[3] for row in rows}
    assert len(rows) == len(plan.villages)
    assert (
        sum(row[3] == "待定" for row in rows) == len(plan.villages) - len(plan.roster.advisers) > 0
    )
    seat = plan.roster.advisers[0]
    assert names[plan.target(seat.village)] == plan.person(seat.person).name


def test_month_grid_shows_every_holder(book: Workbook, plan: View) -> None:
    page = book["月历"]
    cells = "\n".join(str(v) for row in _rows(page, 4) for v in row[3:] if v).split("\n")
    expected = [p.name for duty in plan.duties for p in duty.holders]
    expected += ["待定"] * sum(duty.vacant for duty in plan.duties)
    assert sorted(cells) == sorted(expected)


def test_unmet_sheet_gives_reasons_chinese_then_english(book: Workbook, plan: View) -> None:
    row = _rows(book["未满足清单"], 5)[0]
    assert row[7] == "· 96 人已满 5 个村居\n· 14 人路途超过半小时"
    assert row[8].split("\n")[1:] == [
        "· 96 people have 5 villages",
        "· 14 people are more than 30 minutes away",
    ]


@pytest.mark.parametrize("name", PUBLIC + INTERNAL + FLAT)
def test_sheet_prints_on_one_page_width_with_headers(book: Workbook, name: str) -> None:
    page = book[name]
    assert page.sheet_properties.pageSetUpPr.fitToPage
    # one page wide is the default of the format and not written out
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
    assert page.print_title_rows is not None
    assert page.oddFooter.center.text == "第 &P 页"


def test_text_that_looks_like_a_formula_stays_text() -> None:
    evil = '=HYPERLINK("http://x","y")'
    instance = district_instance(townships=1, villages=2, people=3)
    people = [p.model_copy(update={"name": evil, "phone": "+86-1"}) for p in instance.people]
    settings = instance.settings.model_copy(update={"notice": "=1+1", "area": None, "name": "=2+2"})
    instance = changed(instance, people=tuple(people), settings=settings)
    content = render_workbook(_view(instance, naive_roster(instance)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [
            archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/sheet")
        ]
    assert [text for text in sheets if b"<f>" in text or b"<hyperlink" in text] == []
    page = openpyxl.load_workbook(io.BytesIO(content))["公示表"]
    names = {page.cell(row, 6).value: page.cell(row, 6).data_type for row in range(5, page.max_row)}
    assert names[evil] == "s"


def test_equal_plans_give_equal_bytes(content: bytes) -> None:
    instance = district_instance(townships=4, villages=41, people=30)
    roster = naive_roster(instance)
    report = sample_report(instance, roster)
    slower = report.model_copy(update={"seconds": {"solve": 99.0}, "peak_memory_mb": 5.0})
    assert render_workbook(build_view(instance, roster, slower)) == content


def test_flat_sheets_read_back_as_the_same_roster(
    content: bytes, plan: View, tmp_path: Path
) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(content)
    again = read_roster(path, plan.instance)
    assert set(again.advisers) == set(plan.roster.advisers)
    assert set(again.mediators) == set(plan.roster.mediators)
    assert set(again.duties) == set(plan.roster.duties)
    assert set(again.visits) == set(plan.roster.visits)


def test_plan_of_advisers_alone_shows_no_vacant_duties() -> None:
    instance = district_instance(townships=1, villages=2, people=3)
    seat = AdviserSeat(village=instance.villages[0].id, person="L000")
    view = _view(instance, Roster(month="2026-10", advisers=(seat,)))
    page = openpyxl.load_workbook(io.BytesIO(render_workbook(view)))["公示表"]
    assert page["A4"].value == "本次未排值班"


def test_duty_outside_every_slot_is_shown() -> None:
    instance = district_instance(townships=1, villages=2, people=3)
    stray = Duty(post="Z01-法律咨询", date=dt.date(2026, 10, 25), part=Part.NIGHT, person="nobody")
    view = _view(instance, Roster(month="2026-10", duties=(stray,)))
    (line,) = [duty for duty in view.duties if duty.slot == stray.slot]
    assert [(p.name, p.phone) for p in line.holders] == [("nobody", "")]
    assert line.when == "夜间 20:00–次日08:00"
