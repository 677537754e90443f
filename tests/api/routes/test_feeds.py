"""Feeds of a served folder, while another process (this one) works with the same store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.access.tokens import hash_token
from api.feeds.event import Target, TargetKind
from api.office.people.feed_links import issue_link, new_link_token
from models.store.database.store import Store
from models.store.people.tokens import revoke_feed_token
from models.vocabulary import Part
from tests.api.feeds.events import column
from tests.api.service.running import serving
from tests.models.store.samples import AT, EAST, duty, published

PERSON = Target(TargetKind.PERSON, f"{EAST}/L001", "例甲")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("feeds") / "data"


@pytest.fixture(scope="module")
def service(data: Path) -> Iterator[httpx.Client]:
    with (
        serving(data, workers=0) as address,
        httpx.Client(base_url=address, trust_env=False) as client,
    ):
        yield client


@pytest.fixture
def store(service: httpx.Client, data: Path) -> Iterator[Store]:
    with Store.open(data) as store:
        yield store


def issued(store: Store) -> str:
    token = new_link_token()
    with store.begin() as session:
        issue_link(session, PERSON, token, by="test")
    return token


def test_token_revoked_by_another_process_opens_nothing_at_the_next_request(
    service: httpx.Client, store: Store
) -> None:
    token = issued(store)
    first = service.get(f"/feeds/{token}.ics")
    known = {"If-None-Match": first.headers["ETag"]}
    again = service.get(f"/feeds/{token}.ics", headers=known)
    with store.begin() as session:
        assert revoke_feed_token(session, hash_token(token), by="test")
    after = service.get(f"/feeds/{token}.ics", headers=known)
    assert [answer.status_code for answer in (first, again, after)] == [200, 304, 404]


def test_publication_by_another_process_shows_at_the_next_request(
    service: httpx.Client, store: Store
) -> None:
    url = f"/feeds/{issued(store)}.ics"
    answers = [service.get(url)]
    for day, hours in ((1, 0), (2, 1)):
        at = AT + dt.timedelta(hours=hours)
        published(store, EAST, duty(EAST, day, Part.AM, "L001"), at=at)
        known = {"If-None-Match": answers[-1].headers["ETag"]}
        answers.append(service.get(url, headers=known))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    told = [column(answer.content, "STATUS") for answer in answers]
    assert told == [[], ["CONFIRMED"], ["CANCELLED", "CONFIRMED"]]
