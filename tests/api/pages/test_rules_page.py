"""Rules with their numbers and sources, changed by the bureau and given back."""

from __future__ import annotations

from tests.api.pages.visitor import CountyPages
from tests.api.service.county import COUNTY

RULES = f"/office/{COUNTY}/rules"


def test_a_number_is_changed_marked_and_given_back(own_pages: CountyPages):
    with own_pages.visitor("bureau") as bureau:
        bureau.open(f"{RULES}?show=all")
        assert bureau.axe() == []
        box = bureau.page.get_by_label("每月值班上限 turns", exact=True)
        box.fill("很多")
        box.press("Enter")
        assert "很多" in bureau.page.locator("[role=alert]").inner_text()
        box = bureau.page.get_by_label("每月值班上限 turns", exact=True)
        box.fill("5")
        box.press("Enter")
        assert bureau.page.url.endswith("#monthly_cap")
        card = bureau.page.locator("#monthly_cap")
        row = card.locator("tr", has_text="turns")
        assert row.locator("td").first.inner_text() == "5"
        bureau.open(f"{RULES}?show=changed")
        assert bureau.page.locator("section.card").count() == 1
        bureau.press("恢复")
        bureau.open(f"{RULES}?show=changed")
        assert bureau.page.locator("section.card").count() == 0


def test_an_office_reads_rules_but_changes_none(shared_pages: CountyPages):
    with shared_pages.visitor("east") as east:
        east.open("/office/410105001/rules")
        assert "每月值班上限" in east.text
        assert east.page.get_by_role("button", name="修改").count() == 0
        fields = {"revision": "1", "rule": "monthly_cap", "field": "turns", "value": "5"}
        assert east.send("/office/410105001/rules/number", **fields)[0] in {403, 404}
