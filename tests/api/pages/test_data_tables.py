"""Tables of the data: found, changed row by row with the check's issues, deleted."""

from __future__ import annotations

from tests.api.pages.visitor import CountyPages
from tests.api.service.county import COUNTY

DATA = f"/office/{COUNTY}/data"


def test_rows_are_found_and_every_table_opens(shared_pages: CountyPages):
    with shared_pages.visitor("bureau") as bureau:
        bureau.open(f"{DATA}/people?find=例甲")
        assert bureau.page.locator("tbody tr").count() == 1
        assert bureau.axe() == []
        links = bureau.page.locator(".tabs a").all()
        for address in [link.get_attribute("href") for link in links]:
            assert bureau.open(str(address)).status == 200


def test_a_row_is_added_refused_in_words_changed_and_deleted(own_pages: CountyPages):
    with own_pages.visitor("bureau") as bureau:
        bureau.open(f"{DATA}/leave/row")
        assert bureau.axe() == []
        bureau.page.get_by_label("人员编号").fill("L001")
        bureau.page.get_by_label("开始日期").fill("某天")
        bureau.press("保存")
        assert "某天" in bureau.page.locator("[role=alert]").inner_text()
        bureau.page.get_by_label("开始日期").fill("2026-12-24")
        bureau.page.get_by_label("结束日期").fill("2026-12-24")
        bureau.press("保存")
        assert "2026-12-24" in bureau.text
        bureau.open(f"{DATA}/leave?find=2026-12-24")
        bureau.page.locator("tbody a").first.click()
        bureau.press("删除这一行")
        bureau.open(f"{DATA}/leave?find=2026-12-24")
        assert "没有这样的行" in bureau.text


def test_a_township_changes_no_people(shared_pages: CountyPages):
    with shared_pages.visitor("east") as east:
        east.open("/office/410105001/data/people")
        fields = {"field:name": "某人", "revision": "1"}
        assert east.send("/office/410105001/data/rules/row", **fields)[0] in {403, 404, 422}
