"""Requests that no client of ours sends: texts, numbers, nesting, types and headers gone wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from models.store.tables.every_table import METADATA
from models.store.tables.words import Role
from tests.api.service.hostile.asking import Json, Operation, operations
from tests.api.service.hostile.conftest import Settled
from tests.api.service.hostile.test_others_ids import county_of, values
from tests.api.service.hostile.world import HERE, THERE, World

ROWS = f"/areas/{HERE.code}/data/people"
SOLVES = f"/areas/{HERE.code}/solves"
JSON = "application/json"


def is_problem(answer: httpx.Response) -> bool:
    """Tell whether an answer is a refusal in both languages, as RFC 9457 has it."""
    if not 400 <= answer.status_code < 500:
        return False
    body = answer.json()
    kind = answer.headers["content-type"]
    return kind == "application/problem+json" and bool(body["title"] and body["title_en"])


BODIES = {
    "NaN": (SOLVES, b'{"seconds": NaN}'),
    "infinity": (SOLVES, b'{"seconds": Infinity}'),
    "more than a float": (SOLVES, b'{"seconds": 1e400}'),
    "5000 digits": (SOLVES, b'{"seed": ' + b"9" * 5000 + b"}"),
    "below zero": (SOLVES, b'{"seed": -1}'),
    "a key twice": (SOLVES, b'{"seconds": 1, "seconds": 1e9}'),
    "half a character": (SOLVES, b'{"profile": "\\ud800"}'),
    "no UTF-8": (SOLVES, b'{"profile": "\xff\xfe"}'),
    "cut off": (SOLVES, b'{"profile": "de'),
    "no object": (SOLVES, b"[]"),
    "nothing": (SOLVES, b""),
    "row with half a character": (ROWS, b'{"after": {"id": "X", "name": "\\ud800"}}'),
    "row with NUL": (ROWS, b'{"after": {"id": "X", "name": "a\\u0000b"}}'),
    "row with NaN": (ROWS, b'{"after": {"id": "X", "name": "a", "lon": NaN}}'),
    "row with a huge number": (ROWS, b'{"after": {"id": "X", "lon": 1e400}}'),
    "row of words": (ROWS, b'{"after": "X"}'),
    "row with keys of others": (ROWS, b'{"after": {"__class__": {}, "id": "X"}}'),
    "row with a key of half a character": (ROWS, b'{"after": {"\\udfff": 1}}'),
}


@pytest.mark.parametrize("name", BODIES)
def test_bodies_that_mean_nothing_are_refused(world: World, name: str) -> None:
    path, body = BODIES[name]
    sent = {"content-type": JSON, "if-match": '"1"'}
    method = "PATCH" if path is ROWS else "POST"
    assert is_problem(world.ask("a-bureau", method, path, content=body, headers=sent))
    assert world.service.jobs.numbers().now.total() == 0
    assert world.ask("a-bureau", "GET", f"/areas/{HERE.code}/data").json()["revision"] == 1


@pytest.mark.parametrize("kind", [JSON, "APPLICATION/JSON", "application/vnd.x+Json; q=1"])
def test_deep_json_is_refused_under_any_name(world: World, kind: str) -> None:
    body = b'{"after": {"id": ' + b"[" * 40 + b"]" * 40 + b"}}"
    sent = {"content-type": kind, "if-match": '"1"'}
    refused = world.ask("a-bureau", "PATCH", ROWS, content=body, headers=sent)
    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/bad-request")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "\xff/x"])
def test_other_types_are_refused(world: World, kind: str) -> None:
    sent = {"content-type": kind.encode("latin-1")}
    for path in (SOLVES, f"/areas/{HERE.code}/imports"):
        answer = world.ask("a-bureau", "POST", path, content=b'{"seconds": 1}', headers=sent)
        assert is_problem(answer)


HEADERS = {
    "if-match": ("*", "", '"', "-1", '"1e3"', "W/", "9" * 5000, '"１"', '"1", "2"'),
    "idempotency-key": ("", "k" * 201, "k" * 50_000),
    "last-event-id": ("x" * 21, "9" * 5000),
    "authorization": ("Bearer", "Bearer ", "Bearer x y", "Basic eDp5", "Bearer zb_" + "A" * 5000),
    "cookie": ("zhiban_session=", "zhiban_session=zb_x; zhiban_csrf=y", "=" * 5000, ";" * 5000),
}


@pytest.mark.parametrize("name", HEADERS)
def test_headers_that_mean_nothing_are_refused(world: World, settled: Settled, name: str) -> None:
    asked = {
        "if-match": ("PATCH", ROWS, {"json": {"after": {"id": "X"}}}),
        "idempotency-key": ("POST", SOLVES, {"json": {}}),
        "last-event-id": ("GET", f"/jobs/{settled.here['job']}/events", {}),
        "authorization": ("GET", ROWS, {}),
        "cookie": ("GET", ROWS, {}),
    }
    method, path, more = asked[name]
    who = None if name in ("authorization", "cookie") else "a-bureau"
    for text in HEADERS[name]:
        sent = {name: text.encode("utf-8")}
        assert is_problem(world.ask(who, method, path, headers=sent, **more)), text[:40]


TAGS = ('"' * 50_000, 'W/"' * 20_000, '"x",' * 10_000, "*" * 50_000, "W/" * 25_000)


def test_a_feed_answers_whatever_a_client_claims_to_hold(world: World) -> None:
    whose = {"kind": "person", "id": HERE.person}
    link = world.ask("a-bureau", "POST", f"/areas/{HERE.code}/feeds", json=whose).json()["https"]
    feed = httpx.URL(link).path
    plain = world.ask(None, "GET", feed)
    for tag in TAGS:
        assert world.ask(None, "GET", feed, headers={"If-None-Match": tag}).content == plain.content
    dates = (
        "Thu, 31 Feb 2026 25:61:61 GMT",
        "x" * 5000,
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "9" * 400,
    )
    for date in dates:
        answer = world.ask(None, "GET", feed, headers={"If-Modified-Since": date})
        assert answer.status_code == 200
    for coding in ("gzip;q=0, *;q=0", "gzip;q=x," * 5000, ";" * 5000, "\xff"):
        answer = world.ask(None, "GET", feed, headers={"Accept-Encoding": coding.encode()})
        assert answer.status_code == 200
        assert b"BEGIN:VCALENDAR" in answer.content


KEPT = ("why", "label")
"""Texts that are kept as they are sent."""


def texts(operation: Operation) -> Iterator[tuple[str, str]]:
    """Yield where a free text may stand in a request: in query or body, and its name."""
    for where in ("query", "body"):
        for name, (schema, _) in operation.names(where).items():
            if _is_free(operation.whole(schema)):
                yield where, name


def _is_free(schema: Json) -> bool:
    others = {"format", "enum", "const", "contentMediaType"}
    return schema.get("type") == "string" and not others & schema.keys()


@pytest.mark.parametrize("sign", ["\0", "\n", "\u2028", "\u202e", "\x1b"], ids=ascii)
def test_a_text_with_a_sign_that_no_text_has_is_refused_everywhere(
    world: World, settled: Settled, sign: str
) -> None:
    """Not even PostgreSQL keeps NUL; the others break lines, or fool whoever reads them."""
    world.add("a-extra", Role.OFFICE, HERE.township)
    ids = settled.here | {"other": settled.here["roster"], "name": "a-extra"}
    before = county_of(world)
    found = operations(world.ask(None, "GET", "/openapi.json").json())
    kept = []
    for operation in found:
        if operation.path.startswith("/sign-in"):  # no provider is set up
            continue
        given = values(operation, ids, HERE)
        for where, name in texts(operation):
            needed = {key: v for key, v in given.items() if key in _needed(operation)}
            sent = operation.request(needed | {name: f"例{sign}x"})
            sent["headers"] |= {"if-match": '"1"'} if "if-match" in sent["headers"] else {}
            answer = world.ask("a-bureau", **sent)
            if not is_problem(answer) or (name in KEPT and answer.status_code != 422):
                kept.append((operation.id, where, name))
    assert kept == []
    assert county_of(world) == before


def _needed(operation: Operation) -> set[str]:
    places = ("path", "query", "body")
    return {
        name
        for place in places
        for name, (_, is_needed) in operation.names(place).items()
        if is_needed or name == "after"
    }


def test_no_account_is_named_like_the_operator_or_like_no_name(world: World) -> None:
    where = f"/areas/{HERE.code}/users"
    for name in ("command line", "COMMAND LINE", "%20", "%0a", "a%1b%5b2J", "%e2%80%ae", "x" * 81):
        made = world.ask("a-bureau", "PUT", f"{where}/{name}", json={"role": "office"})
        assert is_problem(made), name


PATHS = (
    "..",
    "%2e%2e",
    "..%2f..%2fetc%2fpasswd",
    "..%5c..%5cboot.ini",
    "%00",
    "%ff%fe",
    "%ed%a0%80",
    "C:",
    "CON",
    "NUL.ics",
    "a%0d%0aX:%20y",
    "~root",
    "%EF%BC%8E%EF%BC%8E",
    "1e5",
    "-1",
    "%D9%A1",
    "99999999999999999999",
    "x" * 4000,
    "%3Cscript%3E",
)


def test_no_path_leads_out_of_the_data(world: World) -> None:
    """Every parameter of every path; the answer shows nothing of what was asked but as JSON."""
    found = operations(world.ask(None, "GET", "/openapi.json").json())
    open_to = []
    for operation in found:
        for name in operation.names("path"):
            for text in PATHS:
                sent = operation.request(values(operation, {"person": "x"}, HERE) | {name: text})
                answer = world.ask("a-bureau", **sent)
                is_told = json.dumps(dict(answer.headers)).isascii() and answer.status_code < 500
                if not is_told or answer.status_code < 400:
                    open_to.append((operation.id, name, text, answer.status_code))
    assert open_to == []


def test_a_job_has_one_area_whatever_key_is_sent_again(world: World) -> None:
    """A key belongs to its request: sent to another area, it does not show the first one's job."""
    file = {"file": ("data.json", b"{}")}
    sent: dict[str, Any] = {"files": file, "headers": {"Idempotency-Key": "k"}}
    first = world.ask("a-bureau", "POST", f"/areas/{HERE.code}/imports", **sent)
    again = world.ask("a-bureau", "POST", f"/areas/{HERE.code}/imports", **sent)
    assert (first.status_code, again.json()) == (202, first.json())
    other = world.ask("a-bureau", "POST", f"/areas/{HERE.township}/imports", **sent)
    assert (other.status_code, other.json()["type"]) == (409, "/problems/conflict")
    theirs = world.ask("b-bureau", "POST", f"/areas/{THERE.code}/imports", **sent)
    assert theirs.json()["id"] != first.json()["id"]


