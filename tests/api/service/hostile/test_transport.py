"""What only the wire can carry: sizes, slow and broken bodies, clients that leave. A real service."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from api.access.tokens import hash_token, new_token
from models.store.database.store import Store
from models.store.people.tokens import keep_api_token
from models.store.people.users import put_user
from models.store.tables.access_tables import User
from models.store.tables.words import Role
from tests.api.service.running import serving

AREA = "340223"


class Service(NamedTuple):
    """A running service, the API token of its bureau, and where its log is."""

    address: str
    token: str
    log: Path

    @property
    def head(self) -> bytes:
        """The beginning of a request that a body follows."""
        lines = (
            f"POST /api/v1/areas/{AREA}/solves HTTP/1.1",
            "Host: localhost",
            f"Authorization: Bearer {self.token}",
            "Content-Type: application/json",
        )
        return "".join(f"{line}\r\n" for line in lines).encode()

    def open(self) -> socket.socket:
        url = httpx.URL(self.address)
        return socket.create_connection((url.host, url.port), timeout=20)

    def send(self, *parts: bytes) -> int:
        """Send a request as it is and return the status of the answer."""
        with self.open() as connection:
            _push(connection, parts)
            return int(connection.recv(4096).split(b" ", 2)[1])

    def told(self) -> list[dict[str, object]]:
        """Return the log, but for the requests that look whether the service is well."""
        lines = [json.loads(line) for line in self.log.read_text("utf-8").split("\n")[:-1]]
        return [line for line in lines if line.get("route") not in ("/healthz", "/readyz")]

    def is_quiet(self) -> bool:
        """Tell whether nothing that was sent has made the service fail, or say its token."""
        is_failed = any(line["level"] == "ERROR" or "error" in line for line in self.told())
        return not is_failed and self.token not in self.log.read_text("utf-8")


def _push(connection: socket.socket, parts: Iterable[bytes]) -> None:
    for part in parts:
        try:
            connection.sendall(part)
        except OSError:  # it was refused before the end, and the rest is not wanted
            return


@pytest.fixture(scope="module")
def service(unused: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Serve with bodies of at most 1 MB that arrive within two seconds."""
    data, token = tmp_path_factory.mktemp("transport") / "data", new_token()
    shutil.copytree(unused, data)
    with Store.open(data) as store, store.begin() as session:
        put_user(session, User(name="boss", role=Role.BUREAU, area=AREA), by="test")
        keep_api_token(session, "boss", hash_token(token), label="test", by="test")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZHIBAN_BODY_MB", "1")
        patch.setenv("ZHIBAN_BODY_SECONDS", "2")
        with serving(data, workers=0) as address:
            yield Service(address, token, data.parent / "service.log")


CHUNK = b"10000\r\n" + b" " * 0x10000 + b"\r\n"

BODIES: dict[str, tuple[int, tuple[bytes, ...]]] = {
    "announced too large": (413, (b"Content-Length: 99999999999\r\n\r\n{",)),
    "too large in chunks": (413, (b"Transfer-Encoding: chunked\r\n\r\n", *[CHUNK] * 17)),
    "longer than it says": (400, (b"Content-Length: 2\r\n\r\n", b"[]" + b" " * 2_000_000)),
    "length of 5000 digits": (400, (b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n{",)),
    "negative length": (400, (b"Content-Length: -1\r\n\r\n{",)),
    "two lengths": (400, (b"Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}",)),
    "broken chunk": (400, (b"Transfer-Encoding: chunked\r\n\r\n", b"ZZ\r\n")),
    "unknown coding": (400, (b"Transfer-Encoding: gzip\r\n\r\n", b"x")),
    "headers without end": (400, (b"X-A: " + b"a" * 1000 + b"\r\n",) * 200),
    "header with NUL": (400, (b"X-A: a\0b\r\n\r\n",)),
    "header folded": (400, (b"X-A : a\r\n\r\n",)),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_gone_wrong_is_refused(service: Service, name: str) -> None:
    status, parts = BODIES[name]
    assert service.send(service.head, *parts) == status
    assert service.is_quiet()


def test_a_large_body_is_no_large_head(service: Service) -> None:
    """Whole in one reading of the socket, and in many."""
    body = b"[" + b" " * 400_000 + b"]"
    head = b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n"
    assert service.send(service.head, head + body) == 422
    pieces = [body[at : at + 50_000] for at in range(0, len(body), 50_000)]
    assert service.send(service.head, head, *pieces) == 422
    assert service.is_quiet()


ENDLESS = (b"Content-Length: 100\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")


def test_bodies_that_never_end_hold_nobody_up_and_are_refused(service: Service) -> None:
    slow = [service.open() for _ in range(100)]
    for number, connection in enumerate(slow):
        connection.sendall(service.head + ENDLESS[number % 2])
    assert httpx.get(f"{service.address}/readyz", trust_env=False).status_code == 200
    assert {connection.recv(4096).split(b" ", 2)[1] for connection in slow} == {b"408"}
    for connection in slow:
        connection.close()
    assert service.is_quiet()


def test_a_client_that_leaves_is_no_failure_of_the_service(service: Service) -> None:
    with service.open() as connection:
        connection.sendall(service.head + ENDLESS[0])
    left: list[dict[str, object]] = []
    for _ in range(500):
        left = [line for line in service.told() if line.get("status") == 499]
        if left:
            break
        httpx.get(f"{service.address}/healthz", trust_env=False)
    assert {line["level"] for line in left} == {"INFO"}
    assert service.is_quiet()
    numbers = httpx.get(f"{service.address}/metrics", trust_env=False).text
    assert 'status="500"' not in numbers
