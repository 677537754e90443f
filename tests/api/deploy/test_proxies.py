"""The sample files for nginx and Caddy, run by the real programs before a real service."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.api.commands.command import ROOT
from tests.api.jobs.office import wait_until
from tests.api.service.running import bureau, free_port, serving

NAME = "zhiban.example.gov.cn"
DEPLOY = ROOT / "api" / "deploy"
AREA = "410105"


class Proxy(NamedTuple):
    """A proxy that runs: a client that asks it, and the file in which it logs."""

    client: httpx.Client
    log: Path


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a certificate for the name in the samples."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), 1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "fullchain.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder


def nginx(folder: Path, tls: Path, port: int, service: int) -> list[str]:
    sample = (DEPLOY / "nginx.conf").read_text("utf-8")
    for word, here in (
        ("127.0.0.1:8000", f"127.0.0.1:{service}"),
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("/etc/ssl/zhiban", str(tls)),
        ("/var/log/nginx/zhiban.log", str(folder / "access.log")),
        ("/var/log/nginx/zhiban-error.log", str(folder / "error.log")),
    ):
        assert word in sample
        sample = sample.replace(word, here)
    (folder / "zhiban.conf").write_text(sample, "utf-8")
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/start.log; user root;\n"
        f"events {{}} http {{ include {folder}/zhiban.conf; }}",
        "utf-8",
    )
    return ["nginx", "-p", str(folder), "-c", str(whole)]


def caddy(folder: Path, tls: Path, port: int, service: int) -> list[str]:
    sample = (DEPLOY / "Caddyfile").read_text("utf-8")
    site = f"https://{NAME}:{port} {{\n\tbind 127.0.0.1\n\ttls {tls}/fullchain.pem {tls}/key.pem\n"
    for word, here in (
        ("127.0.0.1:8000", f"127.0.0.1:{service}"),
        (f"\n{NAME} {{", f"\n{site}"),
        ("/var/log/caddy/zhiban.log", str(folder / "access.log")),
    ):
        assert word in sample
        sample = sample.replace(word, here)
    options = f"{{\n\tadmin off\n\tauto_https off\n\tstorage file_system {folder}\n}}\n"
    (folder / "Caddyfile").write_text(options + sample, "utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


PROXIES = {"nginx": nginx, "caddy": caddy}


@contextmanager
def proxy(program: str, folder: Path, tls: Path, service: int) -> Iterator[Proxy]:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    port = free_port()
    words = PROXIES[program](folder, tls, port, service)
    running = subprocess.Popen(words, stderr=subprocess.DEVNULL, cwd=folder)
    try:
        with httpx.Client(
            base_url=f"https://127.0.0.1:{port}",
            headers={"Host": f"{NAME}:{port}"},
            verify=False,
            trust_env=False,
            timeout=60,
        ) as client:
            _answers(client, running)
            yield Proxy(client, folder / "access.log")
    finally:
        running.terminate()
        running.wait(30)


def _answers(client: httpx.Client, running: subprocess.Popen[bytes]) -> None:
    client.event_hooks = {"request": [_name]}
    for _ in range(300):
        assert running.poll() is None, "the proxy ended"
        try:
            client.get("/")
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the proxy does not answer")


def _name(request: httpx.Request) -> None:
    request.extensions["sni_hostname"] = NAME


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers that came."""

    def do_GET(self) -> None:
        """Answer every address alike."""
        body = json.dumps({k.lower(): self.headers.get_all(k) for k in self.headers}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("program", PROXIES)
def test_a_proxy_tells_who_asks_and_keeps_secrets(
    program: str, tmp_path: Path, certificate: Path
) -> None:
    echo = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=echo.serve_forever, daemon=True).start()
    try:
        with proxy(program, tmp_path, certificate, echo.server_port) as (client, log):
            claimed = {"X-Forwarded-For": "192.0.2.7", "Forwarded": "for=192.0.2.7"}
            got = client.get("/api/v1/areas", headers=claimed).json()
            assert got["x-forwarded-for"] == ["127.0.0.1"]
            assert got["x-forwarded-proto"] == ["https"]
            assert got["host"][0].partition(":")[0] == NAME
            assert "forwarded" not in got
            assert client.get("/metrics").status_code == 404
            assert client.get("/feeds/zb_secret-of-a-calendar.ics").status_code == 200
            client.get("/the-last")
            wait_until(lambda: log.exists() and "/the-last" in log.read_text("utf-8"))
            assert "secret" not in "".join(
                path.read_text("utf-8") for path in tmp_path.glob("*.log")
            )
    finally:
        echo.shutdown()
        echo.server_close()


@pytest.mark.parametrize("program", PROXIES)
def test_the_service_says_itself_what_is_too_large(
    program: str, served: tuple[str, dict[str, str]], tmp_path: Path, certificate: Path
) -> None:
    address, headers = served
    port = int(address.rsplit(":", 1)[1])
    with proxy(program, tmp_path, certificate, port) as (client, _):
        large = {"file": ("large.xlsx", bytes(33_000_000))}
        said = client.post(f"/api/v1/areas/{AREA}/imports", files=large, headers=headers)
        assert (said.status_code, said.headers["content-type"]) == (413, "application/problem+json")
        some = {"file": ("some.xlsx", bytes(20_000_000))}
        taken = client.post(f"/api/v1/areas/{AREA}/imports", files=some, headers=headers)
        assert taken.status_code == 202
        # the progress arrives through the proxy, to its end
        events = client.get(f"/api/v1/jobs/{taken.json()['id']}/events", headers=headers)
        assert "event: end" in events.text


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    data = tmp_path_factory.mktemp("proxied") / "data"
    headers = bureau(data, "boss", AREA)
    with serving(data) as address:
        yield address, headers
