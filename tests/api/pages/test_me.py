"""A lawyer's own pages on a phone: next duty, swaps, leave, calendar, attendance, and without network."""

from __future__ import annotations

import datetime as dt
import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from tests.api.pages.visitor import CountyPages, Visitor
from tests.api.service.county import county

MOST_PACKED_BYTES = 30_000
WECHAT = "Mozilla/5.0 (Linux; Android 10) Chrome/86.0 Mobile Safari/537.36 MicroMessenger/8.0"
SMALL = """
() => [...document.querySelectorAll("main a.button, main button, main .days a, .top a")]
    .filter(one => one.offsetParent)
    .map(one => [one.innerText, one.getBoundingClientRect().height])
    .filter(([, height]) => height < 44)
"""


@pytest.fixture(scope="module")
def later_pages(
    seeded: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[CountyPages]:
    """Give the county on 10 December, when duties are over that wait to be reported."""
    folder = tmp_path_factory.mktemp("later") / "data"
    now = dt.datetime(2026, 12, 10, 2, tzinfo=dt.UTC)
    with county(*seeded, folder, now=now, secure_cookies=False) as running:
        yield CountyPages(running, browser)


def test_the_next_duty_is_seen_first(shared_pages: CountyPages):
    with shared_pages.visitor("L001", phone=True) as lawyer:
        lawyer.open("/")
        next_duty = lawyer.page.locator(".next").inner_text()
        assert "12月7日 周一\n09:00–12:00" in next_duty
        assert "示例县公共法律服务中心" in next_duty
        assert "示例东街道 示例一社区" in lawyer.text
        assert lawyer.axe() == []
        assert lawyer.page.evaluate("document.documentElement.scrollWidth") <= 360
        assert lawyer.page.evaluate(SMALL) == []


def test_the_first_screen_is_small(shared_pages: CountyPages):
    with shared_pages.visitor("L001", phone=True) as lawyer:
        html = lawyer.open("/me").body()
        files = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js)\?[^"]+)"', html.decode())
        parts = [httpx.get(lawyer.address + path, trust_env=False).content for path in files]
    assert len(parts) == 4
    assert sum(len(gzip.compress(part)) for part in (html, *parts)) < MOST_PACKED_BYTES


def test_the_last_list_is_shown_without_network(own_pages: CountyPages):
    with own_pages.visitor("L001", phone=True) as lawyer:
        lawyer.open("/me")
        lawyer.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        lawyer.open("/me")
        lawyer.context.set_offline(True)
        lawyer.open("/me")
        assert "12月7日 周一" in lawyer.text
        assert lawyer.page.locator("#offline").is_visible()
        lawyer.context.set_offline(False)
        lawyer.press("退出")
        lawyer.page.wait_for_url("**/sign-in")
        assert lawyer.page.evaluate("caches.has('zhiban-me')") is False
        lawyer.complaints.clear()  # the browser says that it was offline


def test_a_duty_is_given_to_a_colleague_who_agrees(own_pages: CountyPages):
    with own_pages.visitor("L001", phone=True, java_script_enabled=False) as lawyer:
        lawyer.open("/me")
        lawyer.page.locator(".next").get_by_text("换班、让班").click()
        lawyer.page.get_by_label("接班人姓名").fill("没有的人")
        lawyer.press("提交换班申请")
        assert lawyer.page.get_by_role("alert").is_visible()
        lawyer.page.get_by_label("接班人姓名").fill("例丙")
        lawyer.press("提交换班申请")
        assert "接班人：例丙" in lawyer.text
    with own_pages.visitor("L003", phone=True) as colleague:
        colleague.open("/me")
        assert "例甲请您接班" in colleague.text
        colleague.press("愿意接班")
        colleague.page.wait_for_url("**/me/requests")
    found = own_pages.county.got("bureau", "GET", "areas/410105/requests")["items"]
    assert [(one["state"], one["colleague"]) for one in found] == [("open", "L003")]


def test_leave_is_asked_for_and_withdrawn(own_pages: CountyPages):
    with own_pages.visitor("L002", phone=True) as lawyer:
        lawyer.open("/me/leave")
        assert lawyer.axe() == []
        lawyer.page.get_by_label("首日", exact=True).fill("2026-12-21")
        lawyer.page.get_by_label("事由").select_option("court")
        lawyer.press("提交请假申请")
        assert "12月21日 周一 全天 · 开庭" in lawyer.text
        lawyer.press("撤回申请")
        lawyer.page.get_by_text("已撤回").wait_for()
    found = own_pages.county.got("bureau", "GET", "areas/410105/requests")["items"]
    assert [one["state"] for one in found] == ["withdrawn"]


def test_a_link_to_the_calendar_is_made_once_and_stopped(own_pages: CountyPages):
    with own_pages.visitor("L001", phone=True) as lawyer:
        lawyer.open("/me/calendar")
        lawyer.press("生成订阅链接")
        https = lawyer.page.get_by_label("或复制这个地址").input_value()
        webcal = lawyer.page.get_by_role("link", name="打开手机日历并订阅").get_attribute("href")
        assert webcal == https.replace("http://", "webcal://")
        assert lawyer.axe() == []
        path = "/feeds/" + https.split("/feeds/")[1]
        assert "BEGIN:VEVENT" in httpx.get(lawyer.address + path, trust_env=False).text
        lawyer.press("停用这个链接")
        lawyer.page.get_by_text("已有的链接").wait_for(state="detached")
        assert httpx.get(lawyer.address + path, trust_env=False).status_code == 404


def test_wechat_is_told_to_open_a_browser_and_gets_no_download(shared_pages: CountyPages):
    with shared_pages.visitor("L001", phone=True, user_agent=WECHAT) as lawyer:
        lawyer.open("/me/calendar")
        assert "在浏览器打开" in lawyer.text
        lawyer.open("/me/busy")
        assert lawyer.page.locator("input[type=file]").count() == 0
    with shared_pages.visitor("L001", phone=True) as lawyer:
        lawyer.open("/me/calendar")
        assert "在浏览器打开" not in lawyer.text


def test_the_own_calendar_is_read_from_a_file(own_pages: CountyPages, tmp_path: Path):
    file = tmp_path / "own.ics"
    event = ("DTSTART:20261216T010000Z", "DTEND:20261216T030000Z", "SUMMARY:x", "UID:1")
    lines = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", *event)
    file.write_text("\r\n".join((*lines, "END:VEVENT", "END:VCALENDAR", "")))
    with own_pages.visitor("L001", phone=True) as lawyer:
        lawyer.open("/me/busy")
        lawyer.page.get_by_label("日历地址").fill("ftp://example")
        lawyer.press("读取并每天更新")
        assert lawyer.page.get_by_role("alert").is_visible()
        lawyer.page.get_by_label("或上传日历文件").set_input_files(file)
        lawyer.press("上传")
        lawyer.page.get_by_text("12月16日 周三 上午").wait_for()
        lawyer.press("删除地址和这些时段")
        lawyer.page.get_by_text("12月16日").wait_for(state="detached")


def test_the_reminder_is_chosen(own_pages: CountyPages):
    with own_pages.visitor("L001", phone=True) as lawyer:
        lawyer.open("/me/notices")
        assert lawyer.axe() == []
        reminder = lawyer.page.get_by_label("值班前一天提醒我")
        assert reminder.is_checked()
        reminder.uncheck()
        lawyer.press("保存")
        lawyer.open("/me/notices")
        assert not lawyer.page.get_by_label("值班前一天提醒我").is_checked()
    found = own_pages.county.got("L001", "GET", "areas/410105/people/L001/notice-way")
    assert (found["is_chosen"], found["reminder"]) == (True, False)


def test_turns_stand_beside_the_mean_of_the_kind(shared_pages: CountyPages):
    with shared_pages.visitor("L001", phone=True) as lawyer:
        lawyer.open("/me/turns")
        row = lawyer.page.get_by_role("row").filter(has_text="值班").first
        assert row.inner_text().split() == ["值班", "1", "1.0"]  # 例甲 one turn, 例乙 one
        assert lawyer.axe() == []


def test_attendance_is_reported_with_numbers_alone(later_pages: CountyPages):
    with later_pages.visitor("L002", phone=True) as lawyer:
        lawyer.open("/me/record")
        assert lawyer.axe() == []
        lawyer.page.get_by_label("服务人次").fill("6")
        lawyer.page.get_by_text("事项类别（可不填）").click()
        lawyer.page.get_by_label("类别 1").select_option(label="劳动")
        lawyer.page.get_by_label("件数 1").fill("2")
        lawyer.press("保存")
        lawyer.page.get_by_text("没有待填报的事项").wait_for()
    path = "areas/410105/months/2026-12/attendance"
    rows = later_pages.county.got("bureau", "GET", path)["items"]
    told = [row["report"] for row in rows if row["report"]]
    assert [(one["presence"], one["people"], one["matters"]) for one in told] == [
        ("held", 6, {"labour": 2})
    ]


@pytest.mark.parametrize("account", ["bureau", "east", "firm"])
def test_who_is_no_person_has_no_own_page(shared_pages: CountyPages, account: str):
    with shared_pages.visitor(account) as other:
        assert other.open("/me").status == 404


def test_a_stranger_signs_in_first(visitor: Visitor):
    visitor.open("/me/turns")
    assert "/sign-in?target=%2Fme%2Fturns" in visitor.page.url
