"""Processes under a service manager: whatever ends is restarted."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.timed import tree_mb

PAUSE_SECONDS = 0.3
"""Between the end of a process and its next start."""


class Kept:
    """A program that is started again whenever it ends, until it is stopped.

    Parameters
    ----------
    words
        The command.
    log
        File that its output is added to.
    environment
        All variables it sees.
    user
        Name of the system user it runs as; None for the own one.
    stop_signal
        What asks it to end.
    """

    def __init__(
        self,
        words: Sequence[str],
        log: Path,
        environment: dict[str, str],
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.codes: list[int] = []
        self._words, self._log, self._environment = words, log, environment
        self._user, self._stop_signal = user, stop_signal
        self._stopping, self._wanted = threading.Event(), threading.Event()
        self._wanted.set()
        self._process = self._start()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    @property
    def pid(self) -> int:
        """Its process id now."""
        return self._process.pid

    def kill(self, pid: int | None = None) -> bool:
        """Kill it, or one of its children, at once; return whether there was something to kill."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid or self.pid, signal.SIGKILL)
            return True
        return False

    @contextlib.contextmanager
    def down(self) -> Iterator[None]:
        """Kill it, and start it again only when the context is left."""
        self._wanted.clear()
        self.kill()
        try:
            yield
        finally:
            self._wanted.set()

    def children(self, word: str) -> list[int]:
        """Return the processes below it whose command has a word."""
        return [pid for pid in tree_mb(self.pid) if pid != self.pid and word in _command(pid)]

    def stop(self, seconds: float = 60) -> int:
        """Ask it to end, by force after ``seconds``; return its exit code."""
        self._stopping.set()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, self._stop_signal)
        self._keeper.join(seconds)
        if self._keeper.is_alive():
            self._process.kill()
            self._keeper.join()
        return self.codes[-1]

    def _keep(self) -> None:
        while True:
            self.codes.append(self._process.wait())
            if self._stopping.wait(PAUSE_SECONDS):
                return
            self._wanted.wait()
            self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                self._words, env=self._environment, stdout=log, stderr=log, user=self._user
            )


def free_port() -> int:
    """Return a port of this machine that nobody listens on.

    It lies below those that connections to elsewhere are given, so that none of these takes it
    while a process that listens on it is down.
    """
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as found, contextlib.suppress(OSError):
            found.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""
