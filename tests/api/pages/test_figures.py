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
