"""Every form of every page, sent empty, with nonsense and without its token: no fault, nothing told."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from api import pages
from tests.api.pages.visitor import CountyPages
from tests.api.service.county import COUNTY

PARTS = {"area": COUNTY, "roster": "1", "month": "2026-12", "key": "1", "job": "none"}
NONSENSE = ("", "很多", "-1", "9" * 30, "2026-13-45", "'; drop table users; --", "<b>x</b>", "\x00")
FIELDS = (
    *("version", "revision", "how", "why", "person", "first", "last", "part", "kind", "value"),
    *("rule", "field", "profile", "seconds", "seed", "stage", "acknowledge", "over", "prefer"),
    *("name", "password", "old", "new", "to", "answer", "rest_held", "presence:x", "hours:x"),
)


def _forms() -> Iterator[str]:
    for router in pages.ROUTERS:
        for route in router.routes:
            if "POST" in getattr(route, "methods", ()):
                yield route.path


def _address(path: str) -> str:
    return re.sub(r"{(\w+)[^}]*}", lambda found: PARTS.get(found[1], "x"), path)


@pytest.fixture(scope="module")
def sender(shared_pages: CountyPages) -> Iterator[httpx.Client]:
    cookie = shared_pages.session("bureau")
    jar = {cookie["name"]: cookie["value"]}
    with httpx.Client(
        base_url=shared_pages.address,
        cookies=jar,
        trust_env=False,
        timeout=60,
        headers={"Accept": "text/html"},
    ) as found:
        yield found


def test_there_are_forms():
    assert len(set(_forms())) > 20


@pytest.mark.parametrize("path", sorted(set(_forms()) - {"/sign-out", "/sign-in"}))
def test_a_form_of_nonsense_is_refused_in_words(sender: httpx.Client, path: str):
    token = shared_token(sender)
    for word in NONSENSE:
        fields = dict.fromkeys(FIELDS, word) | {"csrf": token}
        answer = sender.post(_address(path), data=fields)
        assert answer.status_code < 500, (word, answer.text[:2000])
    assert sender.post(_address(path), data={"csrf": token}).status_code < 500
    assert sender.post(_address(path), data={}).status_code == 403


def shared_token(sender: httpx.Client) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', sender.get("/password").text)
    assert found is not None
    return found[1]
