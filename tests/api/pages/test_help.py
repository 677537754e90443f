"""The clerk's handbook: ten tasks in two languages, with pictures of pages that are there."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from api.pages.help.handbook import tasks
from tests.api.pages.handbook_pictures import STATIC, take_pictures
from tests.api.pages.visitor import CountyPages

MOST_BYTES = 80_000


def test_the_handbook_has_ten_tasks_in_their_order(shared_pages: CountyPages):
    with shared_pages.visitor(phone=True) as reader:
        reader.open("/help")
        assert reader.page.locator(".tasks li").count() == 10
        assert reader.axe() == []
        reader.press("上传资料", "link")
        for number in range(1, 11):
            assert reader.page.locator("h1").inner_text().startswith(f"{number}. ")
            assert reader.page.locator(".steps li").count() >= 3
            if number < 10:
                reader.page.locator("[rel=next]").click()
                reader.page.wait_for_url(f"**/{tasks()[number].key}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_task_is_told_in_both_languages(shared_pages: CountyPages, language: str):
    for task in tasks():
        found = httpx.get(
            f"{shared_pages.address}/help/{task.key}",
            headers={"accept-language": language},
            trust_env=False,
        )
        assert (task.en if language == "en" else task.zh) in found.text
        assert (task.steps_en if language == "en" else task.steps_zh)[0] in found.text


def test_pictures_show_pages_that_are_there(shared_pages: CountyPages, tmp_path: Path):
    taken = take_pictures(shared_pages, tmp_path)
    kept = {path.stem for path in STATIC.glob("*.jpg")}
    assert kept <= set(taken)
    for path in STATIC.glob("*.jpg"):
        assert path.stat().st_size < MOST_BYTES
