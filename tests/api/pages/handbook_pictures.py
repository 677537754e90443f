"""Pictures of the handbook, taken of a made-up county: ``python -m tests.api.pages.handbook_pictures``."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from api.pages.help.handbook import tasks
from tests.api.pages.visitor import CountyPages
from tests.api.service.county import COUNTY, county, seed

STATIC = Path(__file__).parents[3] / "api" / "pages" / "help" / "static"
SIZE = {"width": 960, "height": 600}
QUALITY = 55
"""Per cent; readable, and some 30 kB a picture."""


def take_pictures(pages: CountyPages, folder: Path) -> list[str]:
    """Take a picture of every task's page that is there; return the tasks that have one."""
    roster = pages.county.got("bureau", "GET", f"areas/{COUNTY}/rosters")["items"][0]["id"]
    taken = []
    with pages.visitor("bureau", viewport=SIZE) as clerk:
        for task in tasks():
            path = task.picture.replace("{area}", COUNTY).replace("{roster}", f"{roster}")
            if clerk.open(path).status == 200:
                file = folder / f"{task.key}.jpg"
                clerk.page.screenshot(path=file, type="jpeg", quality=QUALITY)
                taken.append(task.key)
    return taken


def main() -> None:
    """Write the pictures where the handbook takes them from."""
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        seeded = Path(made) / "seeded"
        tokens = seed(seeded)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        with county(seeded, tokens, Path(made) / "data", secure_cookies=False) as running:
            print(*take_pictures(CountyPages(running, browser), STATIC))
        browser.close()


if __name__ == "__main__":
    main()
