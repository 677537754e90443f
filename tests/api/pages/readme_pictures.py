"""Pictures of pages for the READMEs, of Jinshui's made-up month: ``python -m tests.api.pages.readme_pictures``."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from api.actions.planning import plan
from models.store.database.store import Store
from models.store.plans.drafts import put_draft
from models.store.plans.instances import current_instance, put_instance, set_current
from models.store.plans.publishing import publish
from models.store.tables.access_tables import User
from scenarios.generator.catalogue import load
from solver.limits import Limits, Stage
from tests.api.pages.visitor import CountyPages
from tests.api.service.county import COUNTY, county, seed

FOLDER = Path(__file__).parents[3] / "api" / "pages" / "pictures"
SECONDS = 60.0
PAGES = {
    "month": ("bureau", "/office/{area}", False),
    "board": ("bureau", "/office/{area}/rosters/{roster}", False),
    "mine": ("L001", "/me", True),
}
"""File, who looks, the page, whether on a phone."""


def fill(folder: Path) -> int:
    """Plan and publish Jinshui's month beside the accounts of the made-up county; return a draft of it."""
    instance = load("jinshui", seed=1)
    made = plan(instance, Stage.ALL, Limits(seconds=SECONDS, seed=1), lambda _: None)
    with Store.open(folder) as store, store.begin() as session:
        key = put_instance(session, instance, area=COUNTY, by="test")
        known = current_instance(session, COUNTY)
        set_current(session, COUNTY, key, revision=known.revision if known else 0, by="test")
        drafts = [
            put_draft(session, made.roster, made.report, area=COUNTY, by="test").id
            for _ in range(2)
        ]
        publish(session, drafts[0], by="test", over=1)
        lawyer = session.get(User, "L001")
        assert lawyer is not None
        lawyer.person = made.roster.duties[0].person
    return drafts[1]


def take_pictures(browser: Browser, pages: CountyPages, roster: int) -> None:
    """Write every picture."""
    FOLDER.mkdir(exist_ok=True)
    for name, (account, path, phone) in PAGES.items():
        with pages.visitor(account, phone=phone) as reader:
            reader.open(path.format(area=COUNTY, roster=roster))
            reader.page.wait_for_load_state("networkidle")
            reader.page.screenshot(path=FOLDER / f"{name}.jpg", type="jpeg", quality=70)


def main() -> None:
    """Write the pictures where the READMEs take them from."""
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder = Path(made) / "data"
        tokens = seed(folder)
        roster = fill(folder)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        with county(folder, tokens, folder, secure_cookies=False) as running:
            take_pictures(browser, CountyPages(running, browser), roster)
        browser.close()


if __name__ == "__main__":
    main()
