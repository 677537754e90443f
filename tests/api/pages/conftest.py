"""Pages in a real browser: Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.api.pages.visitor import CountyPages, Visitor
from tests.api.service.county import county

CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give the machine's Chromium, without a window.

    Playwright keeps a loop of asyncio at work in this thread; tests of other modules run loops of their own.
    """
    if CHROMIUM is None:
        pytest.skip("needs Chromium: pages are tried in a real browser")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def shared_pages(
    seeded: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[CountyPages]:
    """Give a county whose pages are looked at by tests that leave everything as they found it."""
    folder = tmp_path_factory.mktemp("pages") / "data"
    with county(*seeded, folder, secure_cookies=False) as running:
        yield CountyPages(running, browser)


@pytest.fixture
def own_pages(
    seeded: tuple[Path, dict[str, str]], tmp_path: Path, browser: Browser
) -> Iterator[CountyPages]:
    """Give a county of the test's own."""
    with county(*seeded, tmp_path / "data", secure_cookies=False) as running:
        yield CountyPages(running, browser)


@pytest.fixture
def visitor(shared_pages: CountyPages) -> Iterator[Visitor]:
    """Give somebody at a desk who has not signed in."""
    with shared_pages.visitor() as found:
        yield found
