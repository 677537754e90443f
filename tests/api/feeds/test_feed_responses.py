from __future__ import annotations

import datetime as dt
import gzip
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from api.feeds.event import Contents, OpenedFeed, Target
from api.feeds.feed_bytes import entries_of, feed_bytes, window_start
from api.feeds.feed_responses import Conditions, FeedResponses
from api.routes.people.feeds import feed_router
from models.store.database.store import Store
from tests.api.feeds.events import PERSON, SITE, STAMP, VILLAGE, at, column, duty, visit
from tests.api.feeds.published import PublishedFeeds
from tests.api.feeds.serving import serving

NOW = at(26, 9, month=11)
PUBLISHED = dt.datetime(2026, 11, 25, 8, 30, 0, 700_000, tzinfo=dt.UTC)
LAST_MODIFIED = "Wed, 25 Nov 2026 08:30:00 GMT"
PLAIN = {"Accept-Encoding": "identity"}


class Clock:
    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def store(open_store: Callable[[], Store]) -> PublishedFeeds:
    store = PublishedFeeds(open_store())
    store.publish([duty(1), visit(8)], PUBLISHED)
    return store


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[str, dict[str, FastAPI]]]:
    """Serve whatever app a test puts there: one server for all of them."""
    apps: dict[str, FastAPI] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await apps["now"](scope, receive, send)

    with serving(app) as address:
        yield address, apps


@pytest.fixture
def client(
    store: PublishedFeeds, clock: Clock, site: tuple[str, dict[str, FastAPI]]
) -> Iterator[httpx.Client]:
    address, apps = site
    apps["now"] = FastAPI()
    apps["now"].include_router(feed_router(store, FeedResponses(store, clock=clock)))
    with httpx.Client(base_url=address, headers=PLAIN, trust_env=False) as client:
        yield client


def _url(store: PublishedFeeds, target: Target = PERSON) -> str:
    return f"/feeds/{store.issue(target)}.ics"


def test_feed_is_given_with_everything_a_client_needs(client, store):
    answer = client.get(_url(store))
    expected = feed_bytes(PERSON, entries_of(PERSON, store.all_events()), window_start(NOW))
    assert (answer.status_code, answer.content) == (200, expected)
    etag = answer.headers.pop("etag")
    assert (etag[0], etag[-1], len(etag)) == ('"', '"', 34)
    assert dict(answer.headers) == {
        "content-type": "text/calendar; charset=utf-8",
        "content-length": str(len(expected)),
        "content-disposition": "inline; filename=\"zhiban.ics\"; filename*=UTF-8''"
        + quote("例甲 值班日历.ics"),
        "cache-control": "private, max-age=300",
        "last-modified": LAST_MODIFIED,
        "vary": "Accept-Encoding",
        "x-content-type-options": "nosniff",
    }


def test_head_has_the_headers_of_get_and_no_body(client, store):
    url = _url(store)
    head, get = client.head(url), client.get(url)
    assert (head.status_code, head.content, head.headers) == (200, b"", get.headers)


@pytest.mark.parametrize("target", [SITE, VILLAGE], ids=["site", "village"])
def test_places_have_feeds_of_their_own(client, store, target):
    answer = client.get(_url(store, target))
    expected = {SITE: 2, VILLAGE: 1}[target]
    assert len(column(answer.content, "UID")) == expected


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"other", {tag}', 304),
        ('"a,b",W/{tag} , "c"', 304),
        ("*", 304),
        ('"other"', 200),
        ("", 200),
        ("nonsense", 200),
        ('"*"', 200),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_known_tag_is_answered_without_a_body(client, store, condition, status, method):
    url = _url(store)
    tag = client.get(url).headers["etag"]
    asked = {"If-None-Match": condition.format(tag=tag)}
    answer = client.request(method, url, headers=asked)
    assert answer.status_code == status
    assert answer.headers["etag"] == tag
    if status == 304:
        assert answer.content == b""
        names = {"etag", "last-modified", "cache-control", "vary", "x-content-type-options"}
        assert set(answer.headers) == names


def test_several_lines_of_tags_count_as_one_list(client, store):
    url = _url(store)
    tag = client.get(url).headers["etag"]
    answer = client.get(url, headers=[("If-None-Match", '"a"'), ("If-None-Match", tag)])
    assert answer.status_code == 304