REFUSED = {
    "file": ("imports", {"files": {"file": ("../data.json", b"{}")}}),
    "time": ("solves", {"json": {"seconds": 86_400}}),
    "profile": ("solves", {"json": {"profile": "none"}}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_order_that_is_refused_leaves_nothing(world: World, name: str) -> None:
    kind, sent = REFUSED[name]
    before = everything(world)
    where = f"/areas/{HERE.code}/{kind}"
    for _ in range(2):
        refused = world.ask("a-bureau", "POST", where, headers={"Idempotency-Key": "k"}, **sent)
        assert (refused.status_code, len(refused.json()["issues"])) == (422, 1)
    assert everything(world) == before
    assert world.service.jobs.numbers().now.total() == 0


def everything(world: World) -> dict[str, list[Any]]:
    with world.store.read() as session:
        return {t.name: session.execute(t.select()).all() for t in METADATA.sorted_tables}


def test_a_job_that_never_reached_the_queue_is_told_as_such(world: World, settled: Settled) -> None:
    """The service may die between the two; whoever follows the job is told its end."""
    where = f"/jobs/{settled.here['job']}"
    assert world.ask("a-bureau", "GET", where).json()["state"] == "failed"
    told = world.ask("a-bureau", "GET", f"{where}/events")
    assert [line for line in told.text.splitlines() if line.startswith("event")] == ["event: end"]
