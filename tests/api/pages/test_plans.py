"""Publication as an office does it: preview, what stands against it, the state afterwards."""

from __future__ import annotations

from tests.api.pages.visitor import CountyPages
from tests.api.service.county import COUNTY


def _draft(pages: CountyPages) -> int:
    county = pages.county
    published = county.got("bureau", "GET", f"areas/{COUNTY}/rosters?stage=published")["items"][0]
    made = county.got("bureau", "POST", f"rosters/{published['id']}/draft", 201, json={})
    return int(made["id"])


def test_a_preview_tells_changes_and_publishing_asks_once(own_pages: CountyPages):
    roster = _draft(own_pages)
    county = own_pages.county
    version = county.ask("bureau", "GET", f"rosters/{roster}").headers["etag"]
    before = {"duty": {"post": "Z000-咨询", "date": "2026-12-09", "part": "am", "person": "L002"}}
    after = {"duty": before["duty"] | {"person": "L004"}}
    county.got(
        "bureau",
        "PATCH",
        f"rosters/{roster}/rows",
        json={"before": before, "after": after},
        headers={"If-Match": version},
    )
    with own_pages.visitor("bureau") as bureau:
        bureau.open(f"/office/{COUNTY}/rosters/{roster}/publish")
        assert "1 处变动，涉及 2 人" in bureau.text
        assert "2 人没有日历订阅链接" in bureau.text
        assert bureau.axe() == []
        for box in bureau.page.locator("[name=acknowledge]").all():
            box.check()
        bureau.press("发布")
        assert "已发布" in bureau.text
        assert "第 2 版" in bureau.text
        bureau.page.get_by_text("撤回发布").click()
        bureau.page.get_by_label("撤回理由").fill("演练")
        bureau.press("撤回")
        assert "已撤回" in bureau.text


def test_an_overtaken_draft_is_shown_with_both_sides_and_merged(own_pages: CountyPages):
    first, second = _draft(own_pages), _draft(own_pages)
    with own_pages.visitor("bureau") as bureau:
        for roster in (first, second):
            bureau.open(f"/office/{COUNTY}/rosters/{roster}/publish")
            if roster == second:
                assert "草稿之后又发布了新版" in bureau.text
                bureau.press("合并成新草稿")
                assert f"/rosters/{second}/" not in bureau.page.url
            for box in bureau.page.locator("[name=acknowledge]").all():
                box.check()
            bureau.press("发布")
            assert "撤回发布" in bureau.text


def test_another_area_sees_nothing(own_pages: CountyPages):
    roster = _draft(own_pages)
    with own_pages.visitor("west") as west:
        assert west.open(f"/office/{COUNTY}/rosters/{roster}/publish").status == 404
    with own_pages.visitor("L001") as lawyer:
        assert lawyer.open(f"/office/{COUNTY}/rosters/{roster}/publish").status == 404
