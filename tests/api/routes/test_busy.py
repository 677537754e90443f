"""A lawyer's own calendar over HTTP: uploaded, or read from a real server with a certificate of its own."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from models.store.database.log import log_of
from models.store.database.store import Store
from tests.api.feeds.certificates import certificate
from tests.api.service.county import COUNTY, County, county

HERE = f"areas/{COUNTY}/people/L001/busy"
SECRET = "private-4711"
TITLE = "离婚案 张某"


def calendar(*days: str, hour: int = 10) -> bytes:
    """Return a calendar with an hour taken on each of some days, under a title nobody may learn."""
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{day}\r\nSUMMARY:{TITLE}\r\nDTSTAMP:20261101T000000Z\r\n"
        f"DTSTART;TZID=Asia/Shanghai:{day}T{hour:02}0000\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
        for day in days
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\n{events}END:VCALENDAR\r\n".encode()


def row(
    day: str, kind: str = "busy", part: str | None = "am", person: str = "L001"
) -> dict[str, Any]:
    found = {"person": person, "first": day, "last": day, "part": part, "kind": kind}
    if kind == "busy" and part:
        found |= (
            {"start": "10:00", "end": "11:00"}
            if part == "am"
            else {"start": "15:00", "end": "16:00"}
        )
    defaults = {"part": None, "kind": "leave"}
    return {name: value for name, value in found.items() if defaults.get(name, ...) != value}


def leave(own_county: County) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = own_county.got("bureau", "GET", f"areas/{COUNTY}/data/leave")[
        "items"
    ]
    return [one for one in rows if one["person"] == "L001"]


def revision(own_county: County) -> int:
    return int(own_county.got("bureau", "GET", f"areas/{COUNTY}/data")["revision"])


def upload(own_county: County, content: bytes, who: str = "L001", **params: Any) -> httpx.Response:
    return own_county.ask(who, "PUT", HERE, files={"file": ("a.ics", content)}, params=params)


def enter(own_county: County, found: dict[str, Any]) -> None:
    here = {"If-Match": f'"{revision(own_county)}"'}
    path = f"areas/{COUNTY}/data/leave"
    own_county.got("bureau", "PATCH", path, json={"after": found}, headers=here)


def test_upload_replaces_the_busy_half_days_of_the_month_and_nothing_else(
    own_county: County,
) -> None:
    kept = [row("2026-12-03", "court"), row("2027-01-04"), row("2026-12-03", person="L002")]
    for one in kept:
        enter(own_county, one)
    first = upload(own_county, calendar("20261207", "20261208", "20270105"))
    assert first.status_code == 200
    assert [one["first"] for one in first.json()["rows"]] == ["2026-12-07"]
    assert (first.json()["month"], first.json()["host"]) == ("2026-12", None)
    assert sorted(one["first"] for one in leave(own_county)) == [
        "2026-12-03",
        "2026-12-07",
        "2027-01-04",
    ]
    second = upload(own_county, calendar("20261210", hour=15)).json()
    assert [(one["first"], one["part"]) for one in second["rows"]] == [("2026-12-10", "pm")]
    assert leave(own_county) == sorted(
        [row("2026-12-10", part="pm"), *kept[:2]], key=lambda one: one["first"]
    )
    everybody = own_county.got("bureau", "GET", f"areas/{COUNTY}/data/leave")["items"]
    assert kept[2] in everybody
    assert TITLE not in str(everybody)


def test_the_same_calendar_makes_no_new_data(own_county: County) -> None:
    upload(own_county, calendar("20261207"))
    before = revision(own_county)
    upload(own_county, calendar("20261207"))
    assert revision(own_county) == before


def test_another_month_is_read_when_it_is_asked_for(own_county: County) -> None:
    content = calendar("20261207", "20270105")
    upload(own_county, content)
    january = upload(own_county, content, month="2027-01").json()
    assert [one["first"] for one in january["rows"]] == ["2027-01-05"]
    assert [one["first"] for one in leave(own_county)] == ["2026-12-07", "2027-01-05"]
    own_county.got("L001", "DELETE", HERE, params={"month": "2027-01"})
    assert leave(own_county) == [row("2026-12-07")]


def test_what_cannot_be_read_is_skipped_and_told_without_its_title(own_county: County) -> None:
    broken = calendar("20261207", "20261209").replace(b"20261209T100000", b"yesterday")
    answer = upload(own_county, broken)
    assert (answer.status_code, answer.json()["skipped"]) == (200, 1)
    assert [issue["code"] for issue in answer.json()["issues"]] == ["busy_unreadable"]
    assert TITLE not in answer.text
    before = revision(own_county)
    assert upload(own_county, b"no calendar").json()["issues"][0]["code"] == "busy_no_calendar"
    assert upload(own_county, b"x" * 3_000_000).json()["issues"][0]["code"] == "busy_size"
    assert (revision(own_county), leave(own_county)) == (before, [row("2026-12-07")])


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("bureau", 200),
        ("east", 200),
        ("L001", 200),
        ("firm", 403),
        ("west", 403),
        ("other-firm", 404),
        ("elsewhere", 404),
        ("L002", 404),
    ],
)
def test_own_calendars_are_for_the_person_and_the_office(
    shared_county: County, who: str, status: int
) -> None:
    own_county = shared_county
    answers = [
        own_county.ask(who, "GET", HERE),
        upload(own_county, calendar("20261207"), who),
        own_county.ask(who, "DELETE", HERE),
    ]
    assert [answer.status_code for answer in answers] == [status] * 3
    asked = own_county.ask(who, "PUT", f"{HERE}/address", json={"address": "https://a.cn"})
    assert asked.status_code == (422 if status == 200 else status)
    refreshed = own_county.ask(who, "POST", f"{HERE}/refresh").status_code
    assert refreshed == (404 if status == 200 else status)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        body = server.content if self.path == f"/{SECRET}.ics" else b""
        self.send_response(server.status if body else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """The calendar server of somebody else."""

    daemon_threads = True
    content = calendar("20261207")
    status = 200

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is no news."""


