"""An office on a real service: ``zhiban serve`` with a worker, used over HTTP."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from benchmarks.machine import ROOT
from benchmarks.timed import ZHIBAN

BOSS = "boss"
PATIENCE = 600.0
"""Seconds to wait for a job, or for the service."""


class Office:
    """The bureau of an area and its service; leaving the context ends the service.

    Parameters
    ----------
    area
        Code of the bureau's area.
    folder
        An empty folder; the data folder and the log of the service are made there.
    """

    def __init__(self, area: str, folder: Path) -> None:
        self.area, self.data = area, folder / "data"
        self.port = _free_port()
        self._log = folder / "service.log"

    def __enter__(self) -> Self:
        """Serve, and wait until it answers."""
        words = ("user", "add", BOSS, "--role", "bureau", "--area", self.area)
        self._command(*words, said=secrets.token_urlsafe(16) + "\n")
        token = self._command("token", "add", BOSS, "--label", "benchmark")
        with self._log.open("wb") as log:
            words = ("serve", "--data", str(self.data), "--port", str(self.port), "--workers", "1")
            self.server = subprocess.Popen(
                [sys.executable, *ZHIBAN, *words], cwd=ROOT, env=_environment(), stderr=log
            )
        self._http = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
            timeout=PATIENCE,
        )
        self._wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """End the service as an operator does."""
        self._http.close()
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(PATIENCE)

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """Return the service's answer to a request of the bureau.

        Raises
        ------
        RuntimeError
            The service refuses.
        """
        answer = self._http.request(method, f"/api/v1/{path}", **more)
        if answer.is_error:
            raise RuntimeError(f"{method} {path}: {answer.status_code}\n{answer.text}")
        return answer.json()

    def work_with(self, file: Path) -> None:
        """Upload an instance and make it the area's current one."""
        files = {"file": (file.name, file.read_bytes())}
        job = self.finished(self.ask("POST", f"areas/{self.area}/imports", files=files)["id"])
        chosen, first = {"instance": job["instance"]}, {"If-Match": '"0"'}
        self.ask("PUT", f"areas/{self.area}/data", json=chosen, headers=first)

    def solve(self, seconds: float) -> str:
        """Ask for a solve of the current instance and return its job."""
        order = {"seconds": seconds}
        return str(self.ask("POST", f"areas/{self.area}/solves", json=order)["id"])

    def finished(self, job: str) -> dict[str, Any]:
        """Wait for the end of a job and return it."""
        until = time.monotonic() + PATIENCE
        while (found := self.ask("GET", f"jobs/{job}"))["ended"] is None:
            if time.monotonic() > until:
                raise RuntimeError(f"job {job}: {found['state']} after {PATIENCE:g} s")
            time.sleep(0.2)
        return dict(found)

    def until_progress(self, job: str) -> None:
        """Wait until the solver has told of a first step."""
        with self._http.stream("GET", f"/api/v1/jobs/{job}/events") as events:
            next(line for line in events.iter_lines() if line == "event: progress")

    def _command(self, *words: str, said: str = "") -> str:
        done = subprocess.run(
            [sys.executable, *ZHIBAN, *words, "--data", str(self.data)],
            cwd=ROOT,
            env=_environment(),
            input=said,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while self.server.poll() is None and time.monotonic() < until:
            try:
                if self._http.get("/readyz").is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise RuntimeError(f"the service does not answer\n{self._log.read_text(encoding='utf-8')}")


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
