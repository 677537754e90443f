"""本月: the steps of the month, what is next, and the areas of a bureau."""

from __future__ import annotations

import pytest

from tests.api.pages.visitor import CountyPages
from tests.api.service.county import COUNTY, EAST


@pytest.mark.parametrize("phone", [False, True])
def test_the_first_page_of_a_bureau_shows_the_seven_steps(shared_pages: CountyPages, phone: bool):
    with shared_pages.visitor("bureau", phone=phone) as bureau:
        bureau.open("/")
        assert bureau.page.url.endswith(f"/office/{COUNTY}")
        assert "示例县 · 2026年12月" in bureau.text
        heads = [head.split() for head in bureau.page.locator(".step h3").all_inner_texts()]
        assert [name for name, _ in heads] == [
            "资料",
            "征集",
            "排班",
            "核对",
            "公示",
            "执行",
            "结账",
        ]
        states = "已完成 已完成 已完成 已完成 已完成 未开始 未开始"
        assert [state for _, state in heads] == states.split()
        assert bureau.axe() == []
        width = bureau.page.evaluate("document.documentElement.scrollWidth")
        assert width <= bureau.page.viewport_size["width"]


def test_a_bureau_goes_to_a_township(shared_pages: CountyPages):
    with shared_pages.visitor("bureau", java_script_enabled=False) as bureau:
        bureau.open(f"/office/{COUNTY}")
        bureau.page.get_by_label("区划").select_option(EAST)
        bureau.press("切换")
        assert bureau.page.url.endswith(f"/office/{EAST}")
        assert "示例东街道" in bureau.text
    with shared_pages.visitor("bureau", phone=True) as bureau:
        bureau.open(f"/office/{EAST}/areas")
        assert bureau.axe() == []


def test_an_area_without_data_is_told_to_import(shared_pages: CountyPages):
    with shared_pages.visitor("elsewhere") as elsewhere:
        elsewhere.open("/")
        assert "下一步：导入资料" in elsewhere.text
        assert elsewhere.axe() == []


def test_a_township_sees_no_other(shared_pages: CountyPages):
    with shared_pages.visitor("west") as west:
        assert west.open(f"/office/{EAST}").status == 404
        assert west.open(f"/office/{COUNTY}").status == 404
