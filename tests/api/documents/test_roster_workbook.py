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

from api.documents.roster_workbook import render_public_workbook, render_workbook
from api.documents.view import View, build_view
from api.documents.wall import MOST_COLUMNS, NOBODY, wall_blocks
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
    "缺岗清单",
    "豁免清单",
    "公平与负荷",
    "分担明细",
    "与原方案差异",
    "说明",
    "附录",
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


@pytest.fixture(scope="module")
def public(plan: View) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(render_public_workbook(plan)))


def _public_page(view: View) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(render_public_workbook(view)))["公示表"]


def _rows(page: Worksheet, first: int) -> list[tuple[object, ...]]:
    return [tuple(row) for row in page.iter_rows(min_row=first, values_only=True)]


def _texts(page: Worksheet) -> list[str]:
    return [str(cell) for row in _rows(page, 1) for cell in row if cell is not None]


def _view(instance: Instance, roster: Roster) -> View:
    return build_view(instance, roster, Report(status=Status.CHECKED, month=roster.month))


def test_public_sheets_and_those_of_the_office_are_two_files(
    book: Workbook, public: Workbook
) -> None:
    assert tuple(book.sheetnames) == (*FLAT, *INTERNAL, "原安排")
    assert tuple(public.sheetnames) == PUBLIC
    hidden = {name: book[name].sheet_state for name in book.sheetnames}
    assert {name for name, state in hidden.items() if state != "visible"} == {"原安排"}


def test_sheets_to_edit_are_open_and_printed_ones_protected(
    book: Workbook, public: Workbook
) -> None:
    guarded = {name: book[name].protection.sheet for name in (*FLAT, *INTERNAL)}
    assert guarded == {name: name in INTERNAL for name in guarded}
    assert all(public[name].protection.sheet for name in PUBLIC)


