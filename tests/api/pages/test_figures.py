"""Fairness and the log, as tables that are sorted, filtered, saved and printed."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from tests.api.pages.visitor import CountyPages
from tests.api.service.county import COUNTY

FIGURES = f"/office/{COUNTY}/figures"


def test_fairness_is_sorted_as_asked_and_saved_as_a_workbook(shared_pages: CountyPages):
    with shared_pages.visitor("bureau") as bureau:
        bureau.open(FIGURES)
        assert bureau.axe() == []
        bureau.page.get_by_role("link", name="本月班次").click()
        turns = bureau.page.locator("tbody td:nth-child(4)").all_inner_texts()
        assert turns == sorted(turns, reverse=True)
        assert int(turns[0]) > 0
        address = bureau.page.get_by_role("link", name="下载工作簿").get_attribute("href")
        answer = bureau.page.request.get(bureau.address + str(address))
        book = load_workbook(io.BytesIO(answer.body()))
        assert book.sheetnames == ["公平与负荷", "分担明细"]


def test_a_month_that_is_not_published_is_not_found(shared_pages: CountyPages):
    with shared_pages.visitor("bureau") as bureau:
        assert bureau.open(f"{FIGURES}?month=2030-01").status == 404


def test_the_log_is_filtered_and_links_to_its_subjects(shared_pages: CountyPages):
    with shared_pages.visitor("bureau") as bureau:
        bureau.open(f"/office/{COUNTY}/log?subject=roster")
        assert bureau.axe() == []
        rows = bureau.page.locator("tbody tr")
        assert rows.count() > 0
        assert set(bureau.page.locator("tbody td:nth-child(3)").all_inner_texts()) >= {"发布"}
        bureau.page.locator("tbody a").first.click()
        assert "subject=roster%3A" in bureau.page.url
        bureau.open(f"/office/{COUNTY}/log?by=nobody-at-all")
        assert "没有这样的记录" in bureau.text


def test_an_office_sees_no_log(shared_pages: CountyPages):
    with shared_pages.visitor("east") as east:
        assert east.open(f"/office/{COUNTY}/log").status == 404


ATTENDANCE = f"{FIGURES}/attendance?month=2026-12"


def test_attendance_is_entered_corrected_and_the_month_closed(own_pages: CountyPages):
    with own_pages.visitor("bureau") as bureau:
        bureau.open(f"{ATTENDANCE}&only=all")
        assert bureau.axe() == []
        first = bureau.page.locator("tbody tr").first
        first.get_by_role("combobox").select_option("unexcused")
        bureau.press("保存")
        bureau.open(f"{ATTENDANCE}&only=reported")
        assert bureau.page.locator("tbody tr").count() == 1
        row = bureau.page.locator("tbody tr").first
        assert row.get_by_role("combobox").input_value() == "unexcused"
        row.locator("[name^='hours:']").fill("很多")
        bureau.press("保存")
        assert bureau.page.locator("[role=alert]").is_visible()
        assert "很多" in bureau.page.locator("[name^='hours:']").first.input_value()
        bureau.open(f"{FIGURES}/money?month=2026-12")
        assert bureau.axe() == []
        assert "未结转" in bureau.text
        bureau.open(ATTENDANCE)
        bureau.page.get_by_label("未填报的按到岗").check()
        bureau.press("结转 2026-12")
        assert bureau.page.url.endswith(f"/office/{COUNTY}")
        bureau.open(f"{FIGURES}/money?month=2026-12")
        assert "已结转，为定数" in bureau.text


def test_the_report_shows_every_area_with_its_figures(shared_pages: CountyPages):
    with shared_pages.visitor("bureau") as bureau:
        bureau.open(f"{FIGURES}/report?month=2026-12&cutoff=10")
        assert bureau.axe() == []
        rows = bureau.page.locator("table").first.locator("tbody tr")
        duties = rows.locator("td:nth-child(3)").all_inner_texts()
        assert duties[0] == "0 / 5"  # of those up to the tenth
        address = bureau.page.get_by_role("link", name="下载月报表").get_attribute("href")
        assert bureau.page.request.get(bureau.address + str(address)).status == 200
