"""The board of a roster: views, panel, changes by hand, undo, two people at once."""

from __future__ import annotations

import re

import pytest

from tests.api.pages.visitor import CountyPages, Visitor
from tests.api.service.county import COUNTY

SLOT = "c-slot-Z000-咨询@20261208am"
EMPTY = "c-slot-Z000-咨询@20261208pm"
WEEK = "?week=2026-12-07"
VIEWS = ("posts", "people", "villages", "sites", "day")


@pytest.fixture
def here(shared_pages: CountyPages) -> str:
    """Make a draft of the published county roster and return the address of its board."""
    ask = shared_pages.county.got
    listed = ask("bureau", "GET", f"areas/{COUNTY}/rosters?stage=published")["items"]
    made = ask("bureau", "POST", f"rosters/{listed[0]['id']}/draft", 201, json={})
    return f"/office/{COUNTY}/rosters/{made['id']}"


def cell(reader: Visitor, key: str = SLOT) -> str:
    return reader.page.locator(f"[id='{key}']").inner_text()


def waits_for(reader: Visitor, key: str, text: str) -> None:
    reader.page.locator(f"[id='{key}']", has_text=text).wait_for()


def opens(reader: Visitor, key: str) -> None:
    reader.page.locator(f"[id='{key}']").focus()
    reader.page.keyboard.press("Enter")
    reader.page.locator("#panel h2").wait_for()


def rows(pages: CountyPages, here: str) -> set[tuple[str, str, str]]:
    found = pages.county.got("bureau", "GET", f"rosters/{here.rpartition('/')[2]}/rows")
    return {(row["date"], row["part"], row["person"]) for row in found["duties"]}


@pytest.mark.parametrize("phone", [False, True])
def test_every_view_is_clean(shared_pages: CountyPages, here: str, phone: bool):
    with shared_pages.visitor("bureau", phone=phone) as bureau:
        for view in VIEWS:
            bureau.open(f"{here}{WEEK}&view={view}&day=2026-12-08")
            assert "例丙" in bureau.text or view in ("villages", "sites")
            assert bureau.axe() == []
            width = bureau.page.evaluate("document.documentElement.scrollWidth")
            assert width <= bureau.page.viewport_size["width"]


def test_filters_stand_in_the_address(shared_pages: CountyPages, here: str):
    with shared_pages.visitor("bureau") as bureau:
        bureau.open(f"{here}{WEEK}")
        bureau.page.get_by_label("乡镇街道").select_option("410105001")
        bureau.press("筛选")
        bureau.page.wait_for_url("**township=410105001**")
        heads = bureau.page.locator("table.board tbody th").all_inner_texts()
        assert [head.split("\n")[0] for head in heads] == ["示例东街道公共法律服务工作站"]


def test_a_candidate_is_chosen_undone_and_done_again_by_keys(shared_pages: CountyPages, here: str):
    before = rows(shared_pages, here)
    with shared_pages.visitor("bureau") as bureau:
        bureau.open(f"{here}{WEEK}")
        opens(bureau, SLOT)
        assert "可以接替 例丙 的人" in bureau.text
        assert bureau.axe() == []
        bureau.press("选用 例丁")
        waits_for(bureau, SLOT, "例丁")
        assert bureau.page.evaluate("document.activeElement.id") == SLOT
        assert rows(shared_pages, here) == before - {("2026-12-08", "am", "L003")} | {
            ("2026-12-08", "am", "L004")
        }
        bureau.page.keyboard.press("Control+z")
        waits_for(bureau, SLOT, "例丙")
        assert rows(shared_pages, here) == before
        bureau.page.keyboard.press("Control+y")
        waits_for(bureau, SLOT, "例丁")


def test_arrows_move_and_delete_empties(shared_pages: CountyPages, here: str):
    with shared_pages.visitor("bureau") as bureau:
        bureau.open(f"{here}{WEEK}")
        bureau.page.locator(f"[id='{SLOT}']").focus()
        bureau.page.keyboard.press("ArrowDown")
        assert bureau.page.evaluate("document.activeElement.id") == EMPTY
        bureau.page.keyboard.press("ArrowUp")
        bureau.page.keyboard.press("ArrowRight")
        assert bureau.page.evaluate("document.activeElement.id").endswith("20261209am")
        bureau.page.keyboard.press("ArrowLeft")
        bureau.page.keyboard.press("Delete")
        waits_for(bureau, SLOT, "缺 1 人")