def test_public_sheets_hold_no_mobile_and_no_licence(public: Workbook) -> None:
    everything = [text for name in PUBLIC for text in _texts(public[name])]
    assert [t for t in everything if MOBILE_PREFIX in t or LICENCE_PREFIX in t] == []
    assert [t for t in everything if re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", t)] == []


def test_sheets_of_the_office_are_in_chinese_unless_english_is_asked_for(plan: View) -> None:
    settings = plan.instance.settings.model_copy(update={"bilingual": True})
    both = build_view(changed(plan.instance, settings=settings), plan.roster, plan.report)
    heads = [
        [
            cell.value
            for cell in openpyxl.load_workbook(io.BytesIO(render_workbook(v)))["缺岗清单"][3]
        ]
        for v in (plan, both)
    ]
    assert ("英文说明" in heads[0], "英文说明" in heads[1]) == (False, True)


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
    shown = {row[11] for row in _rows(book["内部值班表"], 4)} - {None}
    held = {d.person for d in plan.roster.duties}
    assert shown == {p.mobile for p in plan.instance.people if p.id in held}


def test_office_phone_passes_over_a_mobile_typed_there() -> None:
    instance = district_instance(townships=1, villages=3, people=6)
    people = [p.model_copy(update={"phone": "１３９ 0000-0001"}) for p in instance.people]
    sites = [s.model_copy(update={"phone": "139-0000-0001"}) for s in instance.sites]
    instance = changed(instance, people=tuple(people), sites=tuple(sites))
    page = _public_page(_view(instance, naive_roster(instance)))
    assert [text for text in _texts(page) if re.search("139|１３９", text)] == []


def test_public_sheet_names_a_place_and_its_phone_once(public: Workbook, plan: View) -> None:
    page = public["公示表"]
    assert page["A1"].value == "示例区公共法律服务值班表（2026年10月）"
    shown = [text for text in _texts(page) if "同时服务" not in text]
    heads = [text for text in shown if any(text.startswith(s.name) for s in plan.sites)]
    used = {duty.site.id for duty in plan.duties if not duty.remote_from}
    sites = [site for site in plan.sites if site.id in used]
    assert set(heads) == {f"{site.name}\n{site.phone}".strip() for site in sites}
    assert len(heads) <= len(sites) + len(wall_blocks(plan)) - 1  # a wide place may need two pages


def test_public_sheet_shows_every_holder_and_every_vacancy(public: Workbook, plan: View) -> None:
    rows = [row for row in _rows(public["公示表"], 3) if isinstance(row[0], dt.datetime)]
    shown = "\n".join(str(cell) for row in rows for cell in row[2:] if cell).split("\n")
    shown = [name for name in shown if name != NOBODY]
    duties = [duty for duty in plan.duties if not duty.remote_from]
    expected = [p.name for duty in duties for p in duty.holders]
    expected += ["待定"] * sum(duty.vacant for duty in duties)
    assert sorted(shown) == sorted(expected)


def test_public_sheet_says_which_days_are_special_and_leaves_room_to_sign(
    public: Workbook,
) -> None:
    page = public["公示表"]
    assert "　放假：10月1日—7日国庆节　调休上班：10月10日" in str(page["A2"].value)
    assert str(_texts(page)[-1]).startswith("监督电话：＿")


def test_who_signs_and_the_address_stand_below_the_public_sheet(plan: View) -> None:
    told = {"supervision_phone": "0371-1234", "signed_by": "示例区司法局"}
    settings = plan.instance.settings.model_copy(
        update=told | {"public_url": "https://example.gov.cn/zhiban"}
    )
    view = build_view(changed(plan.instance, settings=settings), plan.roster, plan.report)
    content = render_public_workbook(view)
    last = _texts(openpyxl.load_workbook(io.BytesIO(content))["公示表"])[-1]
    assert "监督电话：0371-1234" in last
    assert "示例区司法局" in last
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "xl/media/image1.png" in archive.namelist()


def test_wall_sheet_of_a_district_fits_six_pages(plan: View, public: Workbook) -> None:
    blocks = wall_blocks(plan)
    shown = [(c.site.id, c.post, c.parts) for block in blocks for c in block.columns]
    assert len(shown) == len(set(shown))
    assert max(len(block.columns) for block in blocks) <= MOST_COLUMNS
    assert len(public["公示表"].row_breaks.brk) <= 5


def test_adviser_list_shows_vacant_villages(public: Workbook, plan: View) -> None:
    rows = _rows(public["顾问名单"], 4)
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert public["顾问名单"].row_breaks.brk == []
    names = {row[2]: row[3] for row in rows}
    assert len(rows) == len(plan.villages)
    assert (
        sum(row[3] == "待定" for row in rows) == len(plan.villages) - len(plan.roster.advisers) > 0
    )
    seat = plan.roster.advisers[0]
    assert names[plan.target(seat.village)] == plan.person(seat.person).name


def test_month_sheet_is_a_calendar_for_each_place(public: Workbook, plan: View) -> None:
    page = public["月历"]
    assert page.page_setup.paperSize == 9  # A4
    days = [t for t in _texts(page) if re.match(r"\d+日", t)]
    used = {duty.site.id for duty in plan.duties}
    assert len(days) == 31 * len(used)
    names = [w for t in days for line in t.split("\n")[1:] for w in line.split(" ")[-1].split("、")]
    assert len(names) == sum(len(duty.holders) + duty.vacant for duty in plan.duties)


def test_unmet_sheet_begins_with_its_sum_and_gives_reasons(book: Workbook) -> None:
    page = book["缺岗清单"]
    assert str(page["A2"].value).startswith("共缺 ")
    assert _rows(page, 4)[0][7] == "· 96 人已满 5 个村居\n· 14 人路途超过半小时"


@pytest.mark.parametrize("name", PUBLIC + INTERNAL + FLAT)
def test_sheet_prints_on_one_page_width_with_headers(
    book: Workbook, public: Workbook, name: str
) -> None:
    page = (public if name in PUBLIC else book)[name]
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
    content = render_public_workbook(_view(instance, naive_roster(instance)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [
            archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/sheet")
        ]
    assert [text for text in sheets if b"<f>" in text or b"<hyperlink" in text] == []
    page = openpyxl.load_workbook(io.BytesIO(content))["公示表"]
    types = {cell.data_type for row in page.iter_rows() for cell in row if cell.value == evil}
    assert types == {"s"}


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
    assert _public_page(view)["A3"].value == "本次未排值班"


def test_duty_outside_every_slot_is_shown() -> None:
    instance = district_instance(townships=1, villages=2, people=3)
    stray = Duty(post="Z01-法律咨询", date=dt.date(2026, 10, 25), part=Part.NIGHT, person="nobody")
    view = _view(instance, Roster(month="2026-10", duties=(stray,)))
    (line,) = [duty for duty in view.duties if duty.slot == stray.slot]
    assert [(p.name, p.phone) for p in line.holders] == [("nobody", "")]
    assert line.when == "夜间 20:00–次日08:00"
