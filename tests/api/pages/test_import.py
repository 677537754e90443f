"""Import by clicking: a workbook with mistakes, the marked copy, the mended one, what changes, the yes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from api.jobs.crew import start_workers
from api.settings import ServiceSettings
from models.formats.write import write_workbook
from tests.api.pages.visitor import CountyPages, Visitor
from tests.api.service.county import COUNTY, county, data

IMPORT = f"/office/{COUNTY}/import"


@pytest.fixture
def pages_at_work(
    seeded: tuple[Path, dict[str, str]], tmp_path: Path, browser: Browser
) -> Iterator[CountyPages]:
    folder = tmp_path / "data"
    jobs = ServiceSettings(data=folder).jobs
    with county(*seeded, folder, secure_cookies=False) as running, start_workers(1, jobs):
        yield CountyPages(running, browser)


def _upload(clerk: Visitor, book: Path) -> None:
    clerk.open(IMPORT)
    clerk.page.get_by_label("选择文件").set_input_files(book)
    clerk.press("上传并检查")
    expect(clerk.page.locator("h1")).to_have_text(re.compile("需要改正|读取无误"), timeout=60_000)


def test_a_workbook_is_mended_confirmed_and_leave_is_not_lost(
    pages_at_work: CountyPages, tmp_path: Path
):
    instance = data()
    person = instance.people[0]
    renamed = person.model_copy(update={"name": "例新名"})
    changed = instance.model_copy(update={"people": (renamed, *instance.people[1:])})
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    write_workbook(changed, good)
    book = load_workbook(good)
    sheet = book["人员"]
    heads = {cell.value: cell.column for row in sheet.iter_rows() for cell in row}
    sheet.cell(sheet.max_row, heads["人员类别"]).value = "宇航员"
    book.save(bad)
    with pages_at_work.visitor("bureau") as clerk:
        clerk.open(IMPORT)
        assert clerk.axe() == []
        _upload(clerk, bad)
        assert "宇航员" in clerk.text
        assert clerk.axe() == []
        link = clerk.page.get_by_role("link", name="下载标出问题的表格").get_attribute("href")
        marked = clerk.page.request.get(clerk.address + str(link))
        assert len(load_workbook(io.BytesIO(marked.body())).sheetnames) > len(book.sheetnames)
        leave = {"person": "L001", "first": "2026-12-21", "last": "2026-12-21"}
        ask = pages_at_work.county.got
        key = ask("L001", "POST", f"areas/{COUNTY}/requests/leave", 201, json=leave)["id"]
        ask("bureau", "POST", f"requests/{key}/accept", json={})
        _upload(clerk, good)
        assert "例新名" in clerk.text
        assert clerk.axe() == []
        clerk.press("启用这份资料")
        assert "资料已启用" in clerk.text
        assert "12月21日" in clerk.text
        now = ask("bureau", "GET", f"areas/{COUNTY}/data/leave")["items"]
        assert "2026-12-21" in [row["first"] for row in now]


def test_the_template_is_a_workbook(shared_pages: CountyPages):
    with shared_pages.visitor("bureau") as clerk:
        clerk.open(IMPORT)
        answer = clerk.page.request.get(f"{clerk.address}{IMPORT}/template.xlsx")
        assert "人员" in load_workbook(io.BytesIO(answer.body())).sheetnames