def test_what_a_change_breaks_and_mends_is_told_and_marked(shared_pages: CountyPages, here: str):
    """L003 holds the morning of the 8th; the afternoon of the 7th is L001's colleague's to take."""
    ask = shared_pages.county.got
    roster = here.rpartition("/")[2]
    duty = {"post": "Z001-咨询", "date": "2026-12-08", "part": "am", "person": "L003"}
    made = ask(
        "bureau",
        "PATCH",
        f"rosters/{roster}/rows",
        json={"after": {"duty": duty}},
        headers={"If-Match": '"1"'},
    )
    assert made["new"]
    with shared_pages.visitor("bureau") as bureau:
        bureau.open(f"{here}{WEEK}")
        assert f"硬性违规 {made['hard']}" in bureau.text
        assert bureau.page.locator(f"[id='{SLOT}'].wrong").count() == 1
        opens(bureau, SLOT)
        bureau.press("留空")
        bureau.page.locator("#told", has_text="已消除").wait_for()
        assert bureau.page.locator(f"[id='{SLOT}'].wrong").count() == 0


def test_another_place_is_kept_and_the_same_place_is_told(shared_pages: CountyPages, here: str):
    with shared_pages.visitor("bureau") as one, shared_pages.visitor("bureau") as other:
        for reader in (one, other):
            reader.open(f"{here}{WEEK}")
        opens(one, SLOT)
        one.press("选用 例丁")
        waits_for(one, SLOT, "例丁")
        opens(other, EMPTY)  # elsewhere: nothing is lost, and both see it
        other.page.get_by_role("button", name=re.compile("^选用")).first.click()
        waits_for(other, SLOT, "例丁")
        one.open(f"{here}{WEEK}&seen=1")
        assert "缺" not in cell(one, EMPTY)


def test_the_same_place_changed_by_two_shows_both(shared_pages: CountyPages, here: str):
    with shared_pages.visitor("bureau") as late:
        late.open(f"{here}{WEEK}")
        opens(late, SLOT)
        roster = here.rpartition("/")[2]
        old = {"post": "Z000-咨询", "date": "2026-12-08", "part": "am", "person": "L003"}
        new = old | {"person": "L001"}
        edit = {"before": {"duty": old}, "after": {"duty": new}}
        shared_pages.county.got(
            "bureau", "PATCH", f"rosters/{roster}/rows", json=edit, headers={"If-Match": '"1"'}
        )
        late.press("选用 例丁")
        late.page.locator(".clash").wait_for()
        assert "例甲" in late.page.locator(".clash").inner_text()
        assert "例甲" in cell(late)
        assert late.axe() == []
        late.press("改为我的")
        waits_for(late, SLOT, "例丁")


def test_what_another_did_shows_by_itself(shared_pages: CountyPages, here: str):
    with shared_pages.visitor("bureau") as reader:
        reader.open(f"{here}{WEEK}")
        old = {"post": "Z000-咨询", "date": "2026-12-08", "part": "am", "person": "L003"}
        path = f"rosters/{here.rpartition('/')[2]}/rows"
        edit = {"before": {"duty": old}}
        shared_pages.county.got("bureau", "PATCH", path, json=edit, headers={"If-Match": '"1"'})
        waits_for(reader, SLOT, "缺 1 人")


def test_a_pin_is_set_and_lifted(shared_pages: CountyPages, here: str):
    with shared_pages.visitor("bureau") as bureau:
        bureau.open(f"{here}{WEEK}")
        opens(bureau, SLOT)
        bureau.press("固定")
        bureau.page.locator(f"[id='{SLOT}'] .pin").wait_for()
        opens(bureau, SLOT)
        bureau.press("取消固定")
        bureau.page.locator(f"[id='{SLOT}'] .pin").wait_for(state="detached")
        assert shared_pages.county.got("bureau", "GET", f"areas/{COUNTY}/pins")["items"] == []


