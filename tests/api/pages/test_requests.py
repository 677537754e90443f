"""Requests and sudden absences as the office meets them."""

from __future__ import annotations

from models.messages import catalogue
from tests.api.pages.visitor import CountyPages
from tests.api.service.county import COUNTY

REQUESTS = f"/office/{COUNTY}/requests"


def test_leave_is_asked_for_somebody_and_accepted_with_what_it_hits(own_pages: CountyPages):
    with own_pages.visitor("bureau") as bureau:
        bureau.open(f"{REQUESTS}/new")
        assert bureau.axe() == []
        form = bureau.page.locator("form.card").first
        form.get_by_label("姓名或编号").fill("L001")
        form.get_by_label("首日", exact=True).fill("2026-12-07")
        form.get_by_role("button").click()
        assert "请假期间已发布的安排" in bureau.text
        assert "12月7日" in bureau.text
        assert bureau.axe() == []
        bureau.press("同意请假")
        assert "已同意" in bureau.text
        bureau.open(REQUESTS)
        assert "没有待办的申请" in bureau.text


def test_every_issue_comes_back_with_the_form(shared_pages: CountyPages):
    with shared_pages.visitor("bureau") as bureau:
        bureau.open(f"{REQUESTS}/new")
        form = bureau.page.locator("form.card").first
        form.get_by_label("姓名或编号").fill("没有此人")
        form.get_by_label("首日", exact=True).fill("2026-12-07")
        form.get_by_role("button").click()
        assert "没有这个人员" in bureau.page.locator("[role=alert]").inner_text()
        assert form.get_by_label("姓名或编号").input_value() == "没有此人"


def test_a_swap_to_nobody_shows_who_could_and_is_published(own_pages: CountyPages):
    county = own_pages.county
    asked = {"person": "L002", "date": "2026-12-09", "part": "am", "why": "出庭"}
    made = county.got("L002", "POST", f"areas/{COUNTY}/requests/swap", 201, json=asked)
    with own_pages.visitor("bureau") as bureau:
        bureau.open(REQUESTS)
        assert bureau.axe() == []
        bureau.page.locator("tbody a").first.click()
        assert bureau.page.url.endswith(f"/requests/{made['id']}")
        bureau.page.get_by_role("link", name="选此人").first.click()
        bureau.press("同意并发布")
        text = bureau.text
        assert "已同意" in text or "待确认" in text


def test_a_sudden_absence_is_repaired_and_published_in_one_step(own_pages: CountyPages):
    with own_pages.visitor("bureau") as bureau:
        bureau.open(f"/office/{COUNTY}/absence")
        assert bureau.axe() == []
        bureau.page.get_by_label("姓名或编号").fill("L003")
        bureau.page.get_by_label("首日", exact=True).fill("2026-12-08")
        bureau.press("查看顶替方案")
        assert "2026-12 的变动" in bureau.text
        assert "12月8日" in bureau.text
        assert bureau.axe() == []
        bureau.press("先存为草稿")
        assert "发布前核对" in bureau.text


def test_what_no_date_field_would_send_is_told(shared_pages: CountyPages):
    with shared_pages.visitor("bureau") as bureau:
        fields = {"kind": "leave", "person": "L001", "first": "十二月初", "last": "以后"}
        status, text = bureau.send(f"{REQUESTS}/new", **fields)
        assert (status, text.count(catalogue()["form_day"].zh)) == (422, 2)
        fields = {"how": "publish", "person": "L001", "first": "2027-08-01"}
        status, text = bureau.send(f"/office/{COUNTY}/absence", **fields)
        assert status == 422
        assert catalogue()["absence_unpublished"].zh in text