@pytest.mark.parametrize(
    ("since", "status"),
    [
        (LAST_MODIFIED, 304),
        ("Wed, 25 Nov 2026 08:30:01 GMT", 304),
        ("Wed, 25 Nov 2026 08:29:59 GMT", 200),
        ("Wed, 25 Nov 2026 16:30:00 +0800", 304),
        ("yesterday", 200),
        ("Wed, 99 Nov 2026 08:30:00 GMT", 200),
        ("", 200),
    ],
)
def test_time_of_the_client_decides_where_it_has_no_tag(client, store, since, status):
    assert client.get(_url(store), headers={"If-Modified-Since": since}).status_code == status


def test_tag_wins_over_time(client, store):
    url = _url(store)
    asked = {"If-None-Match": '"other"', "If-Modified-Since": LAST_MODIFIED}
    assert client.get(url, headers=asked).status_code == 200
    tag = client.get(url).headers["etag"]
    asked = {"If-None-Match": tag, "If-Modified-Since": "Wed, 25 Nov 2020 08:30:00 GMT"}
    assert client.get(url, headers=asked).status_code == 304


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("*;q=0", False),
        ("br", False),
    ],
)
def test_feed_is_packed_for_who_accepts_it_under_a_tag_of_its_own(
    client, store, accepted, is_packed
):
    url = _url(store)
    plain = client.get(url)
    answer = client.get(url, headers={"Accept-Encoding": accepted})
    assert answer.content == plain.content  # the client unpacks
    assert (answer.headers.get("content-encoding") == "gzip") is is_packed
    assert (answer.headers["etag"] != plain.headers["etag"]) is is_packed
    asked = {"If-None-Match": answer.headers["etag"], "Accept-Encoding": accepted}
    assert client.get(url, headers=asked).status_code == 304


def test_packed_bytes_are_the_same_for_ever(store, clock):
    token = store.issue(PERSON)
    asked = Conditions(accept_encoding="gzip")
    bodies = {FeedResponses(store, clock=clock).answer(token, asked).body for _ in range(2)}
    assert [gzip.decompress(body)[:15] for body in bodies] == [b"BEGIN:VCALENDAR"]


def test_publish_changes_the_tag_of_whom_it_touches_only(client, store):
    mine, other = _url(store), _url(store, replace(PERSON, id="L002", name="例乙"))
    tags = {url: client.get(url).headers["etag"] for url in (mine, other)}
    store.publish([duty(1, start=at(1, 10)), visit(8)], PUBLISHED + dt.timedelta(hours=1))
    answer = client.get(mine, headers={"If-None-Match": tags[mine]})
    assert (answer.status_code, answer.headers["last-modified"]) == (
        200,
        "Wed, 25 Nov 2026 09:30:00 GMT",
    )
    assert client.get(other, headers={"If-None-Match": tags[other]}).status_code == 304


def test_window_that_moved_on_changes_tag_and_time(client, store, clock):
    url = _url(store)
    before = client.get(url).headers
    clock.now = at(27, 9, month=11)
    assert client.get(url).headers["etag"] == before["etag"]
    clock.now = at(28, 9, month=11)
    after = client.get(url, headers={"If-Modified-Since": before["last-modified"]})
    assert after.status_code == 200
    assert after.headers["etag"] != before["etag"]
    assert after.headers["last-modified"] == "Fri, 27 Nov 2026 16:00:00 GMT"


def test_unchanged_feed_is_rendered_once_and_a_conditional_request_reads_no_entries(client, store):
    url, again = _url(store), _url(store)
    tag = client.get(url).headers["etag"]
    for _ in range(3):
        assert client.get(again).status_code == 200
        assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
    assert store.readings == 1


def test_conditional_request_renders_nothing_even_in_a_new_process(store, clock):
    token = store.issue(PERSON)
    tag = FeedResponses(store, clock=clock).answer(token, Conditions()).headers["ETag"]
    readings = store.readings
    answer = FeedResponses(store, clock=clock).answer(token, Conditions(if_none_match=tag))
    assert (answer.status, store.readings) == (304, readings)


def test_rendered_feeds_make_way_when_room_ends(store, clock):
    tokens = [store.issue(target) for target in (PERSON, SITE)]
    small = FeedResponses(store, clock=clock, most_bytes=2_500)
    for token in (*tokens, tokens[1], *tokens):
        assert small.answer(token, Conditions()).status == 200
    assert store.readings == 4  # both, the second from memory, both anew