def test_all_works_without_script(shared_pages: CountyPages, here: str):
    with shared_pages.visitor("bureau", java_script_enabled=False) as bureau:
        bureau.open(f"{here}{WEEK}")
        bureau.page.locator(f"[id='{SLOT}']").click()
        bureau.press("选用 例丁")
        assert "例丁" in cell(bureau)
        bureau.page.locator("#undo").click()
        assert "例丙" in cell(bureau)
        bureau.page.locator("#undo").wait_for()
        assert bureau.page.locator("#undo").is_disabled()


def test_a_published_roster_is_read_and_copied(shared_pages: CountyPages):
    listed = shared_pages.county.got("bureau", "GET", f"areas/{COUNTY}/rosters?stage=published")
    with shared_pages.visitor("bureau") as bureau:
        bureau.open(f"/office/{COUNTY}/rosters/{listed['items'][0]['id']}{WEEK}")
        opens(bureau, SLOT)
        assert bureau.page.get_by_role("button", name=re.compile("^选用")).count() == 0
        bureau.page.keyboard.press("Escape")
        bureau.press("据此建草稿")
        bureau.page.locator("#undo").wait_for()


def test_another_office_does_not_see_a_draft(shared_pages: CountyPages, here: str):
    for account in ("east", "elsewhere", "L001"):
        with shared_pages.visitor(account) as reader:
            assert reader.open(here).status == 404
            assert reader.open(f"{here}/state").status == 404


@pytest.mark.parametrize("phone", [False, True])
def test_the_map_runs_under_the_policy_and_leads_back(
    shared_pages: CountyPages, here: str, phone: bool
):
    with shared_pages.visitor("bureau", phone=phone) as bureau:
        found = bureau.open(f"{here}/map")
        assert found.headers["content-security-policy"].startswith("default-src 'self'")
        bureau.page.locator("body[data-ready=yes]").wait_for()
        assert bureau.page.locator("#map .village").count() == 1
        bureau.page.goto(f"{bureau.address}{here}/map#person=L001")
        bureau.page.get_by_role("link", name="为什么 Why").wait_for()
        bureau.press("回到排班表", role="link")
        bureau.page.locator("#board").wait_for()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("kind=slot&target=Z000-咨询@20261208am", "由 例丙 承担：单程"),
        ("kind=slot&target=Z000-咨询@20261208pm", "人可以安排，最合适的是"),
        ("kind=village&target=410105001001", "示例一社区的顾问由 例甲 承担"),
        ("kind=site&target=Z000", "示例县公共法律服务中心的调解员空着"),
        ("kind=person&target=L003", "例丙（基层法律服务工作者）本月值班 3 次"),
    ],
)
def test_why_answers_in_one_sentence(shared_pages: CountyPages, here: str, asked: str, told: str):
    with shared_pages.visitor("bureau") as bureau:
        assert bureau.open(f"{here}/why?{asked}").status == 200
        assert told in bureau.page.locator(".sentence").inner_text()
        assert bureau.axe() == []


def test_a_way_to_mend_is_an_edit_of_the_draft(shared_pages: CountyPages, here: str):
    with shared_pages.visitor("bureau") as bureau:
        bureau.open(f"{here}/why?kind=slot&target=Z000-咨询@20261208pm")
        bureau.page.get_by_role("button", name=re.compile("^安排")).first.click()
        bureau.page.locator("#board").wait_for()
        assert "2026-12-08" in {day for day, part, _ in rows(shared_pages, here) if part == "pm"}


def test_what_nobody_knows_is_not_found(shared_pages: CountyPages, here: str):
    with shared_pages.visitor("bureau") as bureau:
        assert bureau.open(f"{here}/why?kind=person&target=X9").status == 404
        assert bureau.open(f"{here}/cell?kind=village&target=X9").status == 404
        assert bureau.open(f"{here}/why?kind=slot&target=X9").status == 422
