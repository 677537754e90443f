"""Planning by clicking: ordered, followed while it runs, looked at, compared with another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from api.jobs.crew import start_workers
from api.settings import ServiceSettings
from models.messages import catalogue
from tests.api.pages.visitor import CountyPages
from tests.api.service.county import COUNTY, county

PLANS = f"/office/{COUNTY}/rosters"


@pytest.fixture
def pages_at_work(
    seeded: tuple[Path, dict[str, str]], tmp_path: Path, browser: Browser
) -> Iterator[CountyPages]:
    folder = tmp_path / "data"
    jobs = ServiceSettings(data=folder).jobs
    with county(*seeded, folder, secure_cookies=False) as running, start_workers(1, jobs):
        yield CountyPages(running, browser)


def test_a_month_is_planned_followed_and_compared(pages_at_work: CountyPages):
    with pages_at_work.visitor("bureau") as bureau:
        bureau.open(PLANS)
        assert bureau.axe() == []
        bureau.page.get_by_label("最多用时").select_option("30")
        bureau.press("开始排班")
        expect(bureau.page).to_have_url(re.compile("/jobs/"))
        assert bureau.axe() == []
        bureau.page.get_by_role("link", name="查看和调整").wait_for(timeout=60_000)
        assert "覆盖" in bureau.text
        assert bureau.axe() == []
        bureau.open(PLANS)
        for box in bureau.page.locator("tbody [type=checkbox]").all()[:2]:
            box.check()
        bureau.press("比较所选两份")
        assert "不同之处" in bureau.text
        assert bureau.axe() == []
        bureau.open(f"{PLANS}/compare?plan=1")
        assert "请选两份排班来比较" in bureau.text


def test_a_waiting_job_says_so_and_is_stopped(shared_pages: CountyPages):
    with shared_pages.visitor("bureau", java_script_enabled=False) as bureau:
        bureau.open(PLANS)
        bureau.press("开始排班")
        assert "排队中" in bureau.text
        assert "可以关闭本页" in bureau.text
        bureau.press("停止，保留目前最好的方案")
        assert "已取消" in bureau.text


def test_a_township_sees_no_form_to_plan(shared_pages: CountyPages):
    with shared_pages.visitor("east") as east:
        east.open("/office/410105001/rosters")
        assert "排班由上级统一进行" in east.text


def test_a_draft_is_deleted_unless_something_waits_for_it(own_pages: CountyPages):
    ask = own_pages.county.got
    published = ask("bureau", "GET", f"areas/{COUNTY}/rosters?stage=published")["items"][0]["id"]
    made = ask("bureau", "POST", f"rosters/{published}/draft", 201, json={})["id"]
    swap = {"person": "L002", "date": "2026-12-09", "part": "am", "to": "L004"}
    key = ask("bureau", "POST", f"areas/{COUNTY}/requests/swap", 201, json=swap)["id"]
    for move in ("agree", "accept"):
        ask("bureau", "POST", f"requests/{key}/{move}", json={} if move == "agree" else NO_PUBLISH)
    awaited = ask("bureau", "GET", f"requests/{key}")["draft"]
    with own_pages.visitor("bureau") as bureau:
        bureau.open(PLANS)
        row = bureau.page.locator("tr", has_text=f"2026-12 · {made}")
        row.get_by_role("button", name="删除").click()
        assert bureau.page.locator("tr", has_text=f"2026-12 · {made}").count() == 0
        bureau.page.locator("tr", has_text=f"· {awaited}").get_by_role("button").click()
        assert catalogue()["delete_awaited"].zh in bureau.text
    answer = own_pages.county.ask("bureau", "DELETE", f"rosters/{published}")
    assert catalogue()["delete_not_draft"].zh in answer.text


NO_PUBLISH = {"publish": False}
