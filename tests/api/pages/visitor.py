"""Somebody at a screen: signed in or not, at a desk or with a phone; what the browser complains of fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Response

from api.access.accounts import Accounts
from api.access.sessions import Sessions
from models.store.database.store import Store
from tests.api.service.county import County

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}


class Visitor:
    """A browser of one person; requests to other hosts are refused and noted."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.complaints: list[str] = []
        context.route(lambda url: not url.startswith((address, "data:")), self._refuse)
        self.page = context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str) -> Response:
        """Open a page of the service."""
        found = self.page.goto(self.address + path)
        assert found is not None
        return found

    def press(self, name: str, role: Any = "button") -> None:
        """Press a button or follow a link by its words."""
        self.page.get_by_role(role, name=name, exact=True).first.click()

    def send(self, path: str, **fields: str) -> tuple[int, str]:
        """Send a form as a browser would that checks nothing; return status and page."""
        self.open("/password")
        token = self.page.locator("[name=csrf]").first.input_value()
        answer = self.page.request.post(
            self.address + path, form={"csrf": token, **fields}, headers={"Accept": "text/html"}
        )
        return answer.status, answer.text()

    @property
    def text(self) -> str:
        """All that stands on the page."""
        return self.page.inner_text("body")

    def axe(self) -> list[str]:
        """Return what axe finds wrong with the page."""
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]

    def _refuse(self, route: Any) -> None:
        self.complaints.append(f"asked another host: {route.request.url}")
        route.abort()

    def _hear(self, message: Any) -> None:
        if message.type in {"error", "warning"} and "status of 4" not in message.text:
            self.complaints.append(message.text)


class CountyPages:
    """The pages of a running county, opened by whom a test names."""

    def __init__(self, county: County, browser: Browser) -> None:
        self.county = county
        self.browser = browser
        self.address = str(county.client.base_url).rstrip("/")

    @contextmanager
    def visitor(
        self, account: str | None = None, *, phone: bool = False, **wanted: Any
    ) -> Iterator[Visitor]:
        """Give a browser in Chinese; of an account, with its session."""
        context = self.browser.new_context(
            **{"viewport": PHONE if phone else DESK, "locale": "zh-CN"} | wanted
        )
        if account is not None:
            context.add_cookies([self.session(account)])
        try:
            found = Visitor(context, self.address)
            yield found
            assert found.complaints == []
        finally:
            context.close()

    def session(self, account: str) -> Any:
        """Open a session as signing in does, without the time a password takes; return its cookie."""
        with Store.open(self.county.folder) as store:
            accounts = Accounts(store)
            user = accounts.user(account)
            assert user is not None
            token = Sessions(accounts, lambda: self.county.now).open(user)
        return {"name": "zhiban_session", "value": token, "url": self.address}
