from __future__ import annotations

import asyncio
import gzip
import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from api.feeds.fetch import FetchPolicy, fetch, is_public, resolve_host
from models.issues import InputError
from tests.api.feeds.certificates import certificate

CONTENT = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
LOOPBACK = ("127.0.0.0/8",)


class Handler(BaseHTTPRequestHandler):
    """A calendar server with bad manners; ``seen`` keeps host and path of each request."""

    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.seen.append((self.headers["Host"], self.path))
        name, _, rest = self.path[1:].partition("/")
        getattr(self, f"_{name}")(rest)

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for header, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(header.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _calendar(self, _: str) -> None:
        asked = {name: self.headers[name] for name in ("Cookie", "Authorization")}
        assert asked == {"Cookie": None, "Authorization": None}
        self._answer(200, CONTENT)

    def _hops(self, rest: str) -> None:
        left = int(rest)
        self._answer(
            302, Location=f"/hops/{left - 1}" if left > 1 else "/calendar", Set_Cookie="a=b"
        )

    def _to(self, rest: str) -> None:
        self._answer(307, Location=rest.replace("|", "/"))

    def _status(self, rest: str) -> None:
        self._answer(int(rest), CONTENT)

    def _large(self, _: str) -> None:
        self._answer(200, b"a" * 5_000)

    def _endless(self, _: str) -> None:
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            for _number in range(10_000):
                self.wfile.write(b"a" * 1_000)
        except OSError:
            self.close_connection = True

    def _packed(self, _: str) -> None:
        self._answer(200, gzip.compress(b"a" * 10**6), Content_Encoding="gzip")

    def _slow(self, rest: str) -> None:
        """Drip a header, or the body, byte by byte: no single wait is long."""
        start = "HTTP/1.1 200 OK\r\n" + ("X-A: " if rest == "header" else "\r\n")
        try:
            self.wfile.write(start.encode())
            while not self.server.is_over.wait(0.02):
                self.wfile.write(b"a")
        except OSError:
            pass
        self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, str]] = []
        self.is_over = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is no news."""


def _run(server: Server) -> Iterator[Server]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    yield from _run(Server())


def _policy(server: Server, **changes: object) -> FetchPolicy:
    fields = {
        "hosts": (f"127.0.0.1:{server.server_port}", f"calendar.example:{server.server_port}"),
        "is_http_allowed": True,
        "networks": LOOPBACK,
        "seconds": 5.0,
    }
    return FetchPolicy(**(fields | changes))  # type: ignore[arg-type]


def _url(server: Server, path: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
    return f"{scheme}://{host}:{server.server_port}/{path}"


async def _local(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"]


def _code(address: str, policy: FetchPolicy, resolve=resolve_host) -> str:
    with pytest.raises(InputError) as caught:
        fetch(address, policy, resolve)
    (issue,) = caught.value.issues
    assert all((issue.zh, issue.en, issue.mend_zh, issue.mend_en))
    assert "secret" not in issue.lines()
    return issue.code


def test_calendar_is_fetched_from_an_allowed_host(server):
    assert fetch(_url(server, "calendar"), _policy(server)) == CONTENT
    assert server.seen == [(f"127.0.0.1:{server.server_port}", "/calendar")]


@pytest.mark.parametrize("hops", [1, 3])
def test_redirects_are_followed_three_times_without_cookies(server, hops):
    assert fetch(_url(server, f"hops/{hops}"), _policy(server)) == CONTENT
    assert len(server.seen) == hops + 1


def test_fourth_redirect_is_refused(server):
    assert _code(_url(server, "hops/4"), _policy(server)) == "fetch_redirects"
    assert len(server.seen) == 4


def test_nothing_is_allowed_by_default(server):
    assert _code("https://calendar.example.cn/secret", FetchPolicy()) == "fetch_host"
    assert _code(_url(server, "secret"), FetchPolicy()) == "fetch_scheme"


def test_loopback_is_refused_without_the_setting(server):
    assert _code(_url(server, "calendar"), _policy(server, networks=())) == "fetch_address"
    assert server.seen == []


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://a.cn/secret", "fetch_scheme"),
        ("webcal://a.cn/secret", "fetch_scheme"),
        ("file:///etc/passwd", "fetch_scheme"),
        ("ftp://a.cn/secret", "fetch_scheme"),
        ("a.cn/secret", "fetch_scheme"),
        ("", "fetch_scheme"),
        ("https://user:secret@a.cn/", "fetch_credentials"),
        ("https://secret@a.cn/", "fetch_credentials"),
        ("https://b.cn/secret", "fetch_host"),
        ("https://a.cn:8443/secret", "fetch_host"),
        ("https://a.cn.b.cn/secret", "fetch_host"),
        ("https://xa.cn/secret", "fetch_host"),
        ("https://a.cn@b.cn/secret", "fetch_credentials"),
        ("https:///secret", "fetch_host"),
        ("https://below.cn/secret", "fetch_host"),
        ("https://notbelow.cn/secret", "fetch_host"),
        ("https://[::1/secret", "fetch_failed"),
        ("https://a.cn:99999/secret", "fetch_host"),
    ],
)
def test_address_that_is_not_allowed_is_refused_before_anything_is_asked(address, code):
    async def never(host: str, port: int) -> Sequence[str]:
        raise AssertionError(host)

    assert _code(address, FetchPolicy(hosts=("a.cn", ".below.cn")), never) == code


@pytest.mark.parametrize("host", ["a.cn", "A.CN", "a.cn.", "x.below.cn", "y.x.below.cn"])
def test_allowed_names_are_resolved_and_their_addresses_checked(host):
    async def inner(name: str, port: int) -> Sequence[str]:
        return ["10.0.0.1"]

    policy = FetchPolicy(hosts=("a.cn", ".below.cn"))
    assert _code(f"https://{host}/secret", policy, inner) == "fetch_address"


INNER = (
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "fe80::1%1",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "2001:db8::1",
)


@pytest.mark.parametrize("address", INNER)
def test_addresses_that_are_not_public_are_known(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "2400:3200::1"])
def test_public_addresses_are_known(address):
    assert is_public(address)


def test_networks_of_the_office_are_reached_and_no_others():
    networks = ("10.2.0.0/16", "fd12::/16")
    found = [is_public(text, networks) for text in ("10.2.3.4", "fd12::1", "10.3.0.1", "::1")]
    assert found == [True, True, False, False]


@pytest.mark.parametrize("address", INNER)
def test_name_with_an_inner_address_is_refused_though_another_is_public(address):
    async def mixed(host: str, port: int) -> Sequence[str]:
        return ["8.8.8.8", address]

    assert _code("https://a.cn/secret", FetchPolicy(hosts=("a.cn",)), mixed) == "fetch_address"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0",
        "localhost",
        "10.0.0.1",
        "167772161",
        "169.254.169.254",
        "0251.0376.0251.0376",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[fc00::1]",
        "１２７.０.０.１",
        "127。0。0。1",
    ],
)
def test_inner_address_is_refused_however_it_is_spelt(server, host):
    """Though each spelling is on the list of hosts; what the system makes of it decides."""
    port = server.server_port
    spelt = {host, host.strip("[]"), "127.0.0.1"}
    policy = _policy(server, networks=(), hosts=tuple(f"{name}:{port}" for name in spelt))
    assert _code(_url(server, "secret", host), policy) in {"fetch_address", "fetch_failed"}
    assert server.seen == []


def test_redirect_to_an_inner_address_is_refused(server):
    port = server.server_port
    policy = _policy(server, hosts=(f"127.0.0.1:{port}", "10.0.0.1", "a.cn"))
    assert _code(_url(server, "to/http:||10.0.0.1|secret"), policy) == "fetch_address"


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("http:||other.example|secret", "fetch_host"),
        ("||other.example|secret", "fetch_host"),
        ("file:|||etc|passwd", "fetch_scheme"),
        ("http:||u:secret@127.0.0.1|", "fetch_credentials"),
    ],
)
def test_redirect_is_checked_like_the_first_address(server, to, code):
    assert _code(_url(server, f"to/{to}"), _policy(server)) == code


def test_name_is_resolved_once_and_the_checked_address_is_connected(server):
    """DNS rebinding: a second look-up would answer with another address."""
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    url = _url(server, "calendar", "calendar.example")
    assert fetch(url, _policy(server, networks=("127.0.0.1/32",)), rebinding) == CONTENT
    assert asked == ["calendar.example"]
    assert server.seen == [(f"calendar.example:{server.server_port}", "/calendar")]


def test_next_address_is_tried_where_the_first_is_not_reached(server):
    async def several(host: str, port: int) -> Sequence[str]:
        return ["::1", "127.0.0.2", "127.0.0.1"]  # the server listens at the last one only

    policy = _policy(server, networks=("127.0.0.0/8", "::1/128"))
    assert fetch(_url(server, "calendar", "calendar.example"), policy, several) == CONTENT


def test_each_hop_is_resolved_anew(server):
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])

    async def rebinding(host: str, port: int) -> Sequence[str]:
        return next(answers)

    url = _url(server, "hops/1", "calendar.example")
    assert _code(url, _policy(server), rebinding) == "fetch_address"
    assert [path for _, path in server.seen] == ["/hops/1"]


@pytest.mark.parametrize("path", ["large", "endless"])
def test_content_over_the_limit_is_refused(server, path):
    assert _code(_url(server, path), _policy(server, most_bytes=4_000)) == "fetch_size"


def test_packed_content_is_refused_unopened(server):
    assert _code(_url(server, "packed"), _policy(server)) == "fetch_encoding"


@pytest.mark.parametrize("path", ["slow/header", "slow/body"])
def test_server_that_drips_is_left_in_time(server, path):
    begin = time.monotonic()
    assert _code(_url(server, path), _policy(server, seconds=0.4)) == "fetch_timeout"
    assert time.monotonic() - begin < 3


def test_name_that_resolves_slowly_is_left_in_time(server):
    async def slow(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(60)
        return ["127.0.0.1"]

    policy = _policy(server, seconds=0.2)
    assert _code(_url(server, "calendar"), policy, slow) == "fetch_timeout"


@pytest.mark.parametrize("status", [201, 204, 304, 401, 404, 500])
def test_answer_without_a_calendar_is_refused(server, status):
    assert _code(_url(server, f"status/{status}"), _policy(server)) == "fetch_status"


def test_unknown_name_and_closed_port_are_told_alike(server):
    async def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror

    assert _code(_url(server, "calendar"), _policy(server), unknown) == "fetch_failed"
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        policy = _policy(server, hosts=(f"127.0.0.1:{port}",))
        assert _code(f"http://127.0.0.1:{port}/secret", policy) == "fetch_failed"


def test_address_is_not_logged(server, caplog):
    with caplog.at_level(logging.INFO):
        fetch(_url(server, "calendar"), _policy(server))
    assert "calendar" not in caplog.text


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[Server, ssl.SSLContext]]:
    file, trusting = certificate("calendar.example", tmp_path)
    server = Server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    for running in _run(server):
        yield running, trusting


def test_certificate_is_checked_for_the_name_not_the_address(secure):
    server, trusting = secure
    policy = _policy(server, ssl_context=trusting, is_http_allowed=False)
    good = _url(server, "calendar", "calendar.example", "https")
    assert fetch(good, policy, _local) == CONTENT
    assert _code(_url(server, "calendar", scheme="https"), policy) == "fetch_failed"
    strict = _policy(server, is_http_allowed=False)
    assert _code(good, strict, _local) == "fetch_failed"  # not signed by a public authority


def test_secure_address_does_not_redirect_to_an_open_one(secure):
    server, trusting = secure
    policy = _policy(server, ssl_context=trusting, is_http_allowed=False)
    url = _url(server, "to/http:||calendar.example|secret", "calendar.example", "https")
    assert _code(url, policy, _local) == "fetch_scheme"
