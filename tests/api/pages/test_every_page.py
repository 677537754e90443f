"""Every page as every role: pages are found by walking the routes, what each role may see by the policy.

A new page is tried without being named here, unless its address has a part that ``EXAMPLES`` does not
know; then it is tried only as a stranger.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from api.access.actions import Action
from api.access.policy import GRANTS, Reach, may_public
from api.access.roles import Role
from api.pages import ROUTERS
from tests.api.pages.visitor import CountyPages
from tests.api.service.county import ACCOUNTS, COUNTY, EAST

OPEN = {"/", "/sign-in", "/language", "/me/worker.js"}
"""Beside static files what is there for everybody, signed in or not, and is no page with a role."""
ROLES = ("bureau", "east", "firm", "L001")
EXAMPLES = {
    "village": "410105001001",
    "day": "2026-12-07",
    "part": "am",
    "month": "2026-12",
    "table": "people",
    "task": "upload",
}
"""What the parts of addresses may be, beside the area, its roster and a request."""
OF_OWN_DATA = {"/office/{area}/figures/report"}
"""Pages about the data of an area, which a township office without data of its own does not see."""
WIDTHS = {"desk": 1280, "zoomed": 640, "phone": 360}
"""CSS pixels; at 200 % a desk of 1280 has 640."""


class Page(NamedTuple):
    """A page that is read: its address, and the actions that its guard names."""

    path: str
    actions: frozenset[Action]
    parts: frozenset[str]

    @property
    def is_known(self) -> bool:
        """Whether an example of its address can be given."""
        return self.parts <= {"area", "roster", "key", *EXAMPLES}

    def at(self, area: str, roster: int, request: int) -> str:
        """Return an address of the page."""
        values = EXAMPLES | {"area": area, "roster": str(roster), "key": str(request)}
        return re.sub(r"\{(\w+)\}", lambda part: values.get(part[1], "1"), self.path)


def _actions(dependant: Any) -> Iterator[Action]:
    for one in dependant.dependencies:
        if getattr(one.call, "__qualname__", "") == "require.<locals>.grant":
            yield inspect.getclosurevars(one.call).nonlocals["action"]
        yield from _actions(one)


def _asked_for(dependant: Any) -> frozenset[str]:
    """Return the parts of the query without which the page says that something is missing."""
    return frozenset(one.alias for one in dependant.query_params if one.field_info.is_required())


def _pages() -> list[Page]:
    return [
        Page(
            route.path,
            frozenset(_actions(route.dependant)),
            frozenset(re.findall(r"\{(\w+)\}", route.path)) | _asked_for(route.dependant),
        )
        for router in ROUTERS
        for route in router.routes
        if "GET" in route.methods and route.path not in OPEN
        if not route.path.startswith("/static/")
    ]


PAGES = _pages()
ids = [page.path for page in PAGES]


def allowed(page: Page, account: str) -> int | None:
    """Return the status that the policy gives an account for a page of its own area, None if open."""
    role: Role = ACCOUNTS[account]["role"]
    own = {"me": Reach.OWN_PERSON, "firm": Reach.OWN_FIRM}.get(page.path.split("/")[1], Reach.AREA)
    if account == "east" and page.path in OF_OWN_DATA:
        return 404
    status = None
    for action in page.actions:
        if may_public(action):
            continue
        may, knows = (_reaches(one, role, own) for one in (action, action.shown_by))
        status = 200 if may and status in (None, 200) else 403 if knows and not may else 404
    return status


def _reaches(action: Action, role: Role, own: Reach) -> bool:
    """Whether a role's right reaches pages about an area, a firm or a person of its own."""
    reach = GRANTS[action].get(role)
    if own is Reach.AREA:
        return reach is Reach.AREA
    has_one = {Reach.OWN_PERSON: Role.ADVISER, Reach.OWN_FIRM: Role.FIRM}[own]
    return reach is own and role is has_one


