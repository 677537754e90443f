"""The page of the interface works alone: every part is served here, under a strict policy."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.docs.docs_page import ASSETS, MEDIA, POLICY
from api.docs.openapi_words import TAGS, summary_of
from tests.api.documents.browser import opened
from tests.api.service.office import Office
from tests.api.service.running import serving

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with serving(tmp_path / "data", workers=0) as found:
        yield found


def test_every_part_of_the_page_is_served_under_the_policy(office: Office) -> None:
    page = office.get("", "docs")
    named = re.findall(r'(?:src|href)="(?!data:)([^"]+)"', page.text)
    assert set(named) == {f"docs/{name}" for name in MEDIA} | {"openapi.json"}
    for path in ("docs", *named):
        answer = office.get("", path)
        assert answer.status_code == 200, path
        if path != "openapi.json":
            assert answer.headers["Content-Security-Policy"] == POLICY
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for name in ("LICENSE", "docs.html", "..%2fpage.py", "x.js"):
        assert office.get("", f"docs/{name}").status_code == 404


def test_our_own_parts_name_no_other_host() -> None:
    own = [ASSETS / name for name in ("docs.html", "docs.js", "docs.css")]
    assert [p.name for p in own if re.search(r"https?:|url\(|//\w+\.", p.read_text("utf-8"))] == []
    assert "unsafe" not in POLICY
    assert re.findall(r"https?://\S+", POLICY) == []


def test_what_is_vendored_is_what_its_source_says() -> None:
    told = (ASSETS / "SOURCES.md").read_text("utf-8")
    hashes = dict(re.findall(r"^([0-9a-f]{64})  (\S+)$", told, flags=re.M))
    assert len(hashes) == 5
    for digest, name in hashes.items():
        assert hashlib.sha256((ASSETS / name).read_bytes()).hexdigest() == digest
    assert "Apache License" in (ASSETS / "LICENSE").read_text("utf-8")


def test_every_operation_and_tag_has_words_in_both_languages(office: Office) -> None:
    document = office.get("", "openapi.json").json()
    used, names = set(), set()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            summary, used_here = operation["summary"], operation["tags"]
            zh, _, en = summary.partition(" / ")
            assert CHINESE.search(zh), (path, summary)
            assert re.match("[A-Z]", en), (path, summary)
            assert len(summary) <= 120, (path, summary)
            assert operation["operationId"] not in names
            names.add(operation["operationId"])
            used |= set(used_here)
    assert [tag["name"] for tag in document["tags"]] == list(TAGS)
    assert used == set(TAGS)
    assert all(CHINESE.search(tag["description"]) for tag in document["tags"])
    assert CHINESE.search(document["info"]["description"])


def test_a_summary_is_the_name_and_the_first_words() -> None:
    assert (
        summary_of("发布 / Publish a draft: calendars follow.\n\nMore.") == "发布 / Publish a draft"
    )
    assert summary_of("发布") == "发布"


def test_a_browser_shows_the_page_without_complaint(address: str, tmp_path: Path) -> None:
    link = "#/jobs/solve"
    page, complaints = opened(f"{address}/api/v1/docs{link}", tmp_path, milliseconds=8000)
    assert complaints == ""
    assert 'data-ready="yes"' in page
    assert "公共法律服务排班" in page
    assert "重新核对 / Check a roster anew" in page
    assert page.count('id="operations-tag-') == len(TAGS)
    assert "Pins of the area are kept" in page  # the operation that the link leads to is open
    assert "重复提交同一请求时使用同一个键" in page
