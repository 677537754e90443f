"""A firm at its desk: who is named for its slots, its people's requests, its share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from models.store.database.store import Store
from models.store.plans.instances import put_instance, set_current
from tests.api.pages.visitor import CountyPages
from tests.api.service.county import COUNTY, county, duty, put_published
from tests.factories import tiny_content, tiny_instance


@pytest.fixture
def firm_pages(
    seeded: tuple[Path, dict[str, str]], tmp_path: Path, browser: Browser
) -> Iterator[CountyPages]:
    """Give a county whose centre is staffed by firms: two slots of F01 wait."""
    folder = tmp_path / "data"
    with county(*seeded, folder):
        pass
    centre, *others = tiny_content()["posts"]
    instance = tiny_instance(posts=[centre | {"firm_named": True}, *others])
    with Store.open(folder) as store, store.begin() as session:
        key = put_instance(session, instance, area=COUNTY, by="test")
        set_current(session, COUNTY, key, revision=1, by="test")
        waiting = [
            duty("Z000-咨询", day, who).model_copy(update={"firm": "F01"})
            for day, who in ((7, "L001"), (8, "L002"))
        ]
        put_published(session, instance, COUNTY, (*waiting, duty("Z000-咨询", 10, "L003")))
    with county(*seeded, folder, secure_cookies=False) as running:
        yield CountyPages(running, browser)


def test_a_firm_names_its_people_and_sees_its_share(firm_pages: CountyPages):
    with firm_pages.visitor("firm", phone=True) as firm:
        firm.open("/")
        assert "有 2 个班等您派人" in firm.text
        assert firm.axe() == []
        assert firm.page.evaluate("document.documentElement.scrollWidth") <= 360
        first = firm.page.get_by_role("group").filter(has_text="12月7日 周一 上午")
        names = first.get_by_label("派谁").locator("option").all_inner_texts()
        assert [name[:2] for name in names] == ["暂不", "例甲", "例乙"]
        first.get_by_label("派谁").select_option("L002")
        firm.press("派定并公布")
        firm.page.get_by_text("有 1 个班等您派人").wait_for()
        firm.open("/firm/share")
        assert "已派" in firm.text
        assert firm.axe() == []
    rows = firm_pages.county.got("firm", "GET", f"areas/{COUNTY}/firms/F01/slots")["slots"]
    assert [(row["state"], row["person"]) for row in rows] == [
        ("named", "L002"),
        ("waiting", "L002"),
    ]


def test_a_firm_asks_leave_for_its_people_alone(own_pages: CountyPages):
    with own_pages.visitor("firm", java_script_enabled=False) as firm:
        firm.open("/firm/requests")
        options = firm.page.get_by_label("姓名").locator("option").all_inner_texts()
        assert options == ["—", "例甲", "例乙"]
        firm.page.get_by_label("姓名").select_option("L002")
        firm.page.get_by_label("首日", exact=True).fill("2026-12-22")
        firm.press("提交请假申请")
        assert "12月22日 周二 全天" in firm.text
        # another firm's person, as a changed form would send it
        firm.page.locator("select[name=person] option").last.evaluate("one => one.value = 'L003'")
        firm.page.get_by_label("姓名").select_option("L003")
        firm.page.get_by_label("首日", exact=True).fill("2026-12-22")
        firm.press("提交请假申请")
        assert "没有找到" in firm.text


@pytest.mark.parametrize("account", ["bureau", "L001"])
def test_who_is_no_firm_has_no_firm_page(shared_pages: CountyPages, account: str):
    with shared_pages.visitor(account) as other:
        assert other.open("/firm").status == 404