class Asked(NamedTuple):
    """A county of which every page is asked for, with a roster of each area and a request."""

    pages: CountyPages
    rosters: dict[str, int]
    request: int

    def address(self, page: Page, account: str) -> str:
        """Return a page's address in the area of an account."""
        area = EAST if account == "east" else COUNTY
        return page.at(area, self.rosters[area], self.request)

    def get(self, path: str, account: str | None = None, **headers: str) -> httpx.Response:
        """Ask as a browser does."""
        cookies = {"zhiban_session": self.pages.session(account)["value"]} if account else {}
        return httpx.get(
            self.pages.address + path,
            cookies=cookies,
            headers={"accept": "text/html", "accept-language": "zh-CN"} | headers,
            trust_env=False,
            timeout=30,
        )


@pytest.fixture(scope="module")
def asked(shared_pages: CountyPages) -> Asked:
    own = shared_pages.county
    rosters = {
        area: own.got("bureau", "GET", f"areas/{area}/rosters")["items"][0]["id"]
        for area in (COUNTY, EAST)
    }
    leave = {"person": "L001", "first": "2026-12-24", "last": "2026-12-24"}
    made = own.got("bureau", "POST", f"areas/{COUNTY}/requests/leave", 201, json=leave)
    return Asked(shared_pages, rosters, made["id"])


def test_pages_are_found():
    assert {"/office/{area}", "/me", "/firm", "/public/{area}/today"} <= set(ids)


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_a_stranger_sees_what_the_policy_gives_all(asked: Asked, page: Page):
    found = asked.get(asked.address(page, "bureau"))
    if page.actions and all(may_public(action) for action in page.actions):
        assert found.status_code in (200, 404)
    elif page.path.startswith("/help"):
        assert found.status_code == 200
    else:
        assert found.status_code in (303, 401), found.text[:300]
        assert found.headers.get("location", "/sign-in").startswith("/sign-in")


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_each_role_sees_what_the_policy_gives_it(asked: Asked, page: Page):
    if not page.is_known:
        pytest.skip("an address of it cannot be given")
    for account in ROLES:
        found = asked.get(asked.address(page, account), account)
        expected = allowed(page, account)
        if expected is not None:
            assert found.status_code == expected, (account, found.text[:300])
        assert found.status_code in (200, 303, 403, 404), (account, found.status_code)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.path.startswith(("/office/", "/me", "/firm"))]
)
def test_a_bureau_elsewhere_learns_nothing(asked: Asked, page: Page):
    found = asked.get(asked.address(page, "bureau"), "elsewhere")
    assert found.status_code == 404


SEEN = [
    page
    for page in PAGES
    if page.is_known and not page.path.endswith(".xlsx") and page.path != "/office"
]


def reader_of(page: Page, *, phone: bool) -> str | None:
    """Return who reads a page: at a desk the bureau, on a phone a township office, where both may."""
    readers = [account for account in ROLES if allowed(page, account) == 200]
    if page.path == "/password":
        readers = ["east"]
    return (readers[1:2] or readers)[0] if phone and readers else next(iter(readers), None)


def _document(answer: httpx.Response) -> str:
    """Return the text of a page; what scripts ask for is none."""
    if "<html" not in answer.text:
        pytest.skip("it is no page of its own")
    return answer.text


@pytest.mark.parametrize("page", SEEN, ids=[page.path for page in SEEN])
def test_a_page_is_whole_without_script(asked: Asked, page: Page):
    account = reader_of(page, phone=False)
    text = _document(asked.get(asked.address(page, account or "bureau"), account))
    assert text.count("<h1") == 1
    assert not re.search(r"<script(?![^>]*(?:\bsrc=|/json))|\son\w+=|\sstyle=|<style", text)
    assert not re.search(r"""(?:src|action)=["'](?:https?:)?//""", text)
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.DOTALL):
        assert 'name="csrf"' in form or 'action="/sign-in"' in form
        assert "<button" in form


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("page", SEEN, ids=[page.path for page in SEEN])
def test_a_page_is_clean_at_every_width(asked: Asked, page: Page, phone: bool):
    account = reader_of(page, phone=phone)
    with asked.pages.visitor(account, phone=phone) as reader:
        found = reader.open(asked.address(page, account or "bureau"))
        assert found.status == 200
        if not found.headers["content-type"].startswith("text/html"):
            pytest.skip("it is no page of its own")
        for width in (WIDTHS["phone"],) if phone else (WIDTHS["zoomed"], WIDTHS["desk"]):
            reader.page.set_viewport_size({"width": width, "height": 800})
            wide = reader.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width
        assert reader.axe() == []
