"""The service as an operator runs it: a program of its own, asked over HTTP."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.api.commands.command import ROOT

PASSWORD = "seven lamps by the canal"


def command(data: Path, *words: str, said: str = "") -> str:
    """Run a command of the service and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "api.commands.cli", *words, "--data", str(data)],
        input=said,
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def bureau(data: Path, name: str, area: str) -> dict[str, str]:
    """Make the account of a bureau and return the headers of its requests."""
    command(data, "user", "add", name, "--role", "bureau", "--area", area, said=f"{PASSWORD}\n")
    return {"Authorization": f"Bearer {command(data, 'token', 'add', name, '--label', 'test')}"}


def environment() -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
        "ZHIBAN_SECURE_COOKIES": "false",
    }


@contextmanager
def serving(
    data: Path,
    workers: int = 1,
    before: tuple[str, ...] = (),
    ready: str = "/readyz",
    patience: float = 60,
) -> Iterator[str]:
    """Serve a data folder on a free port, once ``ready`` answers.

    ``before`` is a command that runs the service as it is told. It must stop, when asked to,
    within ``patience`` seconds.
    """
    port = free_port()
    words = ("serve", "--data", str(data), "--port", str(port), "--workers", str(workers))
    with (data.parent / "service.log").open("ab") as log:
        server = subprocess.Popen(
            [*before, sys.executable, "-m", "api.commands.cli", *words],
            env=environment(),
            stderr=log,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address + ready, server)
        yield address
        server.send_signal(signal.SIGTERM)
        assert server.wait(patience) == 0
    finally:
        server.kill()
        server.wait()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(question: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, "the service ended"
        try:
            if httpx.get(question, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("the service does not answer")