@dataclass
class Elsewhere:
    """A calendar server, the secret address of a calendar on it, and what lets the office read it."""

    server: Server
    address: str
    settings: dict[str, Any]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Elsewhere]:
    file, _ = certificate("localhost", tmp_path)
    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    host = f"localhost:{server.server_port}"
    settings = {"busy_hosts": host, "busy_networks": "127.0.0.0/8 ::1/128", "busy_ca": str(file)}
    try:
        yield Elsewhere(server, f"https://{host}/{SECRET}.ics", settings)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def reading(seeded: Any, folder: Path, elsewhere: Elsewhere) -> Iterator[County]:
    with county(*seeded, folder, **elsewhere.settings) as running:
        yield running


def test_address_is_read_now_and_again_on_demand_and_never_told(
    seeded: Any, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    with reading(seeded, tmp_path / "data", elsewhere) as own_county:
        address = {"address": elsewhere.address.replace("https", "webcal")}
        kept = own_county.got("L001", "PUT", f"{HERE}/address", json=address)
        assert (kept["host"], kept["failed"], kept["rows"][0]["first"]) == (
            "localhost",
            None,
            "2026-12-07",
        )
        elsewhere.server.content = calendar("20261209")
        again = own_county.got("bureau", "POST", f"{HERE}/refresh")
        assert [one["first"] for one in again["rows"]] == ["2026-12-09"]
        assert again["skipped"] == 0
        broken_day = calendar("20261209", "20261210").replace(b"20261210T100000", b"yesterday")
        elsewhere.server.content = broken_day
        own_county.got("bureau", "POST", f"{HERE}/refresh")
        shown = own_county.got("L001", "GET", HERE)
        assert (shown["skipped"], len(shown["issues"]), TITLE in str(shown)) == (1, 1, False)
        elsewhere.server.status = 500
        broken = own_county.ask("L001", "POST", f"{HERE}/refresh")
        assert [issue["code"] for issue in broken.json()["issues"]] == ["fetch_status"]
        after = own_county.got("L001", "GET", HERE)
        assert (after["failed"], after["rows"][0]["first"]) == ("fetch_status", "2026-12-09")
        with Store.open(own_county.folder) as store, store.read() as session:
            told = [(e.action, e.before, e.after) for e in log_of(session, "person:L001").rows]
        assert SECRET not in f"{kept}{again}{broken.text}{after}{told}"
        gone = own_county.got("L001", "DELETE", HERE)
        assert (gone["rows"], gone["host"]) == ([], None)
        assert own_county.ask("L001", "POST", f"{HERE}/refresh").status_code == 404
        with Store.open(own_county.folder) as store, store.read() as session:
            assert session.execute(text("SELECT count(*) FROM busy_calendars")).scalar() == 0


def test_upload_takes_the_place_of_the_address(
    seeded: Any, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    with reading(seeded, tmp_path / "data", elsewhere) as own_county:
        own_county.got("L001", "PUT", f"{HERE}/address", json={"address": elsewhere.address})
        assert upload(own_county, calendar("20261210")).json()["host"] is None


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://calendar.example.cn/private-4711.ics", "fetch_host"),
        ("http://localhost/private-4711.ics", "fetch_scheme"),
        ("https://a:private-4711@localhost/x", "fetch_credentials"),
        ("file:///etc/passwd", "fetch_scheme"),
        ("ht tp:private-4711", "fetch_scheme"),
        ("https://localhost:1/private-4711.ics", "fetch_host"),
    ],
)
def test_refused_address_gives_the_issue_and_is_not_kept(
    shared_county: County, address: str, code: str
) -> None:
    answer = shared_county.ask("L001", "PUT", f"{HERE}/address", json={"address": address})
    assert answer.status_code == 422
    assert [issue["code"] for issue in answer.json()["issues"]] == [code]
    assert SECRET not in answer.text
    long = {"address": "https://localhost/private-4711" + "x" * 3000}
    answer = shared_county.ask("L001", "PUT", f"{HERE}/address", json=long)
    assert (answer.status_code, SECRET in answer.text) == (422, False)
    assert shared_county.got("L001", "GET", HERE)["host"] is None


