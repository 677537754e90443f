"""Links of calendars over HTTP: made, listed without their secrets, replaced and revoked one by one."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import httpx
import pytest
from icalendar import Calendar, Event

from models.store.database.store import Store
from models.store.people.tokens import feed_tokens
from models.store.tables.words import FeedKind
from tests.api.service.county import COUNTY, County, data, duty, put_published

HERE = f"areas/{COUNTY}/feeds"
MINE = {"kind": "person", "id": "L001"}


def made(own_county: County, who: str = "L001", **whose: str) -> dict[str, Any]:
    link: dict[str, Any] = own_county.got(who, "POST", HERE, 201, json={**MINE, **whose})
    return link


def status(own_county: County, link: dict[str, Any]) -> int:
    return own_county.client.get(httpx.URL(link["https"]).path).status_code


def listed(own_county: County, who: str = "L001", **whose: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = own_county.got(who, "GET", HERE, params={**MINE, **whose})
    return found


def test_one_link_is_replaced_at_once_and_the_others_go_on(own_county: County) -> None:
    phone, desk = made(own_county), made(own_county)
    new = own_county.got("L001", "POST", f"{HERE}/{phone['id']}/rotate", 201)
    assert [status(own_county, link) for link in (phone, desk, new)] == [404, 200, 200]
    assert own_county.ask("L001", "POST", f"{HERE}/{phone['id']}/rotate").status_code == 404
    assert {row["id"] for row in listed(own_county)} == {desk["id"], new["id"]}


def test_one_link_is_revoked_or_all(own_county: County) -> None:
    links = [made(own_county) for _ in range(3)]
    gone = own_county.got("bureau", "DELETE", f"{HERE}/{links[0]['id']}")
    assert (gone, [status(own_county, link) for link in links]) == ({"revoked": 1}, [404, 200, 200])
    assert own_county.got("L001", "POST", f"{HERE}/revoke", json=MINE) == {"revoked": 2}
    assert (listed(own_county), [status(own_county, link) for link in links]) == ([], [404] * 3)


def test_list_tells_who_made_a_link_and_when_it_was_read_but_no_secret(own_county: County) -> None:
    used, idle = made(own_county), made(own_county, "bureau")
    before = dt.datetime.now(dt.UTC)
    assert [status(own_county, used) for _ in range(2)] == [200, 200]
    rows = {row["id"]: row for row in listed(own_county)}
    for _ in range(600):  # it is noted after the answer
        if rows[used["id"]]["last_used"] is not None:
            break
        time.sleep(0.01)
        rows = {row["id"]: row for row in listed(own_county)}
    assert {key: (row["by"], row["last_used"] is None) for key, row in rows.items()} == {
        used["id"]: ("L001", False),
        idle["id"]: ("bureau", True),
    }
    read_at = dt.datetime.fromisoformat(rows[used["id"]]["last_used"])
    assert before <= read_at <= dt.datetime.now(dt.UTC)
    with Store.open(own_county.folder) as store, store.read() as session:
        hashes = [token.hash for token in feed_tokens(session, FeedKind.PERSON, f"{COUNTY}/L001")]
    told = str(list(rows.values()))
    secrets = [httpx.URL(link["https"]).path.split("/")[-1][:-4] for link in (used, idle)]
    assert [secret for secret in (*hashes, *secrets) if secret in told] == []


def test_calendar_is_given_while_somebody_else_writes(own_county: County) -> None:
    links = [made(own_county) for _ in range(3)]
    with Store.open(own_county.folder) as store, store.begin():  # the one writer of SQLite
        for link in links:
            path = httpx.URL(link["https"]).path
            assert own_county.client.get(path, timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("who", "status_person", "status_site"),
    [
        ("bureau", 200, 200),
        ("east", 200, 404),
        ("west", 404, 404),
        ("elsewhere", 404, 404),
        ("firm", 404, 404),
        ("L001", 200, 404),
        ("L002", 404, 404),
    ],
)
def test_links_are_for_the_office_and_the_person(
    shared_county: County, who: str, status_person: int, status_site: int
) -> None:
    own_county = shared_county
    for whose, wanted in ((MINE, status_person), ({"kind": "site", "id": "Z000"}, status_site)):
        link = made(own_county, "bureau", **whose)
        answers = [
            own_county.ask(who, "GET", HERE, params=whose),
            own_county.ask(who, "POST", f"{HERE}/{link['id']}/rotate"),
        ]
        key = link["id"] if wanted == 404 else answers[1].json()["id"]
        answers.append(own_county.ask(who, "DELETE", f"{HERE}/{key}"))
        made_ok = 201 if wanted == 200 else wanted
        assert [answer.status_code for answer in answers] == [wanted, made_ok, wanted]
        own_county.got("bureau", "POST", f"{HERE}/revoke", json=whose)


def test_a_link_nobody_has_looks_like_anothers(own_county: County) -> None:
    theirs = made(own_county, "bureau", id="L002")
    hidden = own_county.ask("L001", "DELETE", f"{HERE}/{theirs['id']}")
    missing = own_county.ask("L001", "DELETE", f"{HERE}/{'0' * 16}")
    assert (hidden.status_code, hidden.content) == (404, missing.content)
    assert status(own_county, theirs) == 200


def event(own_county: County, who: str, **whose: str) -> Event:
    """Return what a new link to a calendar tells of 11 December."""
    content = own_county.client.get(httpx.URL(made(own_county, who, **whose)["https"]).path).content
    (found,) = [
        e for e in Calendar.from_ical(content).walk("VEVENT") if f"{e['DTSTART'].dt:%d}" == "11"
    ]
    return found


def test_alternate_and_link_of_a_remote_duty_reach_every_calendar(own_county: County) -> None:
    link = "https://meeting.example.cn/dm/1"
    instance = data()
    posts = tuple(
        post.model_copy(update={"remote_link": link, "serves": ("Z001",)})
        for post in instance.posts
    )
    instance = instance.model_copy(update={"posts": posts})
    rows = (duty("Z000-咨询", 11, "L003"), duty("Z000-咨询", 11, "L002", standby=True))
    with Store.open(own_county.folder) as store, store.begin() as session:
        put_published(session, instance, COUNTY, rows)
    holder = event(own_county, "L003", id="L003")
    alternate = event(own_county, "L002", id="L002")
    sites = [event(own_county, "bureau", kind="site", id=site) for site in ("Z000", "Z001")]
    for found in (holder, alternate, *sites):
        assert (str(found["URL"]), str(found["CONFERENCE"])) == (link, link)
        assert str(found["LOCATION"]).endswith(link)
        assert "值班 On duty：例丙\n备班 Standby：例乙" in str(found["DESCRIPTION"])
    assert [(str(e["SUMMARY"])[:2], str(e["TRANSP"])) for e in (holder, alternate)] == [
        ("值班", "OPAQUE"),
        ("备班", "TRANSPARENT"),
    ]
