"""Behind a proxy: who the client is, and which address links name, whatever a request says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from tests.api.service.office import COUNTY, Office, county

OUTSIDE = "203.0.113.7"


@pytest.fixture
def office(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Office]:
    settings = getattr(request, "param", {})
    found = Office(tmp_path / "data", **settings)
    yield found
    found.close()


def asked(
    office: Office, method: str, path: str, peer: str, headers: dict[str, str], **more: Any
) -> httpx.Response:
    """Ask as a peer that forwards what headers say."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(office.app, client=(peer, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path, headers=headers, **more)

    return anyio.run(send)


def failures(office: Office, peer: str, forwarded: str, tries: int = 6) -> list[int]:
    """Guess passwords of ever other names."""
    sent = {"X-Forwarded-For": forwarded}
    guess = [{"name": f"nobody{n}", "password": "x" * 12} for n in range(tries)]
    return [
        asked(office, "POST", "/api/v1/session", peer, sent, json=one).status_code for one in guess
    ]


def test_a_trusted_proxy_tells_who_guesses(office: Office) -> None:
    assert failures(office, "127.0.0.1", OUTSIDE)[-1] == 429
    assert failures(office, "127.0.0.1", "203.0.113.8", tries=1) == [401]


def test_others_cannot_say_that_they_are_somebody_else(office: Office) -> None:
    answers = [failures(office, OUTSIDE, f"198.51.100.{n}", tries=1)[0] for n in range(6)]
    assert answers[-1] == 429


@pytest.mark.parametrize("office", [{"proxies": "10.2.0.0/16"}], indirect=True)
def test_a_network_of_proxies_is_a_setting(office: Office) -> None:
    assert failures(office, "10.2.3.4", OUTSIDE)[-1] == 429
    assert failures(office, "10.2.9.9", "203.0.113.8", tries=1) == [401]
    answers = [failures(office, "127.0.0.1", f"198.51.100.{n}", tries=1)[0] for n in range(6)]
    assert answers[-1] == 429


@pytest.mark.parametrize(
    ("office", "base"),
    [({"address": "https://zhiban.example/office/"}, "zhiban.example/office"), ({}, "127.0.0.1:8000")],
    indirect=["office"],
)  # fmt: skip
def test_links_name_the_address_of_the_service_and_no_other(office: Office, base: str) -> None:
    office.use(county())
    sent = {"Authorization": f"Bearer {office.tokens['boss']}", "Host": "evil.example"}
    sent |= {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    whose = {"kind": "site", "id": "Z000"}
    path = f"/api/v1/areas/{COUNTY}/feeds"
    made = asked(office, "POST", path, "127.0.0.1", sent, json=whose)
    assert made.status_code == 201
    assert "evil" not in made.text
    assert made.json()["webcal"].startswith(f"webcal://{base}/feeds/")


def test_no_redirect_repeats_a_secret_link(office: Office) -> None:
    for path in ("/feeds/abc.ics/", "/api/v1/session/", "/healthz/"):
        answer = asked(office, "GET", path, "127.0.0.1", {"Host": "evil.example"})
        assert (answer.status_code, answer.headers.get("Location")) == (404, None)