def test_inner_addresses_are_reached_only_where_the_settings_say_so(
    seeded: Any, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    settings = elsewhere.settings | {"busy_networks": ""}
    with county(*seeded, tmp_path / "data", **settings) as own_county:
        answer = own_county.ask(
            "L001", "PUT", f"{HERE}/address", json={"address": elsewhere.address}
        )
        assert [issue["code"] for issue in answer.json()["issues"]] == ["fetch_address"]


def test_calendars_are_read_again_every_day(
    seeded: Any, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    """Of four people the first has a dead link, the third read hers today, the fourth has left."""
    people = ("L001", "L002", "L003", "L004")
    paths = {person: f"areas/{COUNTY}/people/{person}/busy" for person in people}
    with reading(seeded, tmp_path / "data", elsewhere) as own_county:
        for path in paths.values():
            own_county.got("bureau", "PUT", f"{path}/address", json={"address": elsewhere.address})
        (leaver,) = (
            one
            for one in own_county.got("bureau", "GET", f"areas/{COUNTY}/data/people")["items"]
            if one["id"] == "L004"
        )
        own_county.got("bureau", "DELETE", paths["L004"])
        own_county.got(
            "bureau", "PUT", f"{paths['L004']}/address", json={"address": elsewhere.address}
        )
        for table, gone in (("leave", row("2026-12-07", person="L004")), ("people", leaver)):
            here = {"If-Match": f'"{revision(own_county)}"'}
            where = f"areas/{COUNTY}/data/{table}"
            own_county.got("bureau", "PATCH", where, json={"before": gone}, headers=here)
    elsewhere.server.content = calendar("20261211")
    with Store.open(tmp_path / "data") as store, store.begin() as session:
        dead = elsewhere.address.replace(SECRET, "dead")
        session.execute(text(f"UPDATE busy_calendars SET address = '{dead}' WHERE person = 'L001'"))
        long_ago = "UPDATE busy_calendars SET read_at = '2026-11-01 00:00:00.000000'"
        session.execute(text(f"{long_ago} WHERE person != 'L003'"))
    with reading(seeded, tmp_path / "data", elsewhere) as own_county:
        for _ in range(600):  # the last of them is done last
            with Store.open(own_county.folder) as store, store.read() as session:
                left = session.execute(text("SELECT person FROM busy_calendars")).scalars().all()
            if "L004" not in left:
                break
            time.sleep(0.05)
        assert sorted(left) == ["L001", "L002", "L003"]
        found = {person: own_county.got("bureau", "GET", paths[person]) for person in left}
    assert {who: (one["failed"], one["rows"][0]["first"]) for who, one in found.items()} == {
        "L001": ("fetch_status", "2026-12-07"),
        "L002": (None, "2026-12-11"),
        "L003": (None, "2026-12-07"),
    }
