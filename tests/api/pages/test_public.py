"""The public's pages: no sign-in, no script, no private number; kept on the way, printed, found by QR."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import httpx
import pytest

from models.roster import AdviserSeat, Roster
from models.store.database.store import Store
from models.store.plans.drafts import put_draft
from models.store.plans.instances import put_instance
from models.store.plans.publishing import publish
from models.vocabulary import Part
from solver.profiles import load_rules
from solver.verify import verify
from tests.api.pages.visitor import CountyPages, Visitor
from tests.api.service.county import COUNTY, EAST, county, duty
from tests.factories import tiny_content, tiny_instance

MONTH, TODAY = f"/public/{COUNTY}?month=2026-12", f"/public/{COUNTY}/today"
VILLAGES = f"/public/{COUNTY}/village"


def asked(pages: CountyPages, path: str, **headers: str) -> httpx.Response:
    return httpx.get(pages.address + path, headers=headers, trust_env=False)


def test_the_sheet_of_a_month_tells_who_is_on_duty_where(visitor: Visitor):
    assert visitor.open(f"/public/{COUNTY}").status == 200
    assert "示例县公共法律服务值班表（2026年12月）" in visitor.text
    row = visitor.page.get_by_role("row").filter(has_text="12月7日")
    assert "例甲" in row.inner_text()
    assert visitor.axe() == []


def test_one_place_is_chosen_without_script(shared_pages: CountyPages):
    with shared_pages.visitor(phone=True, java_script_enabled=False) as reader:
        reader.open(MONTH)
        reader.page.get_by_label("只看一处").select_option(label="示例县公共法律服务中心")
        reader.press("查看")
        assert "例甲" in reader.text
        assert reader.page.locator("table").count() == 1


def test_a_township_has_a_sheet_of_its_own(visitor: Visitor):
    visitor.open(f"/public/{EAST}?month=2026-12")
    assert "示例东街道公共法律服务值班表" in visitor.text
    assert "示例东街道公共法律服务工作站" in visitor.text
    visitor.open("/public/410105002?month=2026-12")
    assert "示例县公共法律服务中心" not in visitor.text


def test_a_village_is_found_with_its_adviser(visitor: Visitor):
    visitor.open(VILLAGES)
    visitor.page.get_by_label("村、社区或乡镇的名称").fill("东街道 一社区")
    visitor.press("查找")
    visitor.press("示例东街道 示例一社区", "link")
    assert "例甲" in visitor.text
    assert "示例律师事务所" in visitor.text
    assert visitor.axe() == []
    visitor.open(f"{VILLAGES}?name=没有的村")
    assert "没有找到" in visitor.text


def test_today_before_the_month_says_so(visitor: Visitor):
    assert visitor.open(TODAY).status == 200  # it is 20 November; December is published
    assert "本月值班表尚未公示" in visitor.text


@pytest.mark.parametrize("path", [MONTH, TODAY, VILLAGES, f"{VILLAGES}/410105001001"])
def test_a_public_page_is_kept_on_the_way_and_carries_nothing_of_who_reads(
    shared_pages: CountyPages, path: str
):
    found = asked(shared_pages, path)
    assert found.headers["cache-control"] == "public, max-age=300"
    assert "set-cookie" not in found.headers
    assert "<script" not in found.text
    assert f'href="/public/{COUNTY}' in found.text
    with shared_pages.visitor("bureau") as clerk:
        signed_in = clerk.open(path).text()
    assert signed_in == asked(shared_pages, path, **{"accept-language": "zh-CN"}).text
    again = asked(shared_pages, path, **{"if-none-match": found.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    english = asked(shared_pages, path, **{"accept-language": "en"})
    assert english.headers["etag"] != found.headers["etag"]


def test_a_page_carries_the_code_of_its_own_address(visitor: Visitor):
    visitor.open(TODAY)
    assert visitor.page.locator(".qr svg path").count() == 1
    assert TODAY in visitor.page.locator(".address").inner_text()


@pytest.mark.parametrize("path", ["/public/410106", "/public/999", f"{VILLAGES}/no-such"])
def test_nobody_learns_what_is_not_published(visitor: Visitor, path: str):
    assert visitor.open(path).status == 404
    assert "没有找到" in visitor.text


def test_the_printed_sheet_fits_a_page(visitor: Visitor):
    visitor.open(MONTH)
    visitor.page.emulate_media(media="print")
    assert visitor.page.locator(".qr").is_visible()
    assert not visitor.page.get_by_label("只看一处").is_visible()
    assert len(visitor.page.pdf(prefer_css_page_size=True)) > 5_000


MOBILE, IDENTITY = "13900001234", "41010519800101123X"


def with_numbers() -> Roster:
    """Return a roster with a night, and a person whose id is an identity number."""
    return Roster(
        month="2026-12",
        advisers=(AdviserSeat(village="410105001001", person="L001"),),
        duties=(
            duty("Z000-咨询", 8, "L001", Part.NIGHT),
            duty("Z000-咨询", 9, "L001"),
            duty("Z000-咨询", 9, IDENTITY, Part.PM),
        ),
    )


def publish_with_numbers(folder: Path) -> None:
    """Publish a month over the seeded one in which clerks typed numbers wherever one can."""
    content = tiny_content()
    content["people"][0] |= {"mobile": MOBILE, "phone": MOBILE, "name": f"例甲 {MOBILE}"}
    content["people"][1] |= {"id": IDENTITY}
    content["sites"][0] |= {"phone": "0371-60000000", "name": f"示例中心{IDENTITY}"}
    content["posts"][0]["parts"] = ["am", "pm", "night"]
    instance = tiny_instance(**content)
    plan = with_numbers().model_copy(update={"instance": instance.content_hash})
    report = verify(instance, load_rules("default", ()), plan)
    with Store.open(folder) as store, store.begin() as session:
        put_instance(session, instance, area=COUNTY, by="test")
        publish(session, put_draft(session, plan, report, area=COUNTY, by="test").id, by="test")


@pytest.mark.parametrize(
    ("now", "since_last_night"),
    [
        (dt.datetime(2026, 12, 8, 22, tzinfo=dt.UTC), True),
        (dt.datetime(2026, 12, 9, 0, tzinfo=dt.UTC), False),  # 08:00 in China: it is over
    ],
)
def test_no_number_is_told_and_a_night_lasts_until_the_morning(
    seeded: tuple[Path, dict[str, str]], tmp_path: Path, now: dt.datetime, since_last_night: bool
):
    folder = tmp_path / "data"
    with county(*seeded, folder, now=now, secure_cookies=False) as running:
        publish_with_numbers(folder)
        pages = {
            path: running.client.get(f"/public/{COUNTY}{path}").text
            for path in ("?month=2026-12", "/today", "/village", "/village/410105001001")
        }
    for path, text in pages.items():
        assert MOBILE not in text, path
        assert IDENTITY not in text, path
    assert "0371-60000000" in pages["/today"]
    assert ("昨夜起" in pages["/today"]) is since_last_night