class Publishing:
    """A source to which something is published between the look-up and the reading of a feed."""

    def __init__(self, store: PublishedFeeds) -> None:
        self.store = store

    def feed(self, digest: str) -> OpenedFeed | None:
        return self.store.feed(digest)

    def contents(self, target: Target, since: dt.datetime) -> Contents:
        self.store.publish([duty(2)], PUBLISHED + dt.timedelta(seconds=2))
        return self.store.contents(target, since)


def test_publish_during_a_request_is_given_under_its_own_tag(store, clock):
    token = store.issue(PERSON)
    meanwhile = FeedResponses(Publishing(store), clock=clock).answer(token, Conditions())
    after = FeedResponses(store, clock=clock).answer(token, Conditions())
    assert meanwhile == after
    expected = feed_bytes(PERSON, entries_of(PERSON, store.all_events()), window_start(NOW))
    assert after.body == expected


def _response(client: httpx.Client, token: str, method: str = "GET") -> tuple[int, bytes, dict]:
    answer = client.request(method, f"/feeds/{token}.ics")
    return answer.status_code, answer.content, dict(answer.headers)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_unknown_revoked_and_malformed_tokens_look_alike(client, store, method):
    revoked, rotated = store.issue(PERSON), store.issue(PERSON)
    assert store.revoke(revoked)
    assert store.rotate(rotated)
    strangers = ["A" * 43, "x", "%00", "..", "' OR 1=1", "例", "a" * 5_000, "%F0%9F"]
    answers = [_response(client, token, method) for token in (revoked, rotated, *strangers)]
    status, body, headers = answers[0]
    assert answers == [answers[0]] * len(answers)
    assert (status, bool(body), headers["cache-control"]) == (404, method == "GET", "no-store")


def test_conditions_do_not_tell_an_unknown_token_from_another(client):
    asked = {"If-None-Match": "*"}
    assert client.get("/feeds/unknown.ics", headers=asked).status_code == 404


def test_new_token_opens_the_feed_at_once_and_the_old_one_nothing(client, store):
    old = store.issue(PERSON)
    before = client.get(f"/feeds/{old}.ics")
    new = store.rotate(old)
    after = client.get(f"/feeds/{new}.ics", headers={"If-None-Match": before.headers["etag"]})
    assert (client.get(f"/feeds/{old}.ics").status_code, after.status_code) == (404, 304)


def test_query_is_free_for_who_wants_a_client_to_read_anew(client, store):
    assert client.get(f"{_url(store)}?again=2").status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_feeds_can_only_be_read(client, store, method):
    assert client.request(method, _url(store)).status_code == 405


def test_source_over_a_network_is_answered_alike(client, store, clock, site, monkeypatch):
    url = _url(store)
    asked = [{}, {"If-None-Match": client.get(url).headers["etag"]}, {"Accept-Encoding": "gzip"}]

    def answers() -> list[tuple[int, bytes, httpx.Headers]]:
        site[1]["now"] = FastAPI()
        site[1]["now"].include_router(feed_router(store, FeedResponses(store, clock=clock)))
        paths = [("GET", url, headers) for headers in (*asked, {})]
        paths += [("HEAD", url, {}), ("GET", "/feeds/unknown.ics", {})]
        found = [client.request(method, path, headers=headers) for method, path, headers in paths]
        return [(answer.status_code, answer.content, answer.headers) for answer in found]

    near = answers()
    monkeypatch.setattr(type(store), "is_near", False)
    assert answers() == near
    assert [status for status, _, _ in near] == [200, 304, 200, 200, 200, 404]


def test_threads_share_the_answers(store, clock):
    answers = FeedResponses(store, clock=clock)
    tokens = [store.issue(target) for target in (PERSON, SITE, VILLAGE)] * 4
    found: list[int] = []

    def ask(token: str) -> None:
        found.extend(answers.answer(token, Conditions()).status for _ in range(20))

    threads = [threading.Thread(target=ask, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [200] * 240


def test_stamp_of_a_publish_is_that_of_its_events(store):
    assert {event.last_modified for event in store.all_events()} == {STAMP}


def test_feed_is_described_once(store):
    app = FastAPI()
    app.include_router(feed_router(store))
    (path,) = app.openapi()["paths"].items()
    assert (path[0], list(path[1])) == ("/feeds/{token}.ics", ["get"])
    assert sorted(path[1]["get"]["responses"]) == ["200", "304", "404", "422"]
